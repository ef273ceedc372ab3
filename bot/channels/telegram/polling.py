"""Long polling that tells Telegram an update arrived only when it is committed."""

from __future__ import annotations

import asyncio
import json
import logging

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.arriving import Arrivals
from bot.channels.telegram.calling import Pace, describe, seconds
from bot.channels.telegram.errors import TokenRefused
from bot.channels.telegram.updates import WANTED
from bot.store.database import FAILURES
from bot.store.roster import BEAT_SECONDS, Roster

log = logging.getLogger(__name__)


class Fetcher:
    """Calls ``getUpdates`` and leaves the updates as they came.

    The library's own method parses all updates of an answer at once, so that a single one that
    it cannot read would take the others with it and come again for ever.
    """

    def __init__(self, bot: Bot, request: BaseRequest) -> None:
        self._url = f"{bot.base_url}/getUpdates"
        self._request = request

    async def fetch(self, offset: int | None, wait: int, limit: int = 100) -> list[object]:
        """Updates from ``offset`` on, after ``wait`` seconds at most; those before it are gone from the server after this call."""
        values: dict[str, object] = {"timeout": wait, "limit": limit, "allowed_updates": json.dumps(WANTED)}
        if offset is not None:
            values["offset"] = offset
        form = RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])
        result: object = await self._request.post(self._url, form, read_timeout=wait + 10)
        return result if isinstance(result, list) else []


class Poller:
    """Fetches updates and commits them. Of several processes only the oldest polls."""

    def __init__(self, fetcher: Fetcher, arrivals: Arrivals, roster: Roster, pace: Pace) -> None:
        self._fetcher = fetcher
        self._arrivals = arrivals
        self._roster = roster
        self._pace = pace
        self._next: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. Raises :class:`TokenRefused`."""
        failures = 0
        while True:
            if not self._roster.leads:
                await asyncio.sleep(BEAT_SECONDS)
                continue
            try:
                updates = await self._fetcher.fetch(self._next, self._pace.poll)
                highest = await self._arrivals.accept(updates)
            except InvalidToken:
                raise TokenRefused from None
            except FAILURES as error:
                failures += 1
                await self._wait(failures, f"keeping updates failed ({type(error).__name__})")
            except Exception as error:  # a server may answer anything
                failures += 1
                hint = f". {_who_else(error)}" if isinstance(error, Conflict) else ""
                told = seconds(error) if isinstance(error, RetryAfter) else None
                await self._wait(failures, f"getting updates failed ({describe(error)}){hint}", told)
            else:
                failures = 0
                if highest is not None:
                    self._next = highest + 1
                elif updates:
                    log.warning("the server sent %d updates without an id", len(updates))
                    await asyncio.sleep(self._pace.wait(1))

    async def confirm(self) -> None:
        """Tell the server how far we are; otherwise the last updates come again after the start, which is harmless."""
        if self._next is None:
            return
        try:
            async with asyncio.timeout(2):
                await self._fetcher.fetch(self._next, 0, 1)
        except Exception as error:  # as above
            log.warning("the last updates were not confirmed: %s", describe(error))

    async def _wait(self, failures: int, what: str, told: float | None = None) -> None:
        wait = self._pace.wait(failures) if told is None else told
        log.warning("%s, next try in %.1f s", what, wait)
        await asyncio.sleep(wait)


def _who_else(conflict: Conflict) -> str:
    """What an operator has to do: the server refuses to give the same bot's updates out in two ways, or to two."""
    if "webhook" in conflict.message.lower():
        return (
            "A webhook is set for this token, so that Telegram delivers there. Stop the copy that runs with BOT_WEBHOOK_URL, or "
            "whatever else set it, and start this one again; it then removes the webhook"
        )
    return "Another process polls with this token. Stop that one, or give one of the two a bot of its own from @BotFather"

"""Long polling that tells Telegram an update is done only when it is."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Coroutine

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.errors import TokenRefused
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.sending import Pace, describe, seconds, trace
from bot.channels.telegram.updates import WANTED, Incoming, Me, translate, update_id
from bot.metrics import Metrics

log = logging.getLogger(__name__)

_REMEMBERED = 10_000
"""Ids of updates kept to notice one that comes twice."""


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
    """Fetches updates and hands them on: in order within a chat, side by side across chats.

    The offset sent to the server is that of the oldest update still in hand. While a chat takes
    its time the others go on: newer updates are fetched together with the unfinished ones.
    """

    def __init__(self, fetcher: Fetcher, handler: Handler, me: Me, metrics: Metrics, pace: Pace) -> None:
        self._fetcher = fetcher
        self._handler = handler
        self._me = me
        self._metrics = metrics
        self._pace = pace
        self._next: int | None = None
        self._unfinished: set[int] = set()
        self._seen: set[int] = set()
        self._order: deque[int] = deque()
        self._lanes: dict[int, deque[tuple[int, Incoming]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._progress = asyncio.Event()

    async def run(self) -> None:
        """Poll until cancelled. Raises :class:`TokenRefused`."""
        failures = 0
        while True:
            try:
                updates = await self._fetcher.fetch(self._offset, 0 if self._unfinished else self._pace.poll)
            except InvalidToken:
                raise TokenRefused from None
            except Exception as error:  # a server may answer anything
                failures += 1
                wait = seconds(error) if isinstance(error, RetryAfter) else self._pace.wait(failures)
                hint = "; another process polls with the same token" if isinstance(error, Conflict) else ""
                log.warning("getting updates failed (%s%s), next try in %.1f s", describe(error), hint, wait)
                await asyncio.sleep(wait)
                continue
            if updates and not self._dispatch(updates):
                log.warning("the server sent %d updates without an id", len(updates))
                await asyncio.sleep(self._pace.wait(1))
            failures = 0
            await self._settle()

    async def finish(self) -> None:
        """Let what is in hand come to its end for a while, and tell the server how far we are."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._pace.drain)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._offset is None:
            return
        try:
            async with asyncio.timeout(2):
                await self._fetcher.fetch(self._offset, 0, 1)
        except Exception as error:  # the updates come again after the start, which is safe
            log.warning("the last updates were not confirmed: %s", describe(error))

    @property
    def _offset(self) -> int | None:
        return min(self._unfinished, default=self._next)

    async def _settle(self) -> None:
        """Wait until everything in hand is done, but no longer than the others can be kept waiting."""
        try:
            async with asyncio.timeout(self._pace.patience):
                while self._unfinished:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError:
            pass

    def _dispatch(self, updates: list[object]) -> bool:
        """Start what is new; false when no update had an id, so that polling on would get the same ones again."""
        numbered = [(number, raw) for raw in updates if (number := update_id(raw)) is not None]
        for number, raw in numbered:
            self._next = max(self._next or 0, number + 1)
            if number in self._seen:
                continue
            self._remember(number)
            translated = translate(raw, self._me)
            self._metrics.updates.labels(translated.kind).inc()
            if translated.kind == "broken":
                log.warning("update %d cannot be read and is left out", number)
            if translated.callback:
                self._start(self._handler.acknowledge(translated.callback))
            if translated.incoming is not None:
                self._unfinished.add(number)
                self._enqueue(number, translated.incoming)
        return bool(numbered)

    def _remember(self, number: int) -> None:
        self._seen.add(number)
        self._order.append(number)
        if len(self._order) > _REMEMBERED:
            self._seen.discard(self._order.popleft())

    def _enqueue(self, number: int, incoming: Incoming) -> None:
        lane = self._lanes.get(incoming.chat_id)
        if lane is not None:
            lane.append((number, incoming))
            return
        lane = self._lanes[incoming.chat_id] = deque([(number, incoming)])
        self._start(self._work(incoming.chat_id, lane))

    async def _work(self, chat_id: int, lane: deque[tuple[int, Incoming]]) -> None:
        """One chat's updates, one after the other."""
        while lane:
            number, incoming = lane.popleft()
            await self._handler.handle(incoming)
            self._unfinished.discard(number)
            self._progress.set()
        del self._lanes[chat_id]

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task failed: %s", trace(error))

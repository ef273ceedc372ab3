"""Delivers updates to a webhook as the real server does."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Callable

import aiohttp

from tests.bot_api.model import Json

FIRST_WAIT = 0.02
LONGEST_WAIT = 0.5
"""Seconds between deliveries of the same update; the real server waits longer."""


class Delivery:
    """One lane per chat, and one per user for presses, which may overtake messages; a lane waits for each 200."""

    def __init__(self, url: str, secret: str, changed: Callable[[], None]) -> None:
        self.url = url
        self.refused = 0
        """Answers other than 2xx, and connections that failed."""
        self._secret = secret
        self._changed = changed
        self._lanes: defaultdict[tuple[str, int], deque[Json]] = defaultdict(deque)
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def waiting(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    def put(self, update: Json) -> None:
        """Deliver an update when its lane is free."""
        key = _lane(update)
        self._lanes[key].append(update)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(key))

    def stop(self) -> list[Json]:
        """Deliver no more; returns what nobody took."""
        for task in self._tasks.values():
            task.cancel()
        if self._session is not None:
            self._closing = asyncio.ensure_future(self._session.close())
        return [update for lane in self._lanes.values() for update in lane]

    async def _run(self, key: tuple[str, int]) -> None:
        lane = self._lanes[key]
        wait = FIRST_WAIT
        while lane:
            if await self._taken(lane[0]):
                lane.popleft()
                wait = FIRST_WAIT
                self._changed()
                continue
            self.refused += 1
            self._changed()
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)
        del self._tasks[key]

    async def _taken(self, update: Json) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=40))
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session.post(self.url, json=update, headers=headers, timeout=aiohttp.ClientTimeout(10)) as answer:
                return answer.ok
        return False


def _lane(update: Json) -> tuple[str, int]:
    query = update.get("callback_query")
    if isinstance(query, dict):
        return "user", int(query.get("from", {}).get("id", 0))
    message = update.get("message") or update.get("edited_message")
    chat = message.get("chat") if isinstance(message, dict) else None
    return "chat", int(chat.get("id", 0)) if isinstance(chat, dict) else 0

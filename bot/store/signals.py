"""Tells workers at once that there is work or a new knowledge base, in this process and, through PostgreSQL, in all others."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Literal, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database

log = logging.getLogger(__name__)

Topic = Literal["inbox", "outbox", "knowledge"]
TOPICS: tuple[Topic, ...] = ("inbox", "outbox", "knowledge")

_CHANNEL = "michishirube_{}"
_GATHER_SECONDS = 0.05
_RETRY_SECONDS = 1.0
_CHECK_SECONDS = 20.0


class _Listener(Protocol):
    """The part of asyncpg's connection that is used here."""

    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None: ...
    async def fetchval(self, query: str) -> Any: ...


class Signals:
    """An event a topic, set when there may be news. On SQLite other processes find it by looking now and then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._next_wake: defaultdict[str, float] = defaultdict(float)
        self._later: set[str] = set()

    def subscribe(self, topic: Topic) -> asyncio.Event:
        """An event that is set from now on whenever there may be news; the subscriber clears it."""
        event = asyncio.Event()
        self._waiting[topic].add(event)
        return event

    async def announce(self, connection: AsyncConnection, topic: Topic) -> None:
        """Part of a transaction: others hear of it when it commits. Call :meth:`wake` after it."""
        if not self._database.is_sqlite:
            await connection.execute(sa.select(sa.func.pg_notify(_CHANNEL.format(topic), "")))

    def wake(self, topic: Topic) -> None:
        """Wake this process."""
        for event in self._waiting[topic]:
            event.set()

    def _hear(self, topic: Topic) -> None:
        """Wake at the first of many announcements and once after them: every look for work costs all processes."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        next_wake = self._next_wake[topic]
        if next_wake <= now:
            self._next_wake[topic] = now + _GATHER_SECONDS
            self.wake(topic)
        elif topic not in self._later:
            self._later.add(topic)
            loop.call_at(next_wake, self._wake_later, topic)

    def _wake_later(self, topic: Topic) -> None:
        self._later.discard(topic)
        self._next_wake[topic] = asyncio.get_running_loop().time() + _GATHER_SECONDS
        self.wake(topic)

    async def listen(self) -> None:
        """Hear what other processes announce, until cancelled. A lost connection is made anew."""
        if self._database.is_sqlite:
            return
        while True:
            try:
                await self._listen()
            except Exception as error:  # the driver's own errors share no base with SQLAlchemy's
                log.warning("listening for work failed (%s), next try in %.0f s", type(error).__name__, _RETRY_SECONDS)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        async with self._database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = cast("_Listener", raw.driver_connection)
            try:
                for topic in TOPICS:
                    await driver.add_listener(_CHANNEL.format(topic), lambda *_, topic=topic: self._hear(topic))
                for topic in TOPICS:
                    self.wake(topic)  # something may have come while nobody listened
                while True:
                    await asyncio.sleep(_CHECK_SECONDS)
                    await driver.fetchval("select 1")
            finally:
                await connection.invalidate()  # a connection that listens must not go back to the pool

"""Knows which processes are alive, so that what a dead one had in hand is taken over."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.store.database import FAILURES, Database, whole
from bot.store.signals import TOPICS, Signals
from bot.store.tables import processes

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 10.0


class Roster:
    """This process's entry among the living, and its view of the others.

    A process is dead when its counter stood still for :data:`DEAD_AFTER_SECONDS` of *our* time, whatever
    either clock says, or at once when it ran on this host and its pid is gone. Claims of processes
    that are not listed count for nothing, so deleting the entry is the takeover.
    """

    def __init__(self, database: Database, signals: Signals, role: str, host: str | None = None, pid: int | None = None) -> None:
        self.id = uuid.uuid4().hex
        self.database = database
        self._signals = signals
        self._role = role
        self._host = (host or _host())[:120]
        self._pid = pid or os.getpid()
        self._seen: dict[str, tuple[int, float]] = {}
        self.alive = 1
        self.leads = False
        """Whether this is the oldest of the living in its role; of those that take updates in, it alone polls."""

    @whole
    async def enter(self) -> None:
        """List this process."""
        values = {"id": self.id, "host": self._host, "pid": self._pid, "role": self._role, "started_at": datetime.now(UTC)}
        async with self.database.writing() as connection:
            await connection.execute(self.database.insert(processes).values(values).on_conflict_do_nothing())
        await self.beat()

    @whole
    async def leave(self) -> None:
        """Take this process off the list; others may have its work at once."""
        async with self.database.writing() as connection:
            await connection.execute(sa.delete(processes).where(processes.c.id == self.id))
            for topic in TOPICS:
                await self._signals.announce(connection, topic)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self.beat()
            except FAILURES as error:
                log.warning("the database does not answer (%s)", type(error).__name__)

    @whole
    async def show(self) -> None:
        """Write that we live, and no more."""
        async with self.database.writing() as connection:
            ours = sa.update(processes).where(processes.c.id == self.id)
            await connection.execute(ours.values(beats=processes.c.beats + 1))

    @whole
    async def beat(self) -> None:
        """Show that we live, and look for those that do not."""
        async with self.database.writing() as connection:
            ours = sa.update(processes).where(processes.c.id == self.id).values(beats=processes.c.beats + 1)
            listed = (await connection.execute(ours)).rowcount == 1
            rows = list(await connection.execute(sa.select(processes).order_by(processes.c.number)))
            dead = [row.id for row in rows if row.id != self.id and self._is_dead(row)]
            if dead:
                await connection.execute(sa.delete(processes).where(processes.c.id.in_(dead)))
        living = [row.id for row in rows if row.id not in dead]
        self.alive = len(living)
        self.leads = next((row.id for row in rows if row.id in living and row.role == self._role), "") == self.id
        self._seen = {id_: seen for id_, seen in self._seen.items() if id_ in living}
        if dead:
            log.warning("%d process(es) died; what they had in hand is taken over", len(dead))
            for topic in TOPICS:
                self._signals.wake(topic)
        if not listed:
            log.warning("this process was taken for dead, perhaps because it was halted for long; it goes on")
            await self.enter()

    def _is_dead(self, row: sa.Row[tuple[object, ...]]) -> bool:
        if row.host == self._host and not _exists(row.pid):
            return True
        now = time.monotonic()
        beats, since = self._seen.get(row.id, (-1, now))
        if beats != row.beats:
            self._seen[row.id] = (row.beats, now)
            return False
        return now - since > DEAD_AFTER_SECONDS


def _host() -> str:
    """Where pids mean the same: containers may share a host's name but have pids of their own."""
    try:
        return f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it exists and is somebody else's
        return True
    return True

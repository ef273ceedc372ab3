"""Updates wait here from before they are acknowledged until what came of them is committed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import steady
from bot.store import gates, turns
from bot.store.claims import Claims, next_due, unclaimed
from bot.store.database import Database, whole
from bot.store.gates import Rate
from bot.store.hearing import Heard, Hearing, sift
from bot.store.signals import Signals
from bot.store.tables import inbox
from bot.talk.turns import Turn

MOST_WAITING = 100
"""Updates of one chat that may wait for its rate; later ones are refused, and the user is told."""

PASSING = "inline:"
"""Keys that begin so stand for somebody who is typing: only the newest update matters, no rate holds, and nothing stays."""

_LONGEST_ERROR = 500
_Row = sa.Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update to be kept: ``context`` is the channel's own note on where and how to answer, ``hearing`` the message it is about."""

    update_id: int
    chat: str
    turn: Turn
    context: str
    hearing: Hearing | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An update in our hands. ``turn`` is still text: one that cannot be read must not stop the others.

    ``attempts`` is how often it failed before. ``suspect`` when a process died that had it in hand:
    it may be what killed it.
    """

    update_id: int
    chat: str
    turn: str
    context: str
    attempts: int
    suspect: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Throttled:
    """A chat that wrote faster than its rate and must be told; ``refused`` counts updates that are not answered."""

    chat: str
    context: str
    refused: int


Tell = Callable[[AsyncConnection, Throttled], Awaitable[None]]
"""Puts a notice into the outbox, as part of the transaction."""


class Inbox:
    """Claims go to one process, the oldest update of a chat first and one a chat at a time."""

    def __init__(self, database: Database, signals: Signals, process: str, rate: Rate) -> None:
        self.database = database
        self._signals = signals
        self._process = process
        self._rate = rate

    @whole
    async def accept(self, arrivals: Sequence[Arrival], now: datetime) -> int:
        """Commit updates; those that are there already are left alone. Returns how many are new."""
        if not arrivals:
            return 0
        rows = [
            {
                "update_id": one.update_id,
                "chat": one.chat,
                "turn": turns.dump(one.turn),
                "context": one.context,
                "state": "waiting",
                "received_at": now,
            }
            for one in arrivals
        ]
        insert = self.database.insert(inbox).values(rows).on_conflict_do_nothing().returning(inbox.c.update_id)
        async with self.database.writing() as connection:
            new = {row.update_id for row in await connection.execute(insert)}
            messages = [
                Heard(one.update_id, one.chat, one.turn, one.hearing)
                for one in arrivals
                if one.update_id in new and one.hearing is not None
            ]
            await sift(self.database, connection, messages, now)
            for one in arrivals:
                if one.chat.startswith(PASSING):
                    await self._supersede(connection, one)
            if new:
                await self._signals.announce(connection, "inbox")
        if new:
            self._signals.wake("inbox")
        return len(new)

    async def _supersede(self, connection: AsyncConnection, newest: Arrival) -> None:
        """What somebody typed before needs no answer any more."""
        earlier = (
            inbox.c.chat == newest.chat,
            inbox.c.update_id < newest.update_id,
            inbox.c.state == "waiting",
            unclaimed(inbox),
        )
        values = {**_EMPTIED, "chat": "", "state": "done", "settled_at": datetime.now(UTC)}
        await connection.execute(sa.update(inbox).where(*earlier).values(values))

    @whole
    async def claim(self, limit: int, tell: Tell) -> Claims[Claimed]:
        """Take updates that nobody has in hand. A chat over its rate waits and is told so, once."""
        other = inbox.alias()
        # Not "no other one exists": without fresh statistics PostgreSQL joins the whole queue with itself for that.
        oldest = sa.select(sa.func.min(other.c.update_id)).where(other.c.chat == inbox.c.chat, other.c.state == "waiting")
        in_flight = sa.select(other.c.chat).where(other.c.state == "waiting", ~unclaimed(other))
        query = (
            sa.select(inbox)
            .where(
                inbox.c.state == "waiting",
                unclaimed(inbox),
                inbox.c.due_at.is_(None) | (inbox.c.due_at <= sa.bindparam("now")),
                inbox.c.update_id == oldest.scalar_subquery(),
                inbox.c.chat.not_in(in_flight),
            )
            .order_by(inbox.c.update_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self.database.writing() as connection:
            now = steady()
            rows = list(await connection.execute(query, {"now": now}))
            taken = await self._within_rate(connection, rows, tell)
            if taken:
                await connection.execute(
                    sa.update(inbox)
                    .where(inbox.c.update_id.in_([row.update_id for row in taken]))
                    .values(claimed_by=self._process, due_at=None)
                )
            wait = 0.0 if len(rows) == limit else await next_due(connection, inbox, now)
        return Claims(tuple(map(_claimed, taken)), wait)

    @whole
    async def begin(self, suspect: Claimed) -> None:
        """Count an attempt before it is made: if the process dies of it, nobody can count it afterwards."""
        async with self.database.writing() as connection:
            await connection.execute(sa.update(inbox).where(*self._ours(suspect)).values(attempts=suspect.attempts + 1))

    async def _within_rate(self, connection: AsyncConnection, rows: Sequence[_Row], tell: Tell) -> list[_Row]:
        if not rows:
            return []
        known = await gates.read(connection, "turns", [row.chat for row in rows])
        now = steady()  # not earlier: others passed while we waited for the gates
        taken = []
        for row in rows:
            if row.chat.startswith(PASSING):
                taken.append(row)
                known.pop(row.chat, None)
                continue
            gate = known[row.chat]
            opens = gate.opens_at(self._rate)
            again = row.attempts > 0 or row.claimed_by is not None
            if again or opens <= now:  # what is tried again has passed already
                taken.append(row)
                known[row.chat] = gate if again else gate.passed(self._rate, now)
                continue
            await connection.execute(sa.update(inbox).where(inbox.c.update_id == row.update_id).values(due_at=opens))
            refused = await self._refuse_excess(connection, row.chat)
            level = 2 if refused else 1
            if gate.told < level:
                await tell(connection, Throttled(row.chat, row.context, refused))
                known[row.chat] = replace(gate, told=level)
        await gates.write(self.database, connection, "turns", known)
        return taken

    async def _refuse_excess(self, connection: AsyncConnection, chat: str) -> int:
        """Set aside what came after so many that wait; returns how many."""
        waiting = sa.select(inbox.c.update_id).where(inbox.c.chat == chat, inbox.c.state == "waiting")
        last = waiting.order_by(inbox.c.update_id).offset(MOST_WAITING)
        excess = [row.update_id for row in await connection.execute(last)]
        if excess:
            values = {**_EMPTIED, "state": "refused", "settled_at": datetime.now(UTC)}
            await connection.execute(sa.update(inbox).where(inbox.c.update_id.in_(excess)).values(values))
        return len(excess)

    async def settle(self, connection: AsyncConnection, claimed: Claimed, error: str = "") -> bool:
        """Part of a transaction: done, or set aside with an error. False when another process took it over."""
        values = {
            **_EMPTIED,
            "state": "failed" if error else "done",
            "settled_at": datetime.now(UTC),
            "error": error[:_LONGEST_ERROR] or None,
        }
        result = await connection.execute(sa.update(inbox).where(*self._ours(claimed)).values(values))
        return result.rowcount == 1

    @whole
    async def release(self, claimed: Claimed, *, delay: float = 0.0, failed: bool = False) -> None:
        """Give an update back: to be tried again after ``delay`` seconds; unless it ``failed`` this was no attempt."""
        values = {
            "claimed_by": None,
            "due_at": steady() + delay if delay else None,
            "attempts": claimed.attempts + failed,
        }
        async with self.database.writing() as connection:
            await connection.execute(sa.update(inbox).where(*self._ours(claimed)).values(values))
            await self._signals.announce(connection, "inbox")
        self._signals.wake("inbox")

    def _ours(self, claimed: Claimed) -> tuple[sa.ColumnElement[bool], ...]:
        return (inbox.c.update_id == claimed.update_id, inbox.c.state == "waiting", inbox.c.claimed_by == self._process)


def _claimed(row: _Row) -> Claimed:
    left = row.claimed_by is not None
    return Claimed(row.update_id, row.chat, row.turn, row.context, row.attempts, left, row.received_at)


_EMPTIED = {"turn": "", "context": "", "claimed_by": None}
"""What a settled update no longer holds."""

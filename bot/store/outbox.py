"""Calls of the Bot API wait here from the transaction that decided on them until they are made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import steady
from bot.store import gates
from bot.store.claims import Claims, next_due, unclaimed
from bot.store.database import Database, whole
from bot.store.gates import EVERYONE, Rate
from bot.store.group import Group
from bot.store.hearing import Answer, note
from bot.store.signals import Signals
from bot.store.tables import attempts, outbox, reminders

A_DAY = 24 * 3600.0
"""Seconds after which an answer is of no use any more."""

_MANY_PAUSED = 3
"""So many chats that the server told to wait at the same time mean that the bot as a whole is too fast."""

Ending = Literal["sent", "dropped", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """A call to be made: a method of the Bot API with its parameters but the chat, or with ``chat`` none.

    Calls with the same ``lane`` keep their order; "" is the chat's own lane. Only that one is paced.
    ``lasts`` is for how many seconds the call is of use.
    """

    chat: str
    method: str
    payload: Mapping[str, Any]
    lane: str = ""
    lasts: float = A_DAY


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in our hands. ``again`` says that an earlier attempt may have arrived."""

    id: int
    chat: str
    method: str
    payload: dict[str, Any] = field(repr=False)
    request: str
    attempts: int
    uncertain: int
    created_at: datetime

    @property
    def again(self) -> bool:
        return self.uncertain > 0


@dataclass(frozen=True, slots=True)
class Settled:
    """How a call came out: ``result`` and ``detail`` of its last attempt, for operators; ``answer`` when it answered a message."""

    id: int
    ending: Ending
    result: str
    detail: str = ""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast may be sent: to all chats together, and to one chat by its key."""

    overall: Rate
    of: Callable[[str], Rate]


class Outbox:
    """Claims go to one process, the oldest call of a lane first, as fast as the rates allow."""

    def __init__(self, database: Database, signals: Signals, process: str, rates: Rates) -> None:
        self.database = database
        self._signals = signals
        self._process = process
        self._rates = rates
        self._settling = Group(self._settle)

    async def drain(self) -> None:
        """Wait for what is under way."""
        await self._settling.finish()

    async def add(
        self, connection: AsyncConnection, messages: Sequence[Message], request: str, *, vanishes: bool = False
    ) -> None:
        """Part of a transaction: these are to be sent. Call ``wake("outbox")`` after it."""
        if not messages:
            return
        now, created = steady(), datetime.now(UTC)
        rows = [
            {
                "chat": one.chat,
                "lane": one.lane or one.chat,
                "method": one.method,
                "payload": json.dumps(one.payload, ensure_ascii=False),
                "request": request,
                "state": "waiting",
                "vanishes": vanishes,
                "expires_at": now + one.lasts,
                "created_at": created,
            }
            for one in messages
        ]
        await connection.execute(sa.insert(outbox), rows)
        await self._signals.announce(connection, "outbox")

    @whole
    async def claim(self, limit: int) -> Claims[Parcel]:
        """Take calls whose turn it is. Those too old to matter are dropped on the way."""
        lane = outbox.alias()
        # Not "no earlier one exists": without fresh statistics PostgreSQL joins the whole queue with itself for that.
        oldest = sa.select(sa.func.min(lane.c.id)).where(lane.c.lane == outbox.c.lane, lane.c.state == "waiting")
        query = (
            sa.select(outbox)
            .where(
                outbox.c.state == "waiting",
                unclaimed(outbox),
                outbox.c.due_at.is_(None) | (outbox.c.due_at <= sa.bindparam("now")),
                outbox.c.id == oldest.scalar_subquery(),
            )
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self.database.writing() as connection:
            now = steady()
            rows = list(await connection.execute(query, {"now": now}))
            late = [row for row in rows if row.expires_at < now]
            await self._end(connection, late, [Settled(row.id, "dropped", "late", "too old to matter") for row in late])
            taken, wait = await self._within_rates(connection, [row for row in rows if row not in late])
            # A row that a dead process had in hand may have been sent by it.
            for left in (False, True):
                ids = [row.id for row in taken if (row.claimed_by is not None) is left]
                if ids:
                    values = {"claimed_by": self._process, "attempts": outbox.c.attempts + 1, "due_at": None}
                    if left:
                        values["uncertain"] = outbox.c.uncertain + 1
                    await connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(values))
            if len(rows) == limit or late:
                wait = 0.0 if wait is None else wait
            else:
                waits = [one for one in (wait, await next_due(connection, outbox, now)) if one is not None]
                wait = min(waits, default=None)
        return Claims(tuple(_parcel(row) for row in taken), wait)

    async def _within_rates(self, connection: AsyncConnection, rows: Sequence[Any]) -> tuple[list[Any], float | None]:
        """The rows that may go now, and how long all others must wait at least when everyone must."""
        paced = [row for row in rows if row.lane == row.chat]
        free = [row for row in rows if row.lane != row.chat]
        if not paced:
            return free, None
        known = await gates.read(connection, "sends", [EVERYONE, *(row.chat for row in paced)])
        now = steady()  # not earlier: others passed while we waited for the gates
        taken = []
        wait = None
        for row in paced:
            everyone, own = known[EVERYONE], known[row.chat]
            rate = self._rates.of(row.chat)
            opens = own.opens_at(rate)
            if opens > now:
                await connection.execute(sa.update(outbox).where(outbox.c.id == row.id).values(due_at=opens))
                continue
            if (opens := everyone.opens_at(self._rates.overall)) > now:
                wait = opens - now
                break
            known[EVERYONE], known[row.chat] = everyone.passed(self._rates.overall, now), own.passed(rate, now)
            taken.append(row)
        if taken:
            await gates.write(self.database, connection, "sends", known)
        return [*free, *taken], wait

    async def settle(self, parcel: Parcel, ending: Ending, result: str, detail: str = "", answer: Answer | None = None) -> None:
        """A call came to its end; the next of its lane may go, unless another process took it over and is at it."""
        await self._settling.add(Settled(parcel.id, ending, result, detail, answer))

    async def _settle(self, settled: Sequence[Settled]) -> None:
        """One transaction for all that came to their end meanwhile."""
        ids = [one.id for one in settled]
        async with self.database.writing() as connection:
            # A row may be gone: its chat asked to be forgotten meanwhile.
            rows = list(await connection.execute(sa.select(outbox).where(outbox.c.id.in_(ids)).with_for_update()))
            ours = [row for row in rows if row.state == "waiting" and row.claimed_by == self._process]
            taken_over = {row.id for row in rows} - {row.id for row in ours}
            await self._note(connection, [one for one in settled if one.id in taken_over])
            stays = {row.id for row in ours if not row.vanishes}
            sent = [one.answer for one in settled if one.answer is not None and one.id in stays]
            await note(self.database, connection, sent, datetime.now(UTC))
            await self._end(connection, ours, settled)
        self._signals.wake("outbox")

    @whole
    async def retry(self, parcel: Parcel, delay: float, result: str, detail: str = "", *, uncertain: bool = False) -> None:
        """A call is to be made again after ``delay`` seconds; ``uncertain`` when it may have arrived."""
        async with self.database.writing() as connection:
            await self._note_attempt(connection, parcel, result, detail)
            await connection.execute(
                sa.update(outbox)
                .where(*self._ours(parcel))
                .values(claimed_by=None, due_at=steady() + delay, uncertain=outbox.c.uncertain + (1 if uncertain else 0))
            )
        self._signals.wake("outbox")

    @whole
    async def release(self, parcel: Parcel) -> None:
        """A call that surely was not made goes back as it was."""
        async with self.database.writing() as connection:
            values = {"claimed_by": None, "attempts": outbox.c.attempts - 1}
            await connection.execute(sa.update(outbox).where(*self._ours(parcel)).values(values))
            await self._signals.announce(connection, "outbox")
        self._signals.wake("outbox")

    @whole
    async def pause(self, parcel: Parcel, seconds: float) -> None:
        """The server wants us to wait: this chat does, and all do when several were told so."""
        until = steady() + seconds
        async with self.database.writing() as connection:
            await self._note_attempt(connection, parcel, "limited", f"{seconds:g} s")
            known = await gates.read(connection, "sends", [EVERYONE, parcel.chat])
            changed = {parcel.chat: known[parcel.chat].paused(until)}
            if await gates.paused(connection, "sends", steady(), besides=parcel.chat) >= _MANY_PAUSED - 1:
                changed[EVERYONE] = known[EVERYONE].paused(until)
            await gates.write(self.database, connection, "sends", changed)
            values = {"claimed_by": None, "due_at": until, "attempts": outbox.c.attempts - 1}
            await connection.execute(sa.update(outbox).where(*self._ours(parcel)).values(values))
        self._signals.wake("outbox")

    @whole
    async def close(self, parcel: Parcel, detail: str) -> None:
        """The chat takes nothing from us: its calls and reminders are dropped."""
        async with self.database.writing() as connection:
            waiting = sa.select(outbox).where(outbox.c.chat == parcel.chat, outbox.c.state == "waiting")
            rows = list(await connection.execute(waiting))
            await self._end(connection, rows, [Settled(row.id, "dropped", "blocked", detail) for row in rows])
            unsent = (reminders.c.chat == parcel.chat, reminders.c.sent_at.is_(None))
            await connection.execute(sa.delete(reminders).where(*unsent))
        self._signals.wake("outbox")

    async def _note_attempt(self, connection: AsyncConnection, parcel: Parcel, result: str, detail: str) -> None:
        there = sa.select(outbox.c.id).where(outbox.c.id == parcel.id)
        if (await connection.execute(there)).first() is not None:
            await self._note(connection, [Settled(parcel.id, "failed", result, detail)])

    async def _note(self, connection: AsyncConnection, settled: Sequence[Settled]) -> None:
        now = datetime.now(UTC)
        rows = [{"outbox_id": one.id, "at": now, "result": one.result, "detail": one.detail[:200]} for one in settled]
        if rows:
            await connection.execute(sa.insert(attempts), rows)

    async def _end(self, connection: AsyncConnection, rows: Sequence[Any], settled: Sequence[Settled]) -> None:
        """End ``rows`` as ``settled`` says of them."""
        ids = {row.id for row in rows}
        settled = [one for one in settled if one.id in ids]
        await self._note(connection, settled)
        for ending in {one.ending for one in settled}:
            values = {"state": ending, "payload": "", "claimed_by": None, "settled_at": datetime.now(UTC)}
            ended = [one.id for one in settled if one.ending == ending]
            await connection.execute(sa.update(outbox).where(outbox.c.id.in_(ended)).values(values))
        for row in rows:
            if row.vanishes:
                await connection.execute(sa.delete(outbox).where(outbox.c.id == row.id))
                await gates.drop(connection, row.chat)

    def _ours(self, parcel: Parcel) -> tuple[sa.ColumnElement[bool], ...]:
        """Only while it is ours: another process may have taken it over."""
        return (outbox.c.id == parcel.id, outbox.c.state == "waiting", outbox.c.claimed_by == self._process)


def _parcel(row: Any) -> Parcel:
    left = row.claimed_by is not None
    return Parcel(
        row.id,
        row.chat,
        row.method,
        json.loads(row.payload),
        row.request,
        row.attempts + 1,
        row.uncertain + left,
        row.created_at,
    )

"""Rate limits: the generic cell rate algorithm, pure, and the table that all processes share it through.

A gate keeps one number, the theoretical arrival time (tat): when the next event would come if all came
at the steady rate. An event may pass while that lies at most ``burst - 1`` intervals ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.tables import gates

Kind = Literal["sends", "turns"]
EVERYONE = ""
"""The gate of all chats together."""

SKEW = 60.0
"""Seconds by which the clocks of machines that share a database may differ."""

LONGEST_PAUSE = 3600.0
"""Seconds that a gate is paused for at most; who wants us to wait for longer says so again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` events at once, then one every ``interval`` seconds."""

    interval: float
    burst: int

    @classmethod
    def per_minute(cls, count: float, burst: int) -> Rate:
        return cls(60 / count, burst)


@dataclass(frozen=True, slots=True)
class Gate:
    """The state of one limit, in seconds of the steady clock. ``told`` is how far its chat was told of it."""

    tat: float = 0.0
    paused_until: float = 0.0
    told: int = 0

    def believed(self, rate: Rate, now: float) -> Gate:
        """Without what only a clock that was ahead can have written.

        >>> Gate(tat=90_000.0, paused_until=90_000.0).believed(Rate(1.0, burst=3), now=100.0)
        Gate(tat=0.0, paused_until=0.0, told=0)
        """
        furthest = now + rate.burst * rate.interval + SKEW
        paused = self.paused_until if self.paused_until <= now + LONGEST_PAUSE + SKEW else 0.0
        return replace(self, tat=self.tat if self.tat <= furthest else 0.0, paused_until=paused)

    def opens_at(self, rate: Rate) -> float:
        """When the next event may pass; in the past when it may pass now."""
        return max(self.paused_until, self.tat - (rate.burst - 1) * rate.interval)

    def passed(self, rate: Rate, now: float) -> Gate:
        """After an event passed at ``now``. A quiet gate forgets that its chat was told.

        >>> gate = Gate()
        >>> for _ in range(3):
        ...     gate = gate.passed(Rate(1.0, burst=3), now=100.0)
        >>> gate.opens_at(Rate(1.0, burst=3))
        101.0
        """
        quiet = self.tat <= now
        return replace(self, tat=max(self.tat, now) + rate.interval, told=0 if quiet else self.told)

    def paused(self, until: float) -> Gate:
        return replace(self, paused_until=max(self.paused_until, until))


async def read(connection: AsyncConnection, kind: Kind, chats: Iterable[str]) -> dict[str, Gate]:
    """The gates of these chats, locked for the rest of the transaction; a chat without one gets a fresh one."""
    wanted = sorted(set(chats))
    found = dict.fromkeys(wanted, Gate())
    query = sa.select(gates).where(gates.c.kind == kind, gates.c.chat.in_(wanted)).order_by(gates.c.chat).with_for_update()
    for row in await connection.execute(query):
        found[row.chat] = Gate(row.tat, row.paused_until, row.told)
    return found


async def write(database: Database, connection: AsyncConnection, kind: Kind, changed: Mapping[str, Gate]) -> None:
    """Keep gates."""
    if not changed:
        return
    rows = [
        {"chat": chat, "kind": kind, "tat": gate.tat, "paused_until": gate.paused_until, "told": gate.told}
        for chat, gate in sorted(changed.items())
    ]
    insert = database.insert(gates)
    new = insert.excluded
    upsert = insert.on_conflict_do_update(
        index_elements=["chat", "kind"], set_={"tat": new.tat, "paused_until": new.paused_until, "told": new.told}
    )
    await connection.execute(upsert, rows)


async def paused(connection: AsyncConnection, kind: Kind, now: float, *, besides: str) -> int:
    """How many chats wait because the server said so, without one of them and without the gate of everyone."""
    pausing = gates.c.paused_until.between(now, now + LONGEST_PAUSE + SKEW)
    query = sa.select(sa.func.count()).where(gates.c.kind == kind, pausing)
    count: int = (await connection.execute(query.where(gates.c.chat.not_in([besides, EVERYONE])))).scalar_one()
    return count


async def drop(connection: AsyncConnection, chat: str) -> None:
    """Forget the gates of a chat."""
    await connection.execute(sa.delete(gates).where(gates.c.chat == chat))

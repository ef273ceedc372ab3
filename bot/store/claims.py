"""What the inbox and the outbox share: rows are claimed by one living process at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import processes

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Claims(Generic[Item]):
    """What was claimed, and in how many seconds something that waits for its time can be (``None``: nothing waits)."""

    items: tuple[Item, ...]
    wait: float | None


def unclaimed(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Rows that no living process has in hand."""
    return table.c.claimed_by.is_(None) | table.c.claimed_by.not_in(sa.select(processes.c.id))


def is_due(table: sa.FromClause, longest: float) -> sa.ColumnElement[bool]:
    """Rows whose time has come at the bound parameter ``now``, in seconds of the steady clock.

    Nothing waits for more than ``longest`` seconds: what seems to was put off by a clock that was ahead.
    """
    now = sa.bindparam("now", type_=sa.Double)
    return table.c.due_at.is_(None) | (table.c.due_at <= now) | (table.c.due_at > now + longest)


async def next_due(connection: AsyncConnection, table: sa.Table, now: float, longest: float) -> float | None:
    """Seconds until the next waiting row's time comes, ``None`` when none waits for a time."""
    waiting = (table.c.state == "waiting", unclaimed(table), table.c.due_at > now, table.c.due_at <= now + longest)
    query = sa.select(sa.func.min(table.c.due_at)).where(*waiting)
    due: float | None = (await connection.execute(query)).scalar_one()
    return None if due is None else max(0.0, due - now)

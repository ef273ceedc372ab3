"""How much waits in the queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import inbox, outbox


@dataclass(frozen=True, slots=True)
class Depths:
    """Rows that wait in each queue, when the oldest came (``None``: nothing waits), and updates that were set aside."""

    inbox: int
    outbox: int
    oldest_in: datetime | None
    oldest_out: datetime | None
    set_aside: int


async def measure(connection: AsyncConnection) -> Depths:
    """Count what waits."""
    came = sa.select(sa.func.count(), sa.func.min(inbox.c.received_at)).where(inbox.c.state == "waiting")
    made = sa.select(sa.func.count(), sa.func.min(outbox.c.created_at)).where(outbox.c.state == "waiting")
    failed = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "failed")
    incoming = (await connection.execute(came)).one()
    outgoing = (await connection.execute(made)).one()
    return Depths(incoming[0], outgoing[0], incoming[1], outgoing[1], (await connection.execute(failed)).scalar_one())

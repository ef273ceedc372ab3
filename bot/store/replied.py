"""What turns were answered that may come again, because their answer got lost on the way. All are parts of a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import replied
from bot.talk.replies import Reply

KEPT = timedelta(days=1)
"""Who has not asked again by then has given up, or starts anew."""

_REPLIES = TypeAdapter(tuple[Reply, ...])


async def find(connection: AsyncConnection, chat: str, turn: str) -> tuple[Reply, ...] | None:
    """What a turn was answered, ``None`` for one that is new."""
    query = sa.select(replied.c.replies).where(replied.c.chat == chat, replied.c.turn == turn)
    found = (await connection.execute(query)).scalar_one_or_none()
    return _REPLIES.validate_json(found) if found is not None else None


async def keep(connection: AsyncConnection, chat: str, turn: str, replies: Sequence[Reply], now: datetime) -> None:
    """Keep an answer. Raises :class:`sqlalchemy.exc.IntegrityError` when the turn has one."""
    values = {"chat": chat, "turn": turn, "replies": _REPLIES.dump_json(tuple(replies)).decode(), "at": now}
    await connection.execute(sa.insert(replied).values(values))


async def retire(connection: AsyncConnection, now: datetime) -> None:
    """Delete what nobody asks for again."""
    await connection.execute(sa.delete(replied).where(replied.c.at < now - KEPT))

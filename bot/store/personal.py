"""What is known of one chat: handed over, and deleted. Both are parts of a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations, inbox, metadata, reminders

_BY_CHAT = tuple(table for table in metadata.sorted_tables if "chat" in table.c)
_INTERNAL = {"id", "revision", "claimed_by", "expires_at", "tat", "paused_until", "told", "digest", "proof"}


async def export(connection: AsyncConnection, chat: str) -> dict[str, object]:
    """Everything kept about a chat, table by table, as JSON can hold it."""
    kept: dict[str, object] = {}
    for table in _BY_CHAT:
        rows = await connection.execute(sa.select(table).where(table.c.chat == chat))
        kept[table.name] = [_plain(table, {str(name): value for name, value in row.items()}) for row in rows.mappings()]
    return kept


async def forget(connection: AsyncConnection, chat: str, after: int | None = None) -> None:
    """Delete every row of a chat; updates that came later than ``after`` still wait for their answer and stay."""
    for table in _BY_CHAT:
        rows = sa.delete(table).where(table.c.chat == chat)
        if table is inbox and after is not None:
            rows = rows.where((inbox.c.update_id <= after) | (inbox.c.state != "waiting"))
        await connection.execute(rows)


def _plain(table: sa.Table, row: Mapping[str, object]) -> dict[str, object]:
    """A row for its owner: times as text, the conversation as an object, nothing that only serves the queues."""
    return {
        name: json.loads(str(value))
        if table is conversations and name == "state"
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
        if name not in _INTERNAL and not (name == "due_at" and table is not reminders)
    }

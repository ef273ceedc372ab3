"""What is known of one chat: handed over, deleted, and taken along when the chat moves. All are parts of a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.handovers import lane as handovers_lane
from bot.store.tables import answers, conversations, heard, inbox, metadata, outbox, postings, reminders

_BY_CHAT = tuple(table for table in metadata.sorted_tables if "chat" in table.c)
_INTERNAL = {
    "id",
    "revision",
    "handover",
    "rank",
    "claimed_by",
    "expires_at",
    "tat",
    "paused_until",
    "told",
    "digest",
    "proof",
    "key",
    "page",
}


async def export(connection: AsyncConnection, chat: str) -> dict[str, object]:
    """Everything kept about a chat, table by table, as JSON can hold it."""
    kept: dict[str, object] = {}
    for table in _BY_CHAT:
        rows = await connection.execute(sa.select(table).where(_is_of(table, chat)))
        kept[table.name] = [_plain(table, {str(name): value for name, value in row.items()}) for row in rows.mappings()]
    return kept


async def forget(connection: AsyncConnection, chat: str, after: int | None = None) -> None:
    """Delete every row of a chat, and what of it waits to be sent to the desk.

    Updates that came later than ``after`` still wait for their answer and stay.
    """
    for table in _BY_CHAT:
        rows = sa.delete(table).where(_is_of(table, chat))
        if table is inbox and after is not None:
            rows = rows.where((inbox.c.update_id <= after) | (inbox.c.state != "waiting"))
        await connection.execute(rows)


async def move(connection: AsyncConnection, old: str, new: str) -> None:
    """A chat became another one: every row goes with it. Where the new one has a row of its own already, that one stands."""
    if old == new:  # told a second time, by the other chat
        return
    for table in _BY_CHAT:
        theirs = table.c.chat == old
        if table in (heard, answers):  # messages have other numbers there
            await connection.execute(sa.delete(table).where(theirs))
            continue
        await _rename(connection, table.c.chat, old, new)
    await _rename(connection, postings.c.desk, old, new)
    for lane in (str, handovers_lane):
        await connection.execute(sa.update(outbox).where(outbox.c.lane == lane(old)).values(lane=lane(new)))


async def _rename(connection: AsyncConnection, column: sa.Column[str], old: str, new: str) -> None:
    """Rows of the old chat are the new one's, but for those whose place is taken there."""
    table, theirs = column.table, column == old
    if column.primary_key:
        other = table.alias()
        same = [other.c[key.name] == key for key in table.primary_key.columns if key.name != column.name]
        there = sa.select(sa.literal(1)).select_from(other).where(other.c[column.name] == new, *same)
        await connection.execute(sa.delete(table).where(theirs, there.correlate(table).exists()))
    await connection.execute(sa.update(table).where(theirs).values({column.name: new}))


def _is_of(table: sa.Table, chat: str) -> sa.ColumnElement[bool]:
    """Rows about a chat. What is sent to the desk is about whoever asked, and belongs to their question."""
    mine = table.c.chat == chat
    return mine & outbox.c.handover.is_(None) if table is outbox else mine


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

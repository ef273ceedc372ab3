"""What is known of one chat: handed over, deleted, and given up after a time. All are parts of a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import steady
from bot.store import logins, replied
from bot.store.tables import (
    answers,
    conversations,
    gates,
    handovers,
    heard,
    inbox,
    metadata,
    news,
    outbox,
    questions,
    reminders,
    unanswered,
)

KEPT_SETTLED = timedelta(days=3)
"""How long settled rows of the queues stay: Telegram delivers an update again for a day at most."""

KEPT_FAILED = timedelta(days=30)
"""How long updates that were set aside stay, for the staff to see."""

_BY_CHAT = tuple(table for table in metadata.sorted_tables if "chat" in table.c)
_INTERNAL = {"id", "revision", "claimed_by", "expires_at", "tat", "paused_until", "told", "digest", "proof", "key", "page"}


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


async def move(connection: AsyncConnection, old: str, new: str) -> None:
    """A chat became another one: every row goes with it. Where the new one has a row of its own already, that one stands."""
    if old == new:  # told a second time, by the other chat
        return
    for table in _BY_CHAT:
        theirs = table.c.chat == old
        if table in (heard, answers):  # messages have other numbers there
            await connection.execute(sa.delete(table).where(theirs))
            continue
        if "chat" in table.primary_key.columns:
            there = sa.select(sa.literal(1)).select_from(other := table.alias()).where(other.c.chat == new)
            for column in table.primary_key.columns:
                if column.name != "chat":
                    there = there.where(other.c[column.name] == column)
            await connection.execute(sa.delete(table).where(theirs, there.correlate(table).exists()))
        if table is outbox:
            await connection.execute(sa.update(table).where(theirs, table.c.lane == old).values(lane=new))
        await connection.execute(sa.update(table).where(theirs).values(chat=new))


async def retire(connection: AsyncConnection, before: datetime, now: datetime) -> int:
    """Delete what nobody used since ``before`` and what is long settled; returns how many conversations went."""
    for asked in (unanswered, questions, handovers):
        await connection.execute(sa.delete(asked).where(asked.c.asked_at < before))
    await connection.execute(sa.delete(reminders).where(reminders.c.due_at < before))
    await connection.execute(sa.delete(news).where(news.c.left_at < before))
    await connection.execute(sa.delete(heard).where(heard.c.heard_at < now - KEPT_SETTLED))
    await connection.execute(sa.delete(answers).where(answers.c.sent_at < now - KEPT_SETTLED))
    for table in (inbox, outbox):
        settled = sa.delete(table).where(table.c.state != "waiting")
        await connection.execute(settled.where(table.c.state != "failed", table.c.settled_at < now - KEPT_SETTLED))
        await connection.execute(settled.where(table.c.settled_at < now - KEPT_FAILED))
    await connection.execute(sa.delete(gates).where(gates.c.tat < steady() - 3600, gates.c.paused_until < steady()))
    await logins.retire(connection, now)
    await replied.retire(connection, now)
    waiting = sa.select(reminders.c.chat).where(reminders.c.sent_at.is_(None))
    idle = sa.delete(conversations).where(conversations.c.updated_at < before, conversations.c.chat.not_in(waiting))
    return (await connection.execute(idle)).rowcount


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

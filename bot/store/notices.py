"""What chats are told without having asked just now: reminders, answers found later, nobody answered, news for staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import handovers, talks
from bot.store.database import Database, whole
from bot.store.outbox import Message, Outbox
from bot.store.signals import Signals
from bot.store.tables import audit, conversations, news, outbox, reminders, unanswered
from bot.store.tables import handovers as handovers_table
from bot.talk.replies import Reply

_ENTRY_COMES = timedelta(hours=1)
"""An entry that answers a question, but that nobody knows, is waited for so long."""


PICKS_UP = "web:"
"""Nothing can be sent to these chats: they ask for their news."""

Compose = Callable[[str, Reply], Sequence[Message]]
"""Writes a reply as messages to a chat."""

_REPLY = TypeAdapter(Reply)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry answers now what a chat once asked in vain."""

    chat: str
    question: str
    entry: str


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder whose time has come."""

    id: int
    chat: str
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """A reply that waits to be asked for; numbers go up."""

    id: int
    reply: Reply


class Notices:
    """Puts them into the outbox, each of them once, whichever of several processes is first."""

    def __init__(self, database: Database, signals: Signals, outbox: Outbox) -> None:
        self.database = database
        self.signals = signals
        self.outbox = outbox

    @whole
    async def post_reminders(self, channel: str, write: Callable[[Due], Sequence[Message]], now: datetime) -> int:
        """Put due reminders of a channel's chats (``telegram:``) into the outbox, each of them once."""
        async with self.database.writing() as connection:
            due = await take_due(connection, reminders.c.chat.startswith(channel), now)
            for one in due:
                await self.outbox.add(connection, write(one), f"reminder-{one.id}")
        if due:
            self.signals.wake("outbox")
        return len(due)

    @whole
    async def post_overdue(self, before: datetime, reply: Reply, compose: Compose | None, now: datetime) -> int:
        """Tell those whom no person answered since ``before``, each of them once; returns how many."""
        async with self.database.writing() as connection:
            late = await handovers.take_overdue(connection, _reached(handovers_table, compose), before, now)
            for one in late:
                await self.tell(connection, one.chat, reply, f"handover-{one.id}", compose, now)
        if late:
            self.signals.wake("outbox")
        return len(late)

    @whole
    async def post_answered(self, write: Callable[[Found], Reply | None], compose: Compose | None, now: datetime) -> int:
        """Tell askers that their open question has an answer now, each of them once; returns how many.

        Those who do not want to hear of it are left alone. While ``write`` has nothing to say of an entry, which may not
        be loaded here yet, its askers wait.
        """
        query = (
            sa.select(unanswered, conversations.c.state.label("talk"))
            .join(conversations, conversations.c.chat == unanswered.c.chat)
            .where(unanswered.c.state == "answered", unanswered.c.entry != "", _reached(unanswered, compose))
            .order_by(unanswered.c.id)
            .limit(100)
            .with_for_update(of=unanswered, skip_locked=True)
        )
        async with self.database.writing() as connection:
            rows = list(await connection.execute(query))
            wanted = [row for row in rows if (talk := talks.load(row.talk)) is None or not talk.quiet]
            replies = {row.id: write(Found(row.chat, row.question, row.entry)) for row in wanted}
            told = [(row, reply) for row in wanted if (reply := replies[row.id]) is not None]
            for row, reply in told:
                await self.tell(connection, row.chat, reply, f"found-{row.id}", compose, now)
            waiting = {row.id for row in wanted if replies[row.id] is None and row.settled_at > datetime.now(UTC) - _ENTRY_COMES}
            if done := [row.id for row in rows if row.id not in waiting]:
                await connection.execute(sa.update(unanswered).where(unanswered.c.id.in_(done)).values(state="told"))
        if told:
            self.signals.wake("outbox")
        return len(told)

    async def tell(
        self, connection: AsyncConnection, chat: str, reply: Reply, request: str, compose: Compose | None, now: datetime
    ) -> None:
        """Part of a transaction: send a reply, or leave it where it is asked for."""
        if compose is None or chat.startswith(PICKS_UP):
            values = {"chat": chat, "reply": _REPLY.dump_json(reply).decode(), "left_at": now}
            await connection.execute(sa.insert(news).values(values))
        else:
            await self.outbox.add(connection, compose(chat, reply), request)

    @whole
    async def news(self, chat: str, after: int) -> list[News]:
        """What was left for a chat; what came up to number ``after`` has arrived and is deleted."""
        query = sa.select(news).where(news.c.chat == chat, news.c.id > after).order_by(news.c.id).limit(20)
        async with self.database.reading() as connection:
            arrived = sa.select(news.c.id).where(news.c.chat == chat, news.c.id <= after).limit(1)
            settled = (await connection.execute(arrived)).first() is None
            found = [News(row.id, _REPLY.validate_json(row.reply)) for row in await connection.execute(query)]
        if not settled:
            async with self.database.writing() as connection:
                await connection.execute(sa.delete(news).where(news.c.chat == chat, news.c.id <= after))
        return found

    @whole
    async def post_news(self, topic: str, state: str, chat: str, messages: Sequence[Message], *, corrects: bool = False) -> None:
        """Tell ``chat`` how a topic stands, unless that was the last that any process told it (in the last days).

        News that only ``corrects`` what was told is none to a chat that was told nothing.
        """
        request = f"{topic}-{state}"
        last = (
            sa.select(outbox.c.request)
            .where(outbox.c.chat == chat, outbox.c.request.startswith(f"{topic}-"))
            .order_by(outbox.c.id.desc())
            .limit(1)
        )
        async with self.database.writing() as connection:
            await self.database.exclude(connection, f"news-{chat}")
            told = (await connection.execute(last)).scalar_one_or_none()
            if told != request and not (corrects and told is None):
                await self.outbox.add(connection, messages, request)
        self.signals.wake("outbox")

    @whole
    async def posted(self, topic: str, state: str) -> bool:
        """Whether :meth:`post_once` has told this already."""
        async with self.database.reading() as connection:
            return (await connection.execute(_noted(topic, state))).first() is not None

    @whole
    async def post_once(self, topic: str, state: str, messages: Sequence[Message], now: datetime) -> bool:
        """Tell something once and for all; returns whether nobody had. The staff's log remembers it."""
        async with self.database.writing() as connection:
            await self.database.exclude(connection, f"once-{topic}")
            if (await connection.execute(_noted(topic, state))).first() is not None:
                return False
            await connection.execute(sa.insert(audit).values(at=now, who="bot", action=topic, subject=state, detail=""))
            await self.outbox.add(connection, messages, f"{topic}-{state}")
        self.signals.wake("outbox")
        return True


def _noted(topic: str, state: str) -> sa.Select[tuple[int]]:
    return sa.select(audit.c.id).where(audit.c.who == "bot", audit.c.action == topic, audit.c.subject == state).limit(1)


def _reached(table: sa.Table, compose: Compose | None) -> sa.ColumnElement[bool]:
    """Chats that can be told something: without a channel to send on, those that ask for their news."""
    return table.c.chat.startswith(PICKS_UP) if compose is None else sa.true()


async def take_due(connection: AsyncConnection, whose: sa.ColumnElement[bool], now: datetime) -> list[Due]:
    """Due reminders, oldest first, noted as sent; those that another transaction holds are left to it."""
    query = (
        sa.select(reminders.c.id, reminders.c.chat, reminders.c.text)
        .where(whose, reminders.c.sent_at.is_(None), reminders.c.due_at <= now)
        .order_by(reminders.c.due_at, reminders.c.id)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    due = [Due(row.id, row.chat, row.text) for row in await connection.execute(query)]
    if due:
        sent = sa.update(reminders).where(reminders.c.id.in_([one.id for one in due])).values(sent_at=datetime.now(UTC))
        await connection.execute(sent)
    return due

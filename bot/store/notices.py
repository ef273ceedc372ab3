"""What chats are told without having asked just now: reminders, answers found later, nobody answered, news for staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import handovers, talks
from bot.store.database import Database, whole
from bot.store.outbox import Message, Outbox
from bot.store.signals import Signals
from bot.store.tables import audit, conversations, outbox, reminders, unanswered

_ENTRY_COMES = timedelta(hours=1)
"""An entry that answers a question, but that nobody knows, is waited for so long."""


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
    async def post_overdue(self, before: datetime, write: Callable[[str], Sequence[Message]], now: datetime) -> int:
        """Tell those whom no person answered since ``before``, each of them once; returns how many."""
        async with self.database.writing() as connection:
            late = await handovers.take_overdue(connection, before, now)
            for one in late:
                await self.outbox.add(connection, write(one.chat), f"handover-{one.id}")
        if late:
            self.signals.wake("outbox")
        return len(late)

    @whole
    async def post_answered(self, channel: str, write: Callable[[Found], Sequence[Message]]) -> int:
        """Tell askers of a channel that their open question has an answer now, each of them once; returns how many.

        Those who do not want to hear of it are left alone. While ``write`` has nothing to say of an entry, which may not
        be loaded here yet, they are told later.
        """
        query = (
            sa.select(unanswered, conversations.c.state.label("talk"))
            .join(conversations, conversations.c.chat == unanswered.c.chat)
            .where(unanswered.c.state == "answered", unanswered.c.entry != "", unanswered.c.chat.startswith(channel))
            .order_by(unanswered.c.id)
            .limit(100)
            .with_for_update(of=unanswered, skip_locked=True)
        )
        async with self.database.writing() as connection:
            rows = list(await connection.execute(query))
            wanted = [row for row in rows if (talk := talks.load(row.talk)) is None or not talk.quiet]
            written = {row.id: write(Found(row.chat, row.question, row.entry)) for row in wanted}
            for number, messages in written.items():
                await self.outbox.add(connection, messages, f"found-{number}")
            given_up = datetime.now(UTC) - _ENTRY_COMES
            done = [row.id for row in rows if written.get(row.id, True) or row.settled_at < given_up]
            if done:
                await connection.execute(sa.update(unanswered).where(unanswered.c.id.in_(done)).values(state="told"))
        told = sum(map(bool, written.values()))
        if told:
            self.signals.wake("outbox")
        return told

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

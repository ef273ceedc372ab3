"""The repository: conversations, and the transactions that keep what a turn leads to. Each method is one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import handovers, personal, replied, talks
from bot.store.database import Database, whole
from bot.store.depths import Depths, measure
from bot.store.gates import Rate
from bot.store.hearing import Hearings
from bot.store.inbox import Claimed, Inbox
from bot.store.logins import Logins
from bot.store.members import Members
from bot.store.notices import Compose, Notices, take_due
from bot.store.outbox import Message, Outbox, Parcel, Rates
from bot.store.roster import Roster
from bot.store.scrub import scrub
from bot.store.signals import Signals, Topic
from bot.store.staffing import Staffing, note
from bot.store.tables import conversations, inbox, questions, reminders, unanswered
from bot.talk.conversation import Conversation
from bot.talk.replies import Reply, say
from bot.talk.taken import HandOver, Step

log = logging.getLogger(__name__)

MOST_OPEN_QUESTIONS = 50
"""Questions of one chat that are kept for the staff; the oldest go first."""

TURNS = Rate.per_minute(30, burst=20)
"""How fast one chat may write."""

NO_LIMITS = Rates(Rate(0.0, 1), lambda _: Rate(0.0, 1))


ToDesk = Callable[[int, HandOver], Sequence[Message]]
"""Writes a question that is handed over, with its number, for the staff."""


class Overtaken(Exception):  # noqa: N818  # named for what happened
    """Somebody else changed the conversation, or took the update over, in the meantime; nothing was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it is stored; ``revision`` is 0 for one that is not stored yet."""

    conversation: Conversation = field(default_factory=Conversation)
    revision: int = 0


class Store:
    """Conversations by chat key (``telegram:123``, ``web:<session>``), and the queues beside them."""

    def __init__(self, database: Database, role: str, rates: Rates, turns: Rate) -> None:
        self.database = database
        self.signals = Signals(database)
        self.roster = Roster(database, self.signals, role)
        self.inbox = Inbox(database, self.signals, self.roster.id, turns)
        self.outbox = Outbox(database, self.signals, self.roster.id, rates)
        self.hearings = Hearings(database)
        self.notices = Notices(database, self.signals, self.outbox)
        self.staffing = Staffing(database)
        self.members = Members(database)
        self.logins = Logins(database)

    @classmethod
    async def open(cls, url: str, role: str = "run", rates: Rates = NO_LIMITS, turns: Rate = TURNS) -> Store:
        """Open the database at ``url`` and list this process. Raises :class:`bot.store.database.StoreError`."""
        store = cls(await Database.open(url), role, rates, turns)
        await store.roster.enter()
        return store

    async def close(self) -> None:
        await self.outbox.drain()
        await self.database.close()

    @whole
    async def conversation(self, chat: str) -> Kept:
        """The conversation of a chat; a new one when there is none, or when it can no longer be read."""
        query = sa.select(conversations.c.state, conversations.c.revision).where(conversations.c.chat == chat)
        async with self.database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return Kept()
        conversation = talks.load(row.state)
        if conversation is None:
            log.warning("a stored conversation has an unknown form and starts anew")
            return Kept(revision=row.revision)
        return Kept(conversation, row.revision)

    @whole
    async def finish(
        self,
        claimed: Claimed,
        kept: Kept,
        taken: Step,
        messages: Sequence[Message],
        now: datetime,
        to_desk: ToDesk | None = None,
    ) -> None:
        """The update is done: the conversation and what is to be sent are kept with it. Raises :class:`Overtaken`.

        A question that is handed over goes out as ``to_desk`` writes it.
        """
        async with self.database.writing() as connection:
            await self._settle(connection, claimed)
            await self._keep(connection, claimed.chat, kept, taken, now)
            await self._hand_over(connection, claimed.chat, taken, now, to_desk)
            await self.outbox.add(connection, messages, request_of(claimed))
        self.signals.wake("outbox")

    @whole
    async def finish_unchanged(self, claimed: Claimed, messages: Sequence[Message]) -> None:
        """The update is done and changed nothing. Raises :class:`Overtaken`."""
        async with self.database.writing() as connection:
            await self._settle(connection, claimed)
            await self.outbox.add(connection, messages, request_of(claimed))
        self.signals.wake("outbox")

    @whole
    async def finish_desk_reply(
        self,
        claimed: Claimed,
        number: int,
        *,
        closing: bool,
        who: str,
        reply: Reply,
        compose: Compose,
        confirm: Callable[[bool], Sequence[Message]],
        now: datetime,
    ) -> None:
        """``who`` of the staff answered question ``number`` with ``reply``, or closed it; ``confirm`` tells them whether it is known.

        Raises :class:`Overtaken`.
        """
        async with self.database.writing() as connection:
            await self._settle(connection, claimed)
            chat = await handovers.settle(connection, number, "closed" if closing else "answered", now)
            if chat is not None:
                await self._answer(connection, number, chat, None if closing else reply, who, request_of(claimed), compose, now)
            await self.outbox.add(connection, confirm(chat is not None), request_of(claimed))
        self.signals.wake("outbox")

    @whole
    async def answer_handover(
        self,
        number: int,
        seen: str,
        reply: Reply | None,
        who: str,
        compose: Compose | None,
        messages: Sequence[Message],
        now: datetime,
    ) -> bool:
        """``who`` of the staff answered question ``number`` with ``reply``, or closed it with ``None``; ``messages`` tell others of it.

        Returns whether it was still in the state in which it was ``seen``; otherwise nothing is done.
        """
        async with self.database.writing() as connection:
            chat = await handovers.settle(connection, number, "closed" if reply is None else "answered", now, seen)
            if chat is not None:
                await self._answer(connection, number, chat, reply, who, f"handover-{number}", compose, now)
                await self.outbox.add(connection, messages, f"handover-{number}")
        self.signals.wake("outbox")
        return chat is not None

    @whole
    async def finish_forgotten(self, claimed: Claimed, messages: Sequence[Message]) -> None:
        """The update asked to forget its chat: nothing of it stays, its last answer not longer than until it is sent."""
        async with self.database.writing() as connection:
            await self._settle(connection, claimed)
            await connection.execute(sa.update(inbox).where(inbox.c.update_id == claimed.update_id).values(chat=""))
            await personal.forget(connection, claimed.chat, after=claimed.update_id)
            await self.outbox.add(connection, messages, request_of(claimed), vanishes=True)
        self.signals.wake("outbox")

    @whole
    async def finish_passing(self, claimed: Claimed, messages: Sequence[Message]) -> None:
        """The update is done and nothing tells whose it was once it is answered. Raises :class:`Overtaken`."""
        async with self.database.writing() as connection:
            await self._settle(connection, claimed)
            await connection.execute(sa.update(inbox).where(inbox.c.update_id == claimed.update_id).values(chat=""))
            await self.outbox.add(connection, messages, request_of(claimed), vanishes=True)
        self.signals.wake("outbox")

    @whole
    async def set_aside(self, claimed: Claimed, error: str, messages: Sequence[Message]) -> None:
        """The update cannot be handled: kept as failed, without its text. Raises :class:`Overtaken`."""
        async with self.database.writing() as connection:
            await self._settle(connection, claimed, error)
            await self.outbox.add(connection, messages, request_of(claimed))
        self.signals.wake("outbox")

    @whole
    async def save(
        self, chat: str, kept: Kept, taken: Step, now: datetime, to_desk: ToDesk | None = None, name: str = ""
    ) -> tuple[Reply, ...]:
        """Keep what came of a turn that is answered at once; returns the answer, with reminders that are due before it.

        A question that is handed over goes out as ``to_desk`` writes it. A turn with a ``name`` gets the same answer when it comes
        again, from :meth:`replied`. Raises :class:`Overtaken`.
        """
        async with self.database.writing() as connection:
            await self._keep(connection, chat, kept, taken, now)
            await self._hand_over(connection, chat, taken, now, to_desk)
            due = await take_due(connection, reminders.c.chat == chat, now)
            replies = (*(say(one.text) for one in due), *taken.replies)
            if name:
                try:
                    await replied.keep(connection, chat, name, replies, now)
                except IntegrityError:
                    raise Overtaken from None
        if taken.handover is not None:
            self.signals.wake("outbox")
        return replies

    @whole
    async def replied(self, chat: str, name: str) -> tuple[Reply, ...] | None:
        """What the turn with this name was answered, ``None`` when it is new."""
        async with self.database.reading() as connection:
            return await replied.find(connection, chat, name)

    @whole
    async def announce(self, topic: Topic) -> None:
        """Tell the other processes that there is something new."""
        async with self.database.writing() as connection:
            await self.signals.announce(connection, topic)

    @whole
    async def move(self, parcel: Parcel, new: str) -> None:
        """A group became another chat: all that is kept of it and waits for it goes along, and the parcel is sent there."""
        async with self.database.writing() as connection:
            await personal.move(connection, parcel.chat, new)
        await self.outbox.release(parcel)

    @whole
    async def finish_moved(self, claimed: Claimed, new: str) -> None:
        """The update told that its chat is another one from now on. Raises :class:`Overtaken`."""
        async with self.database.writing() as connection:
            await self._settle(connection, claimed)
            await personal.move(connection, claimed.chat, new)
            await self.signals.announce(connection, "inbox")
        self.signals.wake("inbox")
        self.signals.wake("outbox")

    @whole
    async def export(self, chat: str) -> dict[str, object]:
        """Everything kept about a chat, table by table, as JSON can hold it."""
        async with self.database.reading() as connection:
            return await personal.export(connection, chat)

    @whole
    async def forget(self, chat: str) -> None:
        """Delete everything about a chat."""
        async with self.database.writing() as connection:
            await personal.forget(connection, chat)

    @whole
    async def depths(self) -> Depths:
        """How much waits in the queues."""
        async with self.database.reading() as connection:
            return await measure(connection)

    @whole
    async def retire(self, before: datetime, now: datetime) -> int:
        """Delete what no turn has touched since ``before``, and what the queues need no more; returns how many chats went."""
        async with self.database.writing() as connection:
            return await personal.retire(connection, before, now)

    async def _hand_over(
        self, connection: AsyncConnection, chat: str, taken: Step, now: datetime, to_desk: ToDesk | None
    ) -> None:
        if taken.handover is not None and to_desk is not None:
            number = await handovers.ask(connection, chat, taken.handover.question, now)
            await self.outbox.add(connection, to_desk(number, taken.handover), f"handover-{number}")

    async def _answer(
        self,
        connection: AsyncConnection,
        number: int,
        chat: str,
        reply: Reply | None,
        who: str,
        request: str,
        compose: Compose | None,
        now: datetime,
    ) -> None:
        await note(connection, who, "handover closed" if reply is None else "handover answered", str(number))
        if reply is not None:
            await self.notices.tell(connection, chat, reply, request, compose, now)

    async def _settle(self, connection: AsyncConnection, claimed: Claimed, error: str = "") -> None:
        if not await self.inbox.settle(connection, claimed, error):
            raise Overtaken

    async def _keep(self, connection: AsyncConnection, chat: str, kept: Kept, taken: Step, now: datetime) -> None:
        values = {
            "state": talks.dump(taken.conversation),
            "updated_at": now,
            "revision": kept.revision + 1,
        }
        if kept.revision:
            same = (conversations.c.chat == chat, conversations.c.revision == kept.revision)
            if (await connection.execute(sa.update(conversations).where(*same).values(values))).rowcount == 0:
                raise Overtaken
        else:
            try:
                await connection.execute(sa.insert(conversations).values(chat=chat, **values))
            except IntegrityError:
                raise Overtaken from None
        if taken.reminders or taken.drops_reminders:
            await connection.execute(sa.delete(reminders).where(reminders.c.chat == chat, reminders.c.sent_at.is_(None)))
        if taken.reminders:
            rows = [{"chat": chat, "due_at": one.due, "text": one.text} for one in taken.reminders]
            await connection.execute(sa.insert(reminders), rows)
        await _keep_questions(connection, chat, taken, now)


def request_of(claimed: Claimed) -> str:
    """The name of the update in logs and attempts."""
    return f"u{claimed.update_id}"


async def _keep_questions(connection: AsyncConnection, chat: str, taken: Step, now: datetime) -> None:
    """Count what was asked and how it was rated; keep the words of what was left open."""
    ward = taken.conversation.municipality
    asked = [
        {
            "chat": chat,
            "asked_at": now,
            "kind": one.kind,
            "entry": one.entries[0].id if one.kind == "answer" and one.entries else "",
            "ward": ward,
        }
        for one in taken.events
    ]
    if asked:
        await connection.execute(sa.insert(questions), asked)
    left = [(one.question, str(one.kind), "") for one in taken.events if one.question and one.kind in ("unknown", "choices")]
    if (rated := taken.rated) is not None:
        last = sa.select(sa.func.max(questions.c.id)).where(questions.c.chat == chat, questions.c.entry == rated.entry)
        await connection.execute(sa.update(questions).where(questions.c.id == last.scalar_subquery()).values(rating=rated.rating))
        if rated.question and rated.rating != "good":
            left.append((rated.question, rated.rating, rated.entry))
    if left:
        rows = [
            {"chat": chat, "question": scrub(text), "kind": kind, "asked_at": now, "entry": entry} for text, kind, entry in left
        ]
        await connection.execute(sa.insert(unanswered), rows)
        await _drop_oldest_questions(connection, chat)


async def _drop_oldest_questions(connection: AsyncConnection, chat: str) -> None:
    newest = sa.select(unanswered.c.id).where(unanswered.c.chat == chat).order_by(unanswered.c.id.desc())
    surplus = [row.id for row in await connection.execute(newest.offset(MOST_OPEN_QUESTIONS).limit(MOST_OPEN_QUESTIONS))]
    if surplus:
        await connection.execute(sa.delete(unanswered).where(unanswered.c.id.in_(surplus)))

"""What staff read and settle: questions asked, open questions, and the log of what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, whole
from bot.store.tables import audit, handovers, questions, unanswered

Settling = Literal["answered", "dismissed"]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that was not answered well; ``text`` is scrubbed."""

    id: int
    chat: str
    text: str
    kind: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked, without its words. ``entry`` is "" where none answered, ``ward`` where it is not known."""

    asked_at: datetime
    kind: str
    entry: str
    ward: str
    rating: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A question that a user asked a person. ``state`` is open, answered or closed."""

    id: int
    chat: str
    question: str
    state: str
    asked_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that staff did; numbers go up."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: str
    id: int = 0


class Staffing:
    """The staff's view of the database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @whole
    async def open_questions(self, limit: int) -> list[OpenQuestion]:
        """Questions that nobody has settled, newest first."""
        query = sa.select(unanswered).where(unanswered.c.state == "open").order_by(unanswered.c.id.desc()).limit(limit)
        async with self.database.reading() as connection:
            return [
                OpenQuestion(row.id, row.chat, row.question, row.kind, row.asked_at) for row in await connection.execute(query)
            ]

    @whole
    async def settle_questions(self, ids: Sequence[int], state: Settling, who: str, entry: str = "") -> int:
        """Settle open questions: an ``entry`` answers them now, or they are none of ours. Returns how many were open."""
        values = {"state": state, "entry": entry, "settled_at": datetime.now(UTC)}
        settle = sa.update(unanswered).where(unanswered.c.id.in_(ids), unanswered.c.state == "open").values(values)
        async with self.database.writing() as connection:
            count = (await connection.execute(settle)).rowcount
            await note(connection, who, f"question {state}", entry, f"{count}")
        return count

    @whole
    async def waiting(self) -> int:
        """How many questions to a person wait for an answer."""
        query = sa.select(sa.func.count()).select_from(handovers).where(handovers.c.state == "open")
        async with self.database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    @whole
    async def handovers(self, state: str, limit: int) -> list[Handed]:
        """Questions to a person in a state: those that wait, longest first; others with the newest first."""
        order = handovers.c.id if state == "open" else handovers.c.id.desc()
        query = sa.select(handovers).where(handovers.c.state == state).order_by(order).limit(limit)
        async with self.database.reading() as connection:
            return [
                Handed(row.id, row.chat, row.question, row.state, row.asked_at, row.settled_at)
                for row in await connection.execute(query)
            ]

    @whole
    async def asked(self, since: datetime) -> list[Asked]:
        """Questions asked since a time, oldest first."""
        query = sa.select(questions).where(questions.c.asked_at >= since).order_by(questions.c.id)
        async with self.database.reading() as connection:
            return [Asked(row.asked_at, row.kind, row.entry, row.ward, row.rating) for row in await connection.execute(query)]

    @whole
    async def most_asked(self, since: datetime, limit: int) -> list[str]:
        """Ids of the entries that answered most often since a time."""
        count = sa.func.count()
        query = (
            sa.select(questions.c.entry)
            .where(questions.c.asked_at >= since, questions.c.entry != "")
            .group_by(questions.c.entry)
            .order_by(count.desc(), questions.c.entry)
            .limit(limit)
        )
        async with self.database.reading() as connection:
            return [row.entry for row in await connection.execute(query)]

    @whole
    async def note(self, who: str, action: str, subject: str, detail: str = "") -> None:
        """Log what somebody did."""
        async with self.database.writing() as connection:
            await note(connection, who, action, subject, detail)

    @whole
    async def deeds(self, limit: int = 200, before: int | None = None, who: str = "", action: str = "") -> list[Deed]:
        """The log, newest first: of one person or of one kind where they are given; ``before`` is the id to go on from."""
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        if who:
            query = query.where(audit.c.who == who)
        if action:
            query = query.where(audit.c.action == action)
        async with self.database.reading() as connection:
            return [Deed(row.at, row.who, row.action, row.subject, row.detail, row.id) for row in await connection.execute(query)]

    @whole
    async def deed_names(self) -> tuple[list[str], list[str]]:
        """Who stands in the log, and which actions."""
        async with self.database.reading() as connection:
            people = await connection.execute(sa.select(audit.c.who).distinct().order_by(audit.c.who))
            actions = await connection.execute(sa.select(audit.c.action).distinct().order_by(audit.c.action))
            return list(people.scalars()), list(actions.scalars())


async def note(connection: AsyncConnection, who: str, action: str, subject: str, detail: str = "") -> None:
    """Part of a transaction: log what somebody did."""
    values = {"at": datetime.now(UTC), "who": who[:80], "action": action[:40], "subject": subject[:160], "detail": detail[:4000]}
    await connection.execute(sa.insert(audit).values(values))

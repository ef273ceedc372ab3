"""Questions that users asked a person: open, answered, closed. All are parts of a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import handovers, outbox, postings


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has waited too long."""

    id: int
    chat: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions a chat put to a person: those that wait for an answer, and all since a time."""

    waiting: int
    lately: int


def lane(chat: str) -> str:
    """Questions of one chat go to the desk one after the other, beside those of others."""
    return f"desk:{chat}"


async def asked(connection: AsyncConnection, chat: str, since: datetime) -> Asked:
    """What a chat has asked so far."""
    lately = sa.func.count(sa.case((handovers.c.asked_at >= since, 1)))
    waiting = sa.func.count(sa.case((handovers.c.state == "open", 1)))
    row = (await connection.execute(sa.select(waiting, lately).where(handovers.c.chat == chat))).one()
    return Asked(*row)


async def posted(connection: AsyncConnection, desk: str, message_id: int) -> int | None:
    """The question that a message brought to the desk."""
    query = sa.select(postings.c.handover).where(postings.c.desk == desk, postings.c.message_id == message_id)
    return (await connection.execute(query)).scalar_one_or_none()


async def is_posting(connection: AsyncConnection, desk: str) -> bool:
    """Whether a question is on its way to the desk, so that its message may be there before it is noted here."""
    under_way = (
        outbox.c.chat == desk,
        outbox.c.handover.is_not(None),
        outbox.c.state == "waiting",
        outbox.c.claimed_by.is_not(None),
    )
    return (await connection.execute(sa.select(outbox.c.id).where(*under_way).limit(1))).first() is not None


async def ask(connection: AsyncConnection, chat: str, question: str, now: datetime) -> int:
    """Keep a question; returns its number."""
    values = {"chat": chat, "question": question, "state": "open", "asked_at": now}
    number: int = (await connection.execute(sa.insert(handovers).values(values).returning(handovers.c.id))).scalar_one()
    return number


async def settle(connection: AsyncConnection, number: int, state: str, now: datetime, seen: str = "") -> str | None:
    """Note an answer or the end; returns the chat that asked, ``None`` when there is no such question or it is closed.

    ``seen`` is the state in which it was looked at: with one, a question in another state by now is not touched.
    """
    row = (handovers.c.id == number, handovers.c.state == seen if seen else handovers.c.state != "closed")
    update = sa.update(handovers).where(*row).values(state=state, settled_at=now).returning(handovers.c.chat)
    chat: str | None = (await connection.execute(update)).scalar_one_or_none()
    return chat


async def take_overdue(
    connection: AsyncConnection, whose: sa.ColumnElement[bool], before: datetime, now: datetime
) -> list[Waiting]:
    """Users who asked before a time, have no answer and were not told so yet; they count as told from now on."""
    late = (whose, handovers.c.state == "open", handovers.c.warned_at.is_(None), handovers.c.asked_at < before)
    update = sa.update(handovers).where(*late).values(warned_at=now).returning(handovers.c.id, handovers.c.chat)
    return [Waiting(row.id, row.chat) for row in await connection.execute(update)]

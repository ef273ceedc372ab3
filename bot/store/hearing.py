"""Tells a new message from one that only came again, and remembers where each is answered, so that an edit corrects its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import steady
from bot.store import turns
from bot.store.claims import unclaimed
from bot.store.database import Database, whole
from bot.store.tables import answers, heard, inbox
from bot.talk.turns import Forwarded, Repeated, Said, Turn

ALBUM_SECONDS = 0.7
"""How long the first of an album waits for the others, which come as updates of their own."""

DOUBLE_TAP = timedelta(seconds=5)
"""The same button of a message that has not changed, pressed again within this time, was meant once."""

Kind = Literal["message", "album", "edit", "reaction", "press"]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What an update is about: ``key`` names the message within its chat, ``digest`` stands for what it says.

    A ``reaction`` is an edit that does not say when it was made: Telegram sends one for a reaction or a link preview too.
    """

    key: str
    kind: Kind
    digest: str


@dataclass(frozen=True, slots=True)
class Heard:
    """An update that was just put into the inbox, with its turn."""

    update_id: int
    chat: str
    turn: Turn
    hearing: Hearing


@dataclass(frozen=True, slots=True)
class Answer:
    """A message of the bot: page ``page`` of the answer to the message ``key``."""

    chat: str
    key: str
    page: int
    message_id: int


class Hearings:
    """Where messages are answered."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @whole
    async def answers(self, chat: str, key: str, first: int) -> tuple[Answer, ...]:
        """The pages of an answer from number ``first`` on, in order."""
        pages = sa.select(answers).where(*_of(answers, chat, key), answers.c.page >= first).order_by(answers.c.page)
        async with self.database.reading() as connection:
            return tuple(Answer(row.chat, row.key, row.page, row.message_id) for row in await connection.execute(pages))

    @whole
    async def drop(self, chat: str, key: str, first: int) -> None:
        """The pages from number ``first`` on are no more."""
        async with self.database.writing() as connection:
            await connection.execute(sa.delete(answers).where(*_of(answers, chat, key), answers.c.page >= first))


async def note(database: Database, connection: AsyncConnection, sent: Sequence[Answer], now: datetime) -> None:
    """Part of a transaction: these were sent."""
    if not sent:
        return
    rows = [
        {"chat": one.chat, "key": one.key, "page": one.page, "message_id": one.message_id, "sent_at": now}
        for one in {(one.chat, one.key, one.page): one for one in sent}.values()
    ]
    insert = database.insert(answers).values(rows)
    new = insert.excluded
    same = {"message_id": new.message_id, "sent_at": new.sent_at}
    await connection.execute(insert.on_conflict_do_update(index_elements=["chat", "key", "page"], set_=same))


async def sift(database: Database, connection: AsyncConnection, arrived: Sequence[Heard], now: datetime) -> None:
    """Part of the transaction that keeps updates: those that say nothing new are settled, albums come together."""
    if not arrived:
        return
    rows = [_row(one, now) for one in arrived]
    insert = database.insert(heard).values(rows).on_conflict_do_nothing().returning(heard.c.update_id)
    new = {row.update_id for row in await connection.execute(insert)}
    for one in arrived:
        if one.update_id not in new:
            await _again(connection, one, now)
        elif one.hearing.kind == "reaction":  # to a message that we have forgotten
            await _settle(connection, one, now)
        elif one.hearing.kind == "album":
            waits = sa.update(inbox).where(inbox.c.update_id == one.update_id).values(due_at=steady() + ALBUM_SECONDS)
            await connection.execute(waits)


async def _again(connection: AsyncConnection, one: Heard, now: datetime) -> None:
    """Something came of this message, or of this message's buttons, before."""
    before = (await connection.execute(sa.select(heard).where(*_of(heard, one.chat, one.hearing.key)))).one_or_none()
    if before is None:  # forgotten in this very moment
        return
    same = before.digest == one.hearing.digest
    match one.hearing.kind:
        case "edit" | "reaction" if same:
            await _settle(connection, one, now)
            return
        case "album" if await _joined(connection, one, before.update_id):
            await _settle(connection, one, now)
            return
        case "press" if same and abs(now - before.heard_at) < DOUBLE_TAP:
            tap = sa.update(inbox).where(inbox.c.update_id == one.update_id).values(turn=turns.dump(Repeated()))
            await connection.execute(tap)
            return
    await connection.execute(sa.update(heard).where(*_of(heard, one.chat, one.hearing.key)).values(_row(one, now)))


async def _joined(connection: AsyncConnection, one: Heard, first: int) -> bool:
    """Whether one more of an album needs no answer of its own: it has no words, or they join those that still wait."""
    if not isinstance(one.turn, Said | Forwarded):
        return True
    waiting = (inbox.c.update_id == first, inbox.c.state == "waiting", unclaimed(inbox))
    row = (await connection.execute(sa.select(inbox.c.turn).where(*waiting).with_for_update())).one_or_none()
    if row is None:
        return False
    earlier = turns.load(row.turn)
    text = f"{earlier.text}\n{one.turn.text}" if isinstance(earlier, Said | Forwarded) else one.turn.text
    joined = turns.dump(type(one.turn)(text))
    await connection.execute(sa.update(inbox).where(inbox.c.update_id == first).values(turn=joined))
    kept = {"digest": one.hearing.digest}
    await connection.execute(sa.update(heard).where(*_of(heard, one.chat, one.hearing.key)).values(kept))
    return True


async def _settle(connection: AsyncConnection, one: Heard, now: datetime) -> None:
    values = {"turn": "", "context": "", "state": "done", "settled_at": now}
    await connection.execute(sa.update(inbox).where(inbox.c.update_id == one.update_id).values(values))


def _row(one: Heard, now: datetime) -> dict[str, object]:
    hearing = one.hearing
    return {"chat": one.chat, "key": hearing.key, "digest": hearing.digest, "update_id": one.update_id, "heard_at": now}


def _of(table: sa.Table, chat: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.chat == chat, table.c.key == key

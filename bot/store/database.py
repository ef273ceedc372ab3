"""The repository over one database; every method is one transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.advisor.conversation import Conversation
from bot.advisor.taken import Step
from bot.store.scrub import scrub
from bot.store.tables import conversations, metadata, reminders, unanswered

log = logging.getLogger(__name__)
_STATE = TypeAdapter(Conversation)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder whose time has come."""

    id: int
    chat: str
    text: str


class StoreError(Exception):
    """The database cannot be opened; the message says what to do."""


class Store:
    """Conversations by chat key (``telegram:123``, ``web:<session>``) and questions left open."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database at ``url`` and make what is missing. Raises :class:`StoreError`."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StoreError("BOT_DATABASE_URL is no database URL, e.g. sqlite+aiosqlite:///data/michishirube.db") from None
        if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
            try:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"Cannot make the folder of {parsed.database} ({error.strerror}). "
                    "Set BOT_DATABASE_URL to a place that can be written."
                ) from None
        engine = create_async_engine(parsed)
        if parsed.get_backend_name() == "sqlite":
            sa.event.listen(engine.sync_engine, "connect", _pragmas)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
        except (SQLAlchemyError, OSError) as error:
            await engine.dispose()
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise StoreError(
                f"Cannot open the database {parsed.render_as_string()} ({reason}). "
                "Check BOT_DATABASE_URL and that its folder can be written."
            ) from None
        return cls(engine)

    async def close(self) -> None:
        await self._engine.dispose()

    async def ping(self) -> None:
        """Raise when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(sa.text("select 1"))

    async def conversation(self, chat: str) -> Conversation:
        """The conversation of a chat; a new one when there is none, or when it can no longer be read."""
        async with self._engine.connect() as connection:
            query = sa.select(conversations.c.state).where(conversations.c.chat == chat)
            state = (await connection.execute(query)).scalar_one_or_none()
        if state is None:
            return Conversation()
        try:
            return _STATE.validate_json(state)
        except ValidationError:
            log.warning("a stored conversation has an unknown form and starts anew")
            return Conversation()

    async def save(self, chat: str, taken: Step, now: datetime) -> None:
        """Keep what came of a turn: the conversation, the questions left open, reminders asked for or taken back."""
        values = {"chat": chat, "state": _STATE.dump_json(taken.conversation).decode(), "updated_at": now}
        async with self._engine.begin() as connection:
            updated = await connection.execute(sa.update(conversations).where(conversations.c.chat == chat).values(values))
            if updated.rowcount == 0:
                await connection.execute(sa.insert(conversations).values(values))
            if taken.reminders or taken.drops_reminders:
                await connection.execute(sa.delete(reminders).where(reminders.c.chat == chat, reminders.c.sent_at.is_(None)))
            for reminder in taken.reminders:
                due = {"chat": chat, "due_at": reminder.due.astimezone(UTC), "text": reminder.text}
                await connection.execute(sa.insert(reminders).values(due))
            for event in taken.events:
                if event.question and event.kind in ("unknown", "choices"):
                    row = {"chat": chat, "question": scrub(event.question), "kind": event.kind, "asked_at": now}
                    await connection.execute(sa.insert(unanswered).values(row))

    async def due(self, now: datetime, channel: str) -> list[Due]:
        """Reminders of a channel's chats (``telegram:``) that are due and not sent yet, oldest first."""
        query = (
            sa.select(reminders.c.id, reminders.c.chat, reminders.c.text)
            .where(reminders.c.sent_at.is_(None), reminders.c.due_at <= now.astimezone(UTC), reminders.c.chat.startswith(channel))
            .order_by(reminders.c.due_at, reminders.c.id)
            .limit(100)
        )
        async with self._engine.connect() as connection:
            return [Due(row.id, row.chat, row.text) for row in await connection.execute(query)]

    async def sent(self, reminder: Due, now: datetime) -> None:
        """Note that a reminder is out, so that it never comes again."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.update(reminders).where(reminders.c.id == reminder.id).values(sent_at=now))

    async def export(self, chat: str) -> dict[str, object]:
        """Everything kept about a chat, table by table, as JSON can hold it."""
        async with self._engine.connect() as connection:
            kept: dict[str, object] = {}
            for table in metadata.sorted_tables:
                rows = await connection.execute(sa.select(table).where(table.c.chat == chat))
                kept[table.name] = [_plain({str(name): value for name, value in row.items()}) for row in rows.mappings()]
        return kept

    async def retire(self, before: datetime) -> int:
        """Delete what no turn has touched since ``before``; returns how many conversations went."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(unanswered).where(unanswered.c.asked_at < before))
            await connection.execute(sa.delete(reminders).where(reminders.c.due_at < before))
            waiting = sa.select(reminders.c.chat).where(reminders.c.sent_at.is_(None))
            idle = sa.delete(conversations).where(conversations.c.updated_at < before, conversations.c.chat.not_in(waiting))
            return (await connection.execute(idle)).rowcount

    async def forget(self, chat: str) -> None:
        """Delete everything about a chat."""
        async with self._engine.begin() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(sa.delete(table).where(table.c.chat == chat))


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    """A row for its owner: times as text, the state as an object, no internal numbers."""
    return {
        name: json.loads(str(value)) if name == "state" else value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if name != "id"
    }


def _pragmas(connection: object, _record: object) -> None:
    """WAL with full sync keeps commits through power loss; wait for a lock instead of failing."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

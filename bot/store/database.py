"""The repository over one database; every method is one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.advisor.conversation import Conversation
from bot.advisor.replies import Answered
from bot.store.scrub import scrub
from bot.store.tables import conversations, metadata, unanswered

log = logging.getLogger(__name__)
_STATE = TypeAdapter(Conversation)


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

    async def save(self, chat: str, conversation: Conversation, events: Sequence[Answered], now: datetime) -> None:
        """Keep a conversation after a turn, and the questions that the turn left open."""
        values = {"chat": chat, "state": _STATE.dump_json(conversation).decode(), "updated_at": now}
        async with self._engine.begin() as connection:
            updated = await connection.execute(sa.update(conversations).where(conversations.c.chat == chat).values(values))
            if updated.rowcount == 0:
                await connection.execute(sa.insert(conversations).values(values))
            for event in events:
                if event.question and event.kind in ("unknown", "choices"):
                    row = {"chat": chat, "question": scrub(event.question), "kind": event.kind, "asked_at": now}
                    await connection.execute(sa.insert(unanswered).values(row))

    async def forget(self, chat: str) -> None:
        """Delete everything about a chat."""
        async with self._engine.begin() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(sa.delete(table).where(table.c.chat == chat))


def _pragmas(connection: object, _record: object) -> None:
    """WAL with full sync keeps commits through power loss; wait for a lock instead of failing."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

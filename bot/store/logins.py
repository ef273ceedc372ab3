"""How staff come to their pages: one-time links, and sessions. Of every token only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, whole
from bot.store.tables import logins, sessions

LINK_LASTS = timedelta(minutes=10)
IDLE_LASTS = timedelta(hours=12)
"""A session that nobody used for so long ends."""

SESSION_LASTS = timedelta(days=7)
"""A session ends after so long however much it is used."""

_SEEN_EVERY = timedelta(minutes=5)
"""Looking at a page need not write to the database more often than so."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in: by a link to ``chat``, or, where that is "", by the password that ``proof`` stands for."""

    chat: str
    proof: str
    notice: str


class Logins:
    """Links and sessions in the database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @whole
    async def offer(self, chat: str, now: datetime) -> str:
        """The token of a new link for a member's private chat; earlier ones of the chat count no more."""
        token = new_token()
        async with self.database.writing() as connection:
            await connection.execute(sa.delete(logins).where(logins.c.chat == chat))
            await connection.execute(sa.insert(logins).values(digest=digest(token), chat=chat, ends_at=now + LINK_LASTS))
        return token

    @whole
    async def redeem(self, token: str, now: datetime) -> str | None:
        """The chat that a link was sent to; ``None`` when it is not one, is too old or was used. It can be used no more."""
        used = sa.delete(logins).where(logins.c.digest == digest(token)).returning(logins.c.chat, logins.c.ends_at)
        async with self.database.writing() as connection:
            row = (await connection.execute(used)).one_or_none()
        return row.chat if row is not None and row.ends_at > now else None

    @whole
    async def begin(self, chat: str, proof: str, now: datetime) -> str:
        """The token of a new session."""
        token = new_token()
        values = {"digest": digest(token), "chat": chat, "proof": proof, "made_at": now, "seen_at": now}
        async with self.database.writing() as connection:
            await connection.execute(sa.insert(sessions).values(values))
        return token

    @whole
    async def find(self, token: str, now: datetime) -> Session | None:
        """The session of a token, if it has not ended."""
        mine = sessions.c.digest == digest(token)
        lasts = (sessions.c.seen_at > now - IDLE_LASTS, sessions.c.made_at > now - SESSION_LASTS)
        async with self.database.reading() as connection:
            row = (await connection.execute(sa.select(sessions).where(mine, *lasts))).one_or_none()
        if row is None:
            return None
        if row.seen_at < now - _SEEN_EVERY:
            async with self.database.writing() as connection:
                await connection.execute(sa.update(sessions).where(mine).values(seen_at=now))
        return Session(row.chat, row.proof, row.notice)

    @whole
    async def leave_notice(self, token: str, notice: str) -> None:
        """What the next page of a session tells; "" when it was told."""
        async with self.database.writing() as connection:
            await connection.execute(sa.update(sessions).where(sessions.c.digest == digest(token)).values(notice=notice))

    @whole
    async def end(self, token: str) -> None:
        """End a session."""
        async with self.database.writing() as connection:
            await connection.execute(sa.delete(sessions).where(sessions.c.digest == digest(token)))

    @whole
    async def end_all(self, chat: str) -> None:
        """End all sessions of a member, and what could begin another."""
        async with self.database.writing() as connection:
            await connection.execute(sa.delete(sessions).where(sessions.c.chat == chat))
            await connection.execute(sa.delete(logins).where(logins.c.chat == chat))


async def retire(connection: AsyncConnection, now: datetime) -> None:
    """Part of a transaction: delete links and sessions that have ended."""
    await connection.execute(sa.delete(logins).where(logins.c.ends_at < now))
    ended = (sessions.c.seen_at < now - IDLE_LASTS) | (sessions.c.made_at < now - SESSION_LASTS)
    await connection.execute(sa.delete(sessions).where(ended))


def new_token() -> str:
    """256 random bits, fit for addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token. It is random and long, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()

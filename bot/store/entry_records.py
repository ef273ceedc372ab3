"""What the database knows of one entry: how often it answered and how that was rated, and what staff did to it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.database import Database, whole
from bot.store.staffing import Asked, Deed, OpenQuestion
from bot.store.tables import audit, questions, unanswered

_MOST = 10_000


class EntryRecords:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @whole
    async def answered(self, entry: str, since: datetime) -> list[Asked]:
        """Questions that the entry answered since a time, newest first; 10,000 at most."""
        query = sa.select(questions).where(questions.c.entry == entry, questions.c.asked_at >= since)
        query = query.order_by(questions.c.id.desc()).limit(_MOST)
        async with self.database.reading() as connection:
            return [Asked(row.asked_at, row.kind, row.entry, row.ward, row.rating) for row in await connection.execute(query)]

    @whole
    async def found_wanting(self, entry: str, limit: int = 50) -> list[OpenQuestion]:
        """Open questions to which the entry's answer was wrong, incomplete or beside the point, newest first."""
        query = sa.select(unanswered).where(unanswered.c.state == "open", unanswered.c.entry == entry)
        query = query.order_by(unanswered.c.id.desc()).limit(limit)
        async with self.database.reading() as connection:
            return [
                OpenQuestion(row.id, row.chat, row.question, row.kind, row.asked_at) for row in await connection.execute(query)
            ]

    @whole
    async def deeds(self, entry: str, limit: int = 50) -> list[Deed]:
        """What staff did to the entry, newest first."""
        query = sa.select(audit).where(audit.c.subject == entry).order_by(audit.c.id.desc()).limit(limit)
        async with self.database.reading() as connection:
            return [Deed(row.at, row.who, row.action, row.subject, row.detail) for row in await connection.execute(query)]

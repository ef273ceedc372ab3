"""The staff's allow-list: who may do what. Changes are logged with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

import sqlalchemy as sa

from bot.store.database import Database, whole
from bot.store.staffing import note
from bot.store.tables import members

Role = Literal["desk", "editor", "admin"]
"""desk answers users and reads; editor also changes the knowledge base; admin also appoints members."""

ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person by Telegram id."""

    user: int
    role: Role
    added_at: datetime


class Members:
    """The allow-list in the database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @whole
    async def all(self) -> list[Member]:
        """Everybody, in the order in which they came."""
        query = sa.select(members).order_by(members.c.added_at, members.c.user)
        async with self.database.reading() as connection:
            return [Member(row.user, row.role, row.added_at) for row in await connection.execute(query)]

    @whole
    async def role(self, user: int) -> Role | None:
        """What somebody may do; ``None`` for one who is not listed."""
        async with self.database.reading() as connection:
            role: Role | None = (
                await connection.execute(sa.select(members.c.role).where(members.c.user == user))
            ).scalar_one_or_none()
        return role

    @whole
    async def appoint(self, user: int, role: Role, who: str) -> None:
        """List somebody, or change the role of one who is listed; ``who`` did it."""
        add = self.database.insert(members).values(user=user, role=role, added_at=datetime.now(UTC))
        async with self.database.writing() as connection:
            await connection.execute(add.on_conflict_do_update(index_elements=["user"], set_={"role": role}))
            await note(connection, who, "member appointed", str(user), role)

    @whole
    async def dismiss(self, user: int, who: str) -> bool:
        """Take somebody off the list; ``who`` did it. Returns whether they were on it."""
        async with self.database.writing() as connection:
            gone = (await connection.execute(sa.delete(members).where(members.c.user == user))).rowcount > 0
            if gone:
                await note(connection, who, "member dismissed", str(user))
        return gone

"""Brings a database's tables up to date with Alembic, one process at a time."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

HEAD = "0005"
"""The revision that this program works with; the newest one in ``migrations/versions``."""

_LOCK = 7_364_510_021
"""PostgreSQL's advisory lock while tables change; the number means nothing elsewhere."""


async def upgrade(engine: AsyncEngine, to: str = HEAD) -> str:
    """Run the migrations that are missing and return the revision that was there before ("" for none).

    Raises :class:`ValueError` when the database was made by a newer program.
    """
    async with engine.connect() as connection:
        before = await connection.run_sync(revision)
    if before == to:
        return before
    async with engine.begin() as connection:  # SQLite: holds the write lock from its first statement on
        if connection.dialect.name == "postgresql":
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        before = await connection.run_sync(revision)
        if before > to:
            raise ValueError(f"it has revision {before} and this program knows {to}; run the newer program")
        await connection.run_sync(_run, to)
    return before


def revision(connection: sa.Connection) -> str:
    """The revision of a database, "" while it has none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("select version_num from alembic_version")).scalar_one_or_none() or ""


def _run(connection: sa.Connection, to: str) -> None:
    # Alembic takes long to import, and a database that is up to date does not need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)

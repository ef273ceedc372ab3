"""Backups that any of the databases can be restored from: JSON lines, compressed, first a header, then the rows."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.migrate import HEAD, revision, upgrade
from bot.store.tables import logins, metadata, owner, processes, sessions

FORMAT = "michishirube backup 1"
_PASSING = (processes, logins, sessions, owner)
"""Tables that mean nothing elsewhere or later: who is alive, who is logged in, and which bot works on this very database."""

_ROWS = 500
"""Rows written to the database at a time."""


class BackupError(Exception):
    """A backup cannot be made or used; the message says what to do."""


async def backup(database: Database, file: Path) -> dict[str, int]:
    """Write everything to a new file, as of one moment; returns rows by table. Raises :class:`BackupError`."""
    counts: dict[str, int] = {}
    part = file.with_name(f"{file.name}.part")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # conversations are personal
        os.close(handle)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8") as out:
            async with database.snapshot() as connection:
                header = {"format": FORMAT, "revision": await connection.run_sync(revision), "at": datetime.now(UTC).isoformat()}
                out.write(json.dumps(header) + "\n")
                for table in metadata.sorted_tables:
                    if table in _PASSING:
                        continue
                    counts[table.name] = 0
                    async for row in await connection.stream(sa.select(table)):
                        values = {name: _plain(value) for name, value in row._mapping.items()}
                        out.write(json.dumps({"table": table.name, "row": values}, ensure_ascii=False) + "\n")
                        counts[table.name] += 1
        part.replace(file)
    except FileExistsError:
        raise BackupError(f"{file} exists already. Name a new file.") from None
    except OSError as error:
        raise BackupError(f"{file} cannot be written ({error.strerror}).") from None
    return counts


async def restore(database: Database, file: Path) -> dict[str, int]:
    """Fill an empty database from a backup and bring it up to date; returns rows by table. Raises :class:`BackupError`.

    The database may be of the other kind than the one that was backed up.
    """
    lines = _lines(file)
    header = next(lines, {})
    if header.get("format") != FORMAT:
        raise BackupError(f"{file} is no backup of this program.")
    made_at = str(header.get("revision", ""))
    if made_at > HEAD:
        raise BackupError(f"{file} was made by a newer program (revision {made_at}). Restore it with that one.")
    counts: dict[str, int] = {}
    async with database.engine.connect() as connection:
        if await connection.run_sync(_count):
            raise BackupError("The database is not empty. Set BOT_DATABASE_URL to a new one.")
    await upgrade(database.engine, made_at)
    async with database.writing() as connection:
        tables = await connection.run_sync(_reflected)
        batch: list[dict[str, Any]] = []
        current = ""
        for line in lines:
            if line["table"] != current or len(batch) >= _ROWS:
                await _insert(connection, tables.get(current), batch)
                current, batch = line["table"], []
            if current not in tables:
                raise BackupError(f"{file} names a table {current} that this program does not know.")
            batch.append(line["row"])
            counts[current] = counts.get(current, 0) + 1
        await _insert(connection, tables.get(current), batch)
        if not database.is_sqlite:
            await _count_on(connection)
    await upgrade(database.engine)
    return counts


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as text:
            for line in text:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"{file} cannot be read as a backup ({error}).") from None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _count(connection: sa.Connection) -> int:
    known = [table for table in metadata.sorted_tables if table not in _PASSING]
    present = [table for table in known if sa.inspect(connection).has_table(table.name)]
    return sum(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in present)


def _reflected(connection: sa.Connection) -> dict[str, sa.Table]:
    """The tables as they are at the backup's revision, which may be older than this program's."""
    found = sa.MetaData()
    found.reflect(connection)
    return {name: table for name, table in found.tables.items() if name not in {"alembic_version", processes.name}}


async def _insert(connection: AsyncConnection, table: sa.Table | None, rows: list[dict[str, Any]]) -> None:
    if table is None or not rows:
        return
    moments = [column.name for column in table.columns if isinstance(column.type, sa.DateTime)]
    for row in rows:
        for name in moments:
            if row.get(name) is not None:
                row[name] = datetime.fromisoformat(row[name])
    await connection.execute(sa.insert(table), rows)


async def _count_on(connection: AsyncConnection) -> None:
    """PostgreSQL's sequences do not see ids that were given; they go on after the highest."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        highest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
        await connection.execute(sa.select(sa.func.setval(sequence, highest, False)))

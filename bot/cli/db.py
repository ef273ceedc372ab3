"""``db``: the operator's hands on the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa

from bot.cli.problems import OperatorError
from bot.settings import Settings
from bot.store.backup import BackupError, backup, restore
from bot.store.database import FAILURES, Database, StoreError
from bot.store.depths import measure
from bot.store.migrate import HEAD, revision
from bot.store.tables import inbox, metadata


def db(options: Settings, action: str, file: Path | None) -> int:
    """Run an action. Raises :class:`OperatorError`."""
    try:
        return asyncio.run(_db(options, action, file))
    except (BackupError, StoreError) as error:
        raise OperatorError(str(error)) from None
    except FAILURES as error:
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        raise OperatorError(f"The database failed ({reason}). Check BOT_DATABASE_URL.") from None


async def _db(options: Settings, action: str, file: Path | None) -> int:
    database = Database.at(options.database_url)
    try:
        match action, file:
            case "restore", Path():
                _print(await restore(database, file), f"restored from {file}, now at revision {HEAD}")
            case "backup", Path():
                await database.upgrade()
                _print(await backup(database, file), f"backed up to {file}")
            case "upgrade", _:
                before = await database.upgrade()
                print(f"revision {before or 'none'} -> {HEAD}" if before != HEAD else f"up to date at revision {HEAD}")
            case _:
                await _stats(database)
    finally:
        await database.close()
    return 0


def _print(counts: dict[str, int], last: str) -> None:
    for name, count in counts.items():
        print(f"{name:16} {count:>10,}")
    print(last)


async def _stats(database: Database) -> None:
    await database.upgrade()
    async with database.reading() as connection:
        counts = {}
        for table in metadata.sorted_tables:
            counts[table.name] = (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
        depths = await measure(connection)
        failed = sa.select(inbox).where(inbox.c.state == "failed").order_by(inbox.c.update_id.desc()).limit(20)
        set_aside = list(await connection.execute(failed))
        at = await connection.run_sync(revision)
    _print(counts, f"revision {at}")
    for name, count, oldest in (("inbox", depths.inbox, depths.oldest_in), ("outbox", depths.outbox, depths.oldest_out)):
        print(f"{name}: {count} waiting" + (f", the oldest since {oldest:%Y-%m-%d %H:%M:%S} UTC" if oldest else ""))
    print(f"set aside: {depths.set_aside}")
    for row in set_aside:
        print(f"  {row.update_id}  {row.settled_at:%Y-%m-%d %H:%M:%S} UTC  {row.attempts} attempts  {row.error}")

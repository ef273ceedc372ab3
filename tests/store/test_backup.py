"""Migrations, and backups from one kind of database to the other."""

from __future__ import annotations

import gzip
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.backup import BackupError, backup, restore
from bot.store.database import Database, StoreError
from bot.store.inbox import Arrival
from bot.store.migrate import HEAD, revision, upgrade
from bot.store.outbox import Message
from bot.store.store import Store
from bot.store.tables import conversations, metadata, outbox, processes
from bot.talk.taken import Reminder, Step
from bot.talk.turns import Said
from tests.store.conftest import MakeStore
from tests.talking import knowing

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


async def _filled(store: Store) -> None:
    for number in range(3):
        chat = f"telegram:{number}"
        step = Step(knowing(municipality="台東区"), (), reminders=(Reminder(NOW, "期限です。"),))
        await store.save(chat, await store.conversation(chat), step, datetime(2026, 10, 1, tzinfo=UTC))
        await store.inbox.accept([Arrival(number, chat, Said("質問"), "")], NOW)
    async with store.database.writing() as connection:
        await store.outbox.add(connection, [Message("telegram:1", "sendMessage", {"text": "答え"})], "test")


async def _content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table is not processes
        }


@pytest.fixture
def other_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of the other kind."""
    if database_url.startswith("sqlite"):
        return str(request.getfixturevalue("postgres").new_database())
    return f"sqlite+aiosqlite:///{tmp_path}/other.db"


async def test_a_backup_fills_a_database_of_the_other_kind(store: Store, other_url: str, tmp_path: Path) -> None:
    await _filled(store)
    file = tmp_path / "backup.gz"

    written = await backup(store.database, file)
    other = Database.at(other_url)
    read = await restore(other, file)

    assert written == {**dict.fromkeys(written, 0), **read}
    assert await _content(other) == await _content(store.database)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with other.writing() as connection:  # ids go on after those that were restored
        await connection.execute(sa.insert(outbox).from_select(*_copy_of_the_first()))
    await other.close()


def _copy_of_the_first() -> tuple[list[str], sa.Select[tuple[object, ...]]]:
    columns = [column for column in outbox.columns if column is not outbox.c.id]
    return [column.name for column in columns], sa.select(*columns).limit(1)


async def test_only_an_empty_database_is_filled(store: Store, tmp_path: Path) -> None:
    await _filled(store)
    file = tmp_path / "backup.gz"
    await backup(store.database, file)

    with pytest.raises(BackupError, match="not empty"):
        await restore(store.database, file)
    with pytest.raises(BackupError, match="exists already"):
        await backup(store.database, file)


@pytest.mark.parametrize(
    "content",
    [b"", b"no backup", gzip.compress(b"{}\n"), gzip.compress(b'{"format": "michishirube')[:20]],
    ids=["empty", "not compressed", "no header", "cut off"],
)
async def test_what_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "backup.gz"
    file.write_bytes(content)
    database = Database.at(f"sqlite+aiosqlite:///{tmp_path}/new.db")

    with pytest.raises(BackupError, match="backup"):
        await restore(database, file)

    await database.close()


async def test_migrations_lead_to_the_tables_that_the_program_uses(database_url: str) -> None:
    database = await Database.open(database_url)

    def described(connection: sa.Connection) -> dict[str, set[tuple[str, bool]]]:
        inspector = sa.inspect(connection)
        return {
            name: {(str(column["name"]), bool(column["nullable"])) for column in inspector.get_columns(name)}
            for name in inspector.get_table_names()
            if name != "alembic_version"
        }

    async with database.reading() as connection:
        made = await connection.run_sync(described)
        at = await connection.run_sync(revision)

    assert at == HEAD
    assert made == {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns} for table in metadata.sorted_tables
    }
    await database.close()


async def test_a_database_from_before_the_queues_keeps_its_conversations(database_url: str) -> None:
    old = Database.at(database_url)
    await upgrade(old.engine, "0001")
    async with old.writing() as connection:
        values = "('telegram:1', '{\"municipality\": \"港区\", \"version\": 2}', '2026-10-01 00:00:00')"
        await connection.execute(sa.text(f"insert into conversations (chat, state, updated_at) values {values}"))
    await old.close()

    store = await Store.open(database_url)

    kept = await store.conversation("telegram:1")
    await store.save("telegram:1", kept, Step(knowing(municipality="台東区"), ()), NOW)
    assert kept.conversation.municipality == "港区"
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(conversations.c.revision))).scalar_one() == 2
    await store.close()


async def test_a_database_of_a_newer_program_is_left_alone(make_store: MakeStore, database_url: str) -> None:
    store = await make_store()
    async with store.database.writing() as connection:
        await connection.execute(sa.text("update alembic_version set version_num = '9999'"))

    with pytest.raises(StoreError, match="run the newer program"):
        await Store.open(database_url)

"""``db``: what an operator does to the database, each line as it is typed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.store.store import Store
from bot.talk.taken import Step
from tests.talking import knowing

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the database that the commands work on."""
    return _use(tmp_path / "bot.db", monkeypatch)


def _use(file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite+aiosqlite:///{file}"
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    return url


def _talk(url: str) -> None:
    async def save() -> None:
        store = await Store.open(url)
        kept = await store.conversation("telegram:1")
        await store.save("telegram:1", kept, Step(knowing(municipality="台東区"), ()), NOW)
        await store.close()

    asyncio.run(save())


def test_upgrade_makes_the_tables_and_then_has_nothing_to_do(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert database

    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("revision none -> ")
    assert second.startswith("up to date at revision ")


def test_stats_count_what_is_kept(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    _talk(database)

    assert main(["db", "stats"]) == 0

    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["conversations"].endswith(" 1")
    assert lines["inbox:"] == "inbox: 0 waiting"
    assert lines["set"] == "set aside: 0"


def test_a_backup_can_be_restored_elsewhere(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _talk(database)

    assert main(["db", "backup", str(tmp_path / "kept.gz")]) == 0
    _use(tmp_path / "other.db", monkeypatch)
    assert main(["db", "restore", str(tmp_path / "kept.gz")]) == 0
    assert main(["db", "stats"]) == 0

    assert capsys.readouterr().out.count("conversations             1") == 3


@pytest.mark.parametrize("action", [["db", "restore", "/nowhere/kept.gz"], ["db", "backup", "/nowhere/kept.gz"]])
def test_a_file_that_cannot_be_used_gets_one_line(database: str, action: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert database

    assert main(action) == 2

    assert "/nowhere/kept.gz" in capsys.readouterr().err


def test_a_database_that_is_away_gets_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql+asyncpg://nobody:hidden@127.0.0.1:1/none")

    assert main(["db", "stats"]) == 2

    said = capsys.readouterr().err
    assert "BOT_DATABASE_URL" in said
    assert "hidden" not in said

"""``gaps`` as it is typed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.store.store import Store
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered
from bot.talk.taken import Step


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two users asked the same in vain."""
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    monkeypatch.setenv("BOT_DATABASE_URL", url)

    async def ask() -> None:
        store = await Store.open(url)
        for chat, question in (("telegram:1", "社宅の補助はありますか"), ("telegram:2", "社宅 補助金")):
            taken = Step(Conversation(), (), (Answered("unknown", question=question),))
            await store.save(chat, await store.conversation(chat), taken, datetime(2026, 11, 1, 16, tzinfo=UTC))
        await store.close()

    asyncio.run(ask())


def test_gaps_are_listed_with_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps"]) == 0

    first, second, near, last = capsys.readouterr().out.splitlines()
    assert first.split() == ["2件", "2026-11-02", "社宅", "補助金"]
    assert second.strip() == "社宅の補助はありますか"
    assert "近い項目：" in near
    assert last == "2件、1種類。"


def test_with_yaml_they_are_entries_to_fill_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", "--yaml"]) == 0

    assert "name: 社宅 補助金" in capsys.readouterr().out


def test_a_wrong_database_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/nothing")

    assert main(["gaps"]) == 2
    assert capsys.readouterr().err.strip()

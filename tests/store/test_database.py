"""The store over a real SQLite file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.advisor.conversation import Conversation
from bot.advisor.replies import Answered, Block, Button
from bot.store.database import Store, StoreError
from bot.store.tables import conversations, metadata, unanswered

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TALK = Conversation(
    municipality="台東区", focus="abl-hosho", more=(Block("facts", ("・一行",), "限度額"),), buttons=(Button("続き", "more"),)
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty database file."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/made/bot.db")
    yield opened
    await opened.close()


async def _rows(store: Store, table: sa.Table) -> list[sa.Row[tuple[object, ...]]]:
    async with store._engine.connect() as connection:
        return list((await connection.execute(sa.select(table))).all())


async def test_a_new_chat_has_an_empty_conversation(store: Store) -> None:
    assert await store.conversation("telegram:1") == Conversation()


async def test_a_conversation_comes_back_as_it_was_kept(store: Store) -> None:
    await store.save("telegram:1", TALK, (), NOW)

    assert await store.conversation("telegram:1") == TALK


async def test_the_latest_conversation_counts(store: Store) -> None:
    await store.save("telegram:1", TALK, (), NOW)
    await store.save("telegram:1", Conversation(municipality="港区"), (), NOW)

    assert (await store.conversation("telegram:1")).municipality == "港区"
    assert len(await _rows(store, conversations)) == 1


async def test_a_conversation_of_an_unknown_form_starts_anew(store: Store) -> None:
    await store.save("telegram:1", TALK, (), NOW)
    async with store._engine.begin() as connection:
        await connection.execute(sa.update(conversations).values(state='{"from": "the future"}'))

    assert await store.conversation("telegram:1") == Conversation()


@pytest.mark.parametrize(("kind", "kept"), [("unknown", 1), ("choices", 1), ("answer", 0), ("smalltalk", 0)])
async def test_only_questions_left_open_are_kept(store: Store, kind: str, kept: int) -> None:
    event = Answered(kind, question="社宅の補助はありますか")  # type: ignore[arg-type]

    await store.save("telegram:1", Conversation(), (event,), NOW)

    assert len(await _rows(store, unanswered)) == kept


async def test_open_questions_are_kept_without_telephone_numbers(store: Store) -> None:
    event = Answered("unknown", question="090-1234-5678 に電話ください taro@example.jp")

    await store.save("telegram:1", Conversation(), (event,), NOW)

    (row,) = await _rows(store, unanswered)
    assert "1234" not in row.question
    assert "taro" not in row.question


async def test_forget_leaves_no_row_of_the_chat_in_any_table(store: Store) -> None:
    for chat in ("telegram:1", "telegram:2"):
        await store.save(chat, TALK, (Answered("unknown", question="わからないこと"),), NOW)

    await store.forget("telegram:1")

    for table in metadata.sorted_tables:
        assert [row.chat for row in await _rows(store, table)] == ["telegram:2"]


async def test_what_is_kept_outlives_the_process(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    first = await Store.open(url)
    await first.save("telegram:1", TALK, (), NOW)
    await first.close()

    second = await Store.open(url)

    assert await second.conversation("telegram:1") == TALK
    await second.close()


@pytest.mark.parametrize("url", ["nonsense", "sqlite+aiosqlite:////proc/none/bot.db"])
async def test_a_database_that_cannot_be_opened_says_what_to_set(url: str) -> None:
    with pytest.raises(StoreError, match="BOT_DATABASE_URL"):
        await Store.open(url)


async def test_a_file_that_is_no_database_says_what_to_check(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("this is no database" * 100)

    with pytest.raises(StoreError, match="not a database"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")

"""The store over a real SQLite file."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.advisor.conversation import Conversation, OpenDialog
from bot.advisor.replies import Answered, Block, Button
from bot.advisor.taken import Reminder, Step
from bot.store.database import Store, StoreError
from bot.store.tables import conversations, metadata, unanswered

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TALK = Conversation(
    municipality="台東区",
    focus="abl-hosho",
    more=(Block("facts", ("・一行",), "限度額"),),
    buttons=(Button("続き", "more"),),
    profile={"industry": "retail-food", "employees": 5, "needs": ("info", "ip")},
    dialogs=(OpenDialog("fee", {"amount": 5_000_000, "repayment": "equal"}, ("amount", "repayment"), asked="months", times=1),),
    ticked={"docs-assen": (0, 2)},
)
REMINDER = Reminder(NOW + timedelta(days=1), "期限が近づいています。")


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
    await store.save("telegram:1", Step(TALK, ()), NOW)

    assert await store.conversation("telegram:1") == TALK


async def test_the_latest_conversation_counts(store: Store) -> None:
    await store.save("telegram:1", Step(TALK, ()), NOW)
    await store.save("telegram:1", Step(Conversation(municipality="港区"), ()), NOW)

    assert (await store.conversation("telegram:1")).municipality == "港区"
    assert len(await _rows(store, conversations)) == 1


async def test_a_conversation_of_an_unknown_form_starts_anew(store: Store) -> None:
    await store.save("telegram:1", Step(TALK, ()), NOW)
    async with store._engine.begin() as connection:
        await connection.execute(sa.update(conversations).values(state='{"from": "the future"}'))

    assert await store.conversation("telegram:1") == Conversation()


@pytest.mark.parametrize(("kind", "kept"), [("unknown", 1), ("choices", 1), ("answer", 0), ("smalltalk", 0)])
async def test_only_questions_left_open_are_kept(store: Store, kind: str, kept: int) -> None:
    event = Answered(kind, question="社宅の補助はありますか")  # type: ignore[arg-type]

    await store.save("telegram:1", Step(Conversation(), (), (event,)), NOW)

    assert len(await _rows(store, unanswered)) == kept


async def test_open_questions_are_kept_without_telephone_numbers(store: Store) -> None:
    event = Answered("unknown", question="090-1234-5678 に電話ください taro@example.jp")

    await store.save("telegram:1", Step(Conversation(), (), (event,)), NOW)

    (row,) = await _rows(store, unanswered)
    assert "1234" not in row.question
    assert "taro" not in row.question


async def test_forget_leaves_no_row_of_the_chat_in_any_table(store: Store) -> None:
    for chat in ("telegram:1", "telegram:2"):
        await store.save(chat, Step(TALK, (), (Answered("unknown", question="わからないこと"),), (REMINDER,)), NOW)

    await store.forget("telegram:1")

    for table in metadata.sorted_tables:
        assert [row.chat for row in await _rows(store, table)] == ["telegram:2"]


async def test_what_is_kept_outlives_the_process(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    first = await Store.open(url)
    await first.save("telegram:1", Step(TALK, ()), NOW)
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


async def test_a_reminder_is_due_once_its_time_has_come_and_only_once(store: Store) -> None:
    await store.save("telegram:1", Step(TALK, (), reminders=(REMINDER,)), NOW)
    later = NOW + timedelta(days=2)

    early = await store.due(NOW, "telegram:")
    (due,) = await store.due(later, "telegram:")
    await store.sent(due, later)

    assert early == []
    assert due.text == REMINDER.text
    assert await store.due(later, "telegram:") == []


async def test_new_reminders_take_the_place_of_old_ones(store: Store) -> None:
    await store.save("telegram:1", Step(TALK, (), reminders=(REMINDER,)), NOW)
    await store.save("telegram:1", Step(TALK, (), reminders=(Reminder(REMINDER.due, "新しい期限です。"),)), NOW)

    assert [one.text for one in await store.due(NOW + timedelta(days=2), "telegram:")] == ["新しい期限です。"]


async def test_reminders_can_be_taken_back(store: Store) -> None:
    await store.save("telegram:1", Step(TALK, (), reminders=(REMINDER,)), NOW)
    await store.save("telegram:1", Step(TALK, (), drops_reminders=True), NOW)

    assert await store.due(NOW + timedelta(days=2), "telegram:") == []


async def test_a_channel_gets_only_its_own_reminders(store: Store) -> None:
    await store.save("web:abc", Step(TALK, (), reminders=(REMINDER,)), NOW)

    assert await store.due(NOW + timedelta(days=2), "telegram:") == []
    assert len(await store.due(NOW + timedelta(days=2), "web:")) == 1


async def test_what_is_kept_about_a_chat_can_be_taken_away(store: Store) -> None:
    await store.save("telegram:1", Step(TALK, (), (Answered("unknown", question="わからないこと"),), (REMINDER,)), NOW)
    await store.save("telegram:2", Step(Conversation(municipality="港区"), ()), NOW)

    kept = await store.export("telegram:1")

    assert set(kept) == {table.name for table in metadata.sorted_tables}
    text = json.dumps(kept, ensure_ascii=False)
    assert "台東区" in text
    assert "わからないこと" in text
    assert "期限が近づいています" in text
    assert "港区" not in text


async def test_idle_conversations_are_deleted_but_not_those_that_wait_for_a_reminder(store: Store) -> None:
    await store.save("telegram:idle", Step(TALK, (), (Answered("unknown", question="古い質問"),)), NOW)
    await store.save("telegram:waiting", Step(TALK, (), reminders=(Reminder(NOW + timedelta(days=400), "期限です。"),)), NOW)
    await store.save("telegram:new", Step(TALK, ()), NOW + timedelta(days=300))

    gone = await store.retire(NOW + timedelta(days=200))

    assert gone == 1
    assert {row.chat for row in await _rows(store, conversations)} == {"telegram:waiting", "telegram:new"}
    assert await _rows(store, unanswered) == []

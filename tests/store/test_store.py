"""The store over a real SQLite file."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import replied
from bot.store.database import StoreError
from bot.store.handovers import ask
from bot.store.hearing import Answer, Hearing, note
from bot.store.inbox import Arrival
from bot.store.notices import Due
from bot.store.outbox import Message
from bot.store.personal import move
from bot.store.store import MOST_OPEN_QUESTIONS, Overtaken, Store
from bot.store.tables import (
    answers,
    attempts,
    audit,
    conversations,
    handovers,
    heard,
    inbox,
    members,
    metadata,
    outbox,
    processes,
    unanswered,
)
from bot.talk.conversation import Asked, Conversation, Fact, Offer, Subject, Task
from bot.talk.replies import Answered, Block, Button, Reply, say
from bot.talk.taken import Reminder, Step
from bot.talk.turns import Said
from tests.store.helpers import never_told
from tests.talking import knowing

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TALK = Conversation(
    facts={
        "municipality": Fact("台東区", "2026-10-30T10:00:00+09:00"),
        "employees": Fact(5, vague=True, low=3),
        "needs": Fact(("info", "ip")),
    },
    tasks=(Task("loan", ("trouble",)), Task("fee", ("fee_class",), ("amount", "repayment"))),
    asked=Asked("months", 1),
    offer=Offer("begin", "plan"),
    subject=Subject("abl-hosho", "ABLとは", (Block("facts", ("・一行",), "限度額"),), ("sekinin-kyoyu",)),
    buttons=(Button("続き", "more"),),
    ticked={"docs-assen": (0, 2)},
)
REMINDER = Reminder(NOW + timedelta(days=1), "期限が近づいています。")


async def _save(store: Store, chat: str, taken: Step, now: datetime = NOW) -> tuple[Reply, ...]:
    return await store.save(chat, await store.conversation(chat), taken, now)


async def _rows(store: Store, table: sa.Table) -> list[sa.Row[tuple[object, ...]]]:
    async with store.database.reading() as connection:
        return list((await connection.execute(sa.select(table))).all())


async def test_a_new_chat_has_an_empty_conversation(store: Store) -> None:
    assert (await store.conversation("telegram:1")).conversation == Conversation()


async def test_a_conversation_comes_back_as_it_was_kept(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, ()), NOW)

    assert (await store.conversation("telegram:1")).conversation == TALK


async def test_the_latest_conversation_counts(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, ()), NOW)
    await _save(store, "telegram:1", Step(knowing(municipality="港区"), ()), NOW)

    assert (await store.conversation("telegram:1")).conversation.municipality == "港区"
    assert len(await _rows(store, conversations)) == 1


async def test_a_conversation_of_an_unknown_form_starts_anew(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, ()), NOW)
    async with store.database.writing() as connection:
        await connection.execute(sa.update(conversations).values(state='{"from": "the future"}'))

    assert (await store.conversation("telegram:1")).conversation == Conversation()


@pytest.mark.parametrize(("kind", "kept"), [("unknown", 1), ("choices", 1), ("answer", 0), ("smalltalk", 0)])
async def test_only_questions_left_open_are_kept(store: Store, kind: str, kept: int) -> None:
    event = Answered(kind, question="社宅の補助はありますか")  # type: ignore[arg-type]

    await _save(store, "telegram:1", Step(Conversation(), (), (event,)), NOW)

    assert len(await _rows(store, unanswered)) == kept


async def test_open_questions_are_kept_without_telephone_numbers(store: Store) -> None:
    event = Answered("unknown", question="090-1234-5678 に電話ください taro@example.jp")

    await _save(store, "telegram:1", Step(Conversation(), (), (event,)), NOW)

    (row,) = await _rows(store, unanswered)
    assert "1234" not in row.question
    assert "taro" not in row.question


async def test_what_is_kept_outlives_the_process(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    first = await Store.open(url)
    await _save(first, "telegram:1", Step(TALK, ()))
    await first.close()

    second = await Store.open(url)

    assert (await second.conversation("telegram:1")).conversation == TALK
    await second.close()


@pytest.mark.parametrize("url", ["nonsense", "sqlite+aiosqlite:////proc/none/bot.db"])
async def test_a_database_that_cannot_be_opened_says_what_to_set(url: str) -> None:
    with pytest.raises(StoreError, match="BOT_DATABASE_URL"):
        await Store.open(url)


async def test_a_file_that_is_no_database_says_what_to_check(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("this is no database" * 100)

    with pytest.raises(StoreError, match="not a database"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")


async def _posted(store: Store, now: datetime) -> list[str]:
    """Texts of the reminders that come due on Telegram."""
    texts: list[str] = []

    def write(due: Due) -> list[Message]:
        texts.append(due.text)
        return [Message(due.chat, "sendMessage", {"text": due.text})]

    await store.notices.post_reminders("telegram:", write, now)
    return texts


async def test_a_reminder_comes_once_its_time_has_come_and_only_once(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, (), reminders=(REMINDER,)))

    early, due, again = [await _posted(store, NOW + timedelta(days=days)) for days in (0, 2, 2)]

    assert (early, due, again) == ([], [REMINDER.text], [])


async def test_a_reminder_is_posted_by_one_process_only(database_url: str) -> None:
    stores = [await Store.open(database_url) for _ in range(3)]
    await _save(stores[0], "telegram:1", Step(TALK, (), reminders=(REMINDER,)))

    posted = await asyncio.gather(*(_posted(store, NOW + timedelta(days=2)) for store in stores))

    assert [text for texts in posted for text in texts] == [REMINDER.text]
    assert len(await _rows(stores[0], outbox)) == 1
    for store in stores:
        await store.close()


async def test_new_reminders_take_the_place_of_old_ones(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, (), reminders=(REMINDER,)))
    await _save(store, "telegram:1", Step(TALK, (), reminders=(Reminder(REMINDER.due, "新しい期限です。"),)))

    assert await _posted(store, NOW + timedelta(days=2)) == ["新しい期限です。"]


async def test_reminders_can_be_taken_back(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, (), reminders=(REMINDER,)))
    await _save(store, "telegram:1", Step(TALK, (), drops_reminders=True))

    assert await _posted(store, NOW + timedelta(days=2)) == []


async def test_a_reminder_of_the_web_comes_with_the_next_answer(store: Store) -> None:
    await _save(store, "web:abc", Step(TALK, (), reminders=(REMINDER,)))

    pushed = await _posted(store, NOW + timedelta(days=2))
    with_answer = await _save(store, "web:abc", Step(TALK, ()), NOW + timedelta(days=2))
    later = await _save(store, "web:abc", Step(TALK, ()), NOW + timedelta(days=3))

    assert pushed == []
    assert [one.text for one in with_answer][:1] == [REMINDER.text]
    assert later == ()


async def test_of_two_turns_at_once_the_second_is_told_to_look_again(store: Store) -> None:
    for _ in range(2):  # for a new conversation, and for one that is there
        kept = await store.conversation("telegram:1")
        await store.save("telegram:1", kept, Step(knowing(municipality="港区"), ()), NOW)

        with pytest.raises(Overtaken):
            await store.save("telegram:1", kept, Step(TALK, ()), NOW)

    assert (await store.conversation("telegram:1")).conversation.municipality == "港区"


async def test_one_chat_cannot_fill_the_list_of_open_questions(store: Store) -> None:
    for number in range(MOST_OPEN_QUESTIONS + 3):
        await _save(store, "telegram:1", Step(TALK, (), (Answered("unknown", question=f"質問{number}"),)))

    rows = await _rows(store, unanswered)

    assert len(rows) == MOST_OPEN_QUESTIONS
    assert rows[-1].question == f"質問{MOST_OPEN_QUESTIONS + 2}"


NOT_BY_CHAT = (audit, members)
"""Tables that hold nothing of a chat."""


async def _busy_chat(store: Store, number: int) -> str:
    """A chat with rows in every table."""
    chat = f"telegram:{number}"
    await _save(store, chat, Step(TALK, (), (Answered("unknown", question="わからないこと"),), (REMINDER,)))
    turns = [Arrival(number * 10 + one, chat, Said("質問"), "") for one in range(2)]
    await store.inbox.accept(turns, NOW)
    async with store.database.writing() as connection:
        await store.outbox.add(connection, [Message(chat, "sendMessage", {"text": "答え"})] * 2, "test")
    (parcel,) = [one for one in (await store.outbox.claim(10)).items if one.chat == chat]
    await store.outbox.settle(parcel, "sent", "ok")
    async with store.database.writing() as connection:
        asked = {"chat": chat, "question": "担当者への質問", "state": "open", "asked_at": NOW}
        await connection.execute(sa.insert(handovers).values(asked))
        await store.notices.tell(connection, chat, say("担当者からの返事です。"), "test", None, NOW)
    await store.logins.offer(chat, NOW)
    await store.logins.begin(chat, "", NOW)
    hearing = Hearing("m1", "message", "digest")
    await store.inbox.accept([Arrival(number + 100, chat, Said("保証料は？"), "", hearing)], NOW)
    async with store.database.writing() as connection:
        await note(store.database, connection, [Answer(chat, "m1", 0, 5)], NOW)
        await replied.keep(connection, chat, "a-turn", [say("答え")], NOW)
    return chat


async def test_every_row_of_a_group_that_moved_goes_along_and_what_stands_there_stays(store: Store) -> None:
    first, second = await _busy_chat(store, 1), await _busy_chat(store, 2)
    third = await _busy_chat(store, 3)
    async with store.database.writing() as connection:
        await move(connection, first, second)
        await move(connection, third, "telegram:-1003")

    for table in metadata.sorted_tables:
        if "chat" not in table.c or table in (heard, answers):  # messages have other numbers in the new chat
            continue
        values = {value for row in await _rows(store, table) for value in row}
        assert not {first, third} & values
        assert {second, "telegram:-1003"} <= values


async def test_forget_leaves_no_row_of_the_chat_in_any_table(store: Store) -> None:
    first, second = await _busy_chat(store, 1), await _busy_chat(store, 2)
    claimed = (await store.inbox.claim(10, never_told)).items[0]

    await store.forget(first)

    for table in metadata.sorted_tables:
        rows = await _rows(store, table)
        if table not in (processes, *NOT_BY_CHAT):
            assert rows
        assert first not in {value for row in rows for value in row}
    assert claimed.chat == first
    assert {row.chat for row in await _rows(store, outbox)} == {second}
    assert len(await _rows(store, attempts)) == 1


async def test_forgetting_from_the_inbox_leaves_nothing_once_the_last_answer_is_sent(store: Store) -> None:
    chat = await _busy_chat(store, 1)
    claimed = (await store.inbox.claim(10, never_told)).items[0]
    await store.inbox.accept([Arrival(99, chat, Said("あとの質問"), "")], NOW)

    await store.finish_forgotten(claimed, [Message(chat, "sendMessage", {"text": "消しました"})])
    (parcel,) = (await store.outbox.claim(10)).items
    await store.outbox.settle(parcel, "sent", "ok")

    assert parcel.payload == {"text": "消しました"}
    for table in metadata.sorted_tables:
        if table is not inbox:
            assert chat not in {value for row in await _rows(store, table) for value in row}
    rows = {row.update_id: (row.chat, row.state) for row in await _rows(store, inbox)}
    assert rows[claimed.update_id] == ("", "done")
    assert rows[99] == (chat, "waiting")


async def test_what_is_kept_about_a_chat_can_be_taken_away(store: Store) -> None:
    await _save(store, "telegram:1", Step(TALK, (), (Answered("unknown", question="わからないこと"),), (REMINDER,)), NOW)
    await _save(store, "telegram:2", Step(knowing(municipality="港区"), ()), NOW)

    kept = await store.export("telegram:1")

    assert set(kept) == {table.name for table in metadata.sorted_tables if "chat" in table.c}
    text = json.dumps(kept, ensure_ascii=False)
    assert "台東区" in text
    assert "わからないこと" in text
    assert "期限が近づいています" in text
    assert "港区" not in text


async def test_idle_conversations_are_deleted_but_not_those_that_wait_for_a_reminder(store: Store) -> None:
    await _save(store, "telegram:idle", Step(TALK, (), (Answered("unknown", question="古い質問"),)), NOW)
    await _save(store, "telegram:waiting", Step(TALK, (), reminders=(Reminder(NOW + timedelta(days=400), "期限です。"),)), NOW)
    await _save(store, "telegram:new", Step(TALK, ()), NOW + timedelta(days=300))
    async with store.database.writing() as connection:
        await ask(connection, "telegram:idle", "古い質問", NOW)

    gone = await store.retire(NOW + timedelta(days=200), NOW + timedelta(days=300))

    assert gone == 1
    assert {row.chat for row in await _rows(store, conversations)} == {"telegram:waiting", "telegram:new"}
    assert await _rows(store, unanswered) == []
    assert await _rows(store, handovers) == []

"""What is erased is gone: from all tables, from what waits for others, and from the files."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.inbox import Arrival
from bot.store.migrate import upgrade
from bot.store.outbox import Message
from bot.store.store import Store
from bot.store.tables import metadata, outbox, postings
from bot.talk.replies import Answered, say
from bot.talk.taken import HandOver, Reminder, Step
from bot.talk.turns import Said
from tests.store.helpers import never_told
from tests.talking import knowing

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DESK = "telegram:-100"
USER, OTHER = "telegram:1", "telegram:2"


def _to_desk(number: int, asked: HandOver) -> list[Message]:
    return [Message(DESK, "sendMessage", {"text": f"{number}：{asked.question}"})]


async def _hand_over(store: Store, chat: str, question: str) -> None:
    kept = await store.conversation(chat)
    await store.save(chat, kept, Step(kept.conversation, (), handover=HandOver(question, ())), NOW, _to_desk)


async def _fill(store: Store, chat: str, words: str) -> None:
    """Rows of a chat in every table that has any, with words to look for."""
    reminder = Reminder(NOW, f"{words}の期限です。")
    step = Step(knowing(municipality=words), (), (Answered("unknown", question=f"{words}？"),), (reminder,))
    await store.save(chat, await store.conversation(chat), step, NOW)
    await _hand_over(store, chat, f"{words}を担当者に")
    async with store.database.writing() as connection:
        await store.outbox.add(connection, [Message(chat, "sendMessage", {"text": words})], "test")
        await store.notices.tell(connection, chat, say(words), "test", None, NOW)
    await store.logins.offer(chat, NOW)
    await store.logins.begin(chat, "", NOW)


async def _waiting(store: Store) -> list[str]:
    async with store.database.reading() as connection:
        return list((await connection.execute(sa.select(outbox.c.payload).where(outbox.c.chat == DESK))).scalars())


async def _everything(store: Store) -> str:
    """Every value of every table."""
    async with store.database.reading() as connection:
        rows = [row for table in metadata.sorted_tables for row in await connection.execute(sa.select(table))]
    return "\n".join(str(value) for row in rows for value in row)


async def test_what_waits_to_be_sent_to_the_desk_goes_with_whoever_asked(store: Store) -> None:
    await _hand_over(store, USER, "消される質問")
    await _hand_over(store, OTHER, "残る質問")

    await store.forget(USER)

    assert "消される質問" not in await _everything(store)
    (left,) = await _waiting(store)
    assert "残る質問" in left


async def test_what_is_on_its_way_to_the_desk_is_not_answered_any_more(store: Store) -> None:
    await _hand_over(store, USER, "質問")
    (parcel,) = (await store.outbox.claim(10)).items
    await store.forget(USER)

    await store.outbox.settle(parcel, "sent", "ok", message_id=7)

    assert await store.handover_at(DESK, 7) is None
    assert USER not in await _everything(store)


async def test_the_desk_forgetting_its_own_chat_loses_no_question_of_others(store: Store) -> None:
    await _hand_over(store, USER, "利用者の質問")
    await _hand_over(store, OTHER, "次の質問")
    (parcel, *_) = (await store.outbox.claim(10)).items
    await store.outbox.settle(parcel, "sent", "ok", message_id=7)

    await store.forget(DESK)

    assert any("次の質問" in payload for payload in await _waiting(store))
    assert await store.handover_at(DESK, 7) is not None


async def test_the_desks_own_export_holds_no_question_of_others(store: Store) -> None:
    await _hand_over(store, USER, "利用者の質問")

    assert "利用者の質問" not in str(await store.export(DESK))


async def test_a_group_that_became_another_chat_is_forgotten_there_with_all_that_it_left(store: Store) -> None:
    old, new = "telegram:-200", "telegram:-1000200"
    await _fill(store, old, "渋谷の言葉")
    await store.inbox.accept([Arrival(1, old, Said("渋谷の言葉です"), "")], NOW)
    await store.inbox.claim(10, never_told)
    parcel = next(one for one in (await store.outbox.claim(10)).items if one.chat == old)

    await store.move(parcel, new)
    assert old not in await _everything(store)
    assert (await store.conversation(new)).conversation.municipality == "渋谷の言葉"

    await store.forget(new)
    left = await _everything(store)
    assert new not in left
    assert "渋谷の言葉" not in left


async def test_where_the_new_chat_talks_already_the_old_conversation_does_not_come_back(store: Store) -> None:
    old, new = "telegram:-200", "telegram:-1000200"
    await _fill(store, old, "前の言葉")
    await _fill(store, new, "今の言葉")
    parcel = next(one for one in (await store.outbox.claim(10)).items if one.chat == old)

    await store.move(parcel, new)

    assert (await store.conversation(new)).conversation.municipality == "今の言葉"
    assert old not in await _everything(store)


async def test_the_staff_chat_takes_its_messages_along(store: Store) -> None:
    await _hand_over(store, USER, "届いた質問")
    await _hand_over(store, OTHER, "これからの質問")
    first, second = (await store.outbox.claim(10)).items
    await store.outbox.settle(first, "sent", "ok", message_id=7)

    await store.move(second, "telegram:-1000100")

    assert await store.handover_at("telegram:-1000100", 7) is not None
    async with store.database.reading() as connection:
        assert set((await connection.execute(sa.select(outbox.c.chat))).scalars()) == {"telegram:-1000100"}
        assert set((await connection.execute(sa.select(postings.c.desk))).scalars()) == {"telegram:-1000100"}


MARK = "消えるはずの秘密の言葉"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("bot.db*"))


def _holds(folder: Path, words: str) -> list[str]:
    """Names of the files that hold some words, as they stand or as JSON escapes them."""
    forms = (words.encode(), words.encode("unicode_escape"))
    return [file.name for file in _files(folder) if any(form in file.read_bytes() for form in forms)]


async def _sqlite(folder: Path) -> Store:
    return await Store.open(f"sqlite+aiosqlite:///{folder}/bot.db")


async def test_what_was_erased_stands_in_no_file_any_more(tmp_path: Path) -> None:
    store = await _sqlite(tmp_path)
    for number in range(20):
        await _fill(store, f"telegram:{number + 10}", f"{MARK}{number}")
    assert _holds(tmp_path, MARK)

    for number in range(20):
        await store.forget(f"telegram:{number + 10}")

    assert _holds(tmp_path, MARK) == []
    await store.close()


async def test_every_connection_overwrites_what_it_deletes(tmp_path: Path) -> None:
    store = await _sqlite(tmp_path)

    async with store.database.writing() as connection:
        assert (await connection.exec_driver_sql("PRAGMA secure_delete")).scalar_one() == 1

    await store.close()


async def test_the_last_answer_leaves_no_trace_in_the_files_either(tmp_path: Path) -> None:
    store = await _sqlite(tmp_path)
    await store.inbox.accept([Arrival(1, "telegram:4711", Said("/forget"), "")], NOW)
    (claimed,) = (await store.inbox.claim(10, never_told)).items
    await store.finish_forgotten(claimed, [Message("telegram:4711", "sendMessage", {"text": "消しました"})])

    (parcel,) = (await store.outbox.claim(10)).items
    await store.outbox.settle(parcel, "sent", "ok", message_id=1)

    assert _holds(tmp_path, "telegram:4711") == []
    await store.close()


async def test_while_somebody_still_reads_erasing_waits_for_nobody_and_is_finished_later(tmp_path: Path) -> None:
    store = await _sqlite(tmp_path)
    await _fill(store, USER, MARK)

    async with store.database.snapshot() as connection:
        await connection.execute(sa.select(outbox))
        await store.forget(USER)
        assert (await store.conversation(USER)).revision == 0

    await store.close()
    assert _holds(tmp_path, MARK) == []


@pytest.mark.parametrize("before", [None, 0o644])
async def test_nobody_but_the_owner_may_read_the_files(tmp_path: Path, before: int | None) -> None:
    if before is not None:
        (tmp_path / "bot.db").touch(before)
    store = await _sqlite(tmp_path)
    await _fill(store, USER, MARK)

    assert len(_files(tmp_path)) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in _files(tmp_path)} == {0o600}
    await store.close()


async def test_what_an_older_program_deleted_without_overwriting_it_goes_with_the_upgrade(tmp_path: Path) -> None:
    old = Database.at(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    await upgrade(old.engine, "0004")
    async with old.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA secure_delete=OFF")
        for number in range(50):
            values = {"chat": f"telegram:{number}", "state": MARK * 50, "at": "2026-10-01 00:00:00"}
            await connection.execute(
                sa.text("insert into conversations (chat, state, updated_at) values (:chat, :state, :at)"), values
            )
        await connection.execute(sa.text("delete from conversations"))
        await connection.commit()
    await old.close()
    assert _holds(tmp_path, MARK)

    new = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    await new.close()

    assert _holds(tmp_path, MARK) == []

"""The outbox: in order within a chat, at the pace that Telegram allows, each call once or, when nobody knows, twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import steady
from bot.store.gates import Rate
from bot.store.outbox import Message, Parcel, Rates
from bot.store.store import Store
from bot.store.tables import attempts, outbox, reminders
from bot.talk.conversation import Conversation
from bot.talk.taken import Reminder, Step
from tests.store.conftest import UNHURRIED, MakeStore
from tests.talking import knowing

BEFORE = datetime(2026, 10, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _message(chat: int, text: str = "答え", **more: Any) -> Message:
    return Message(f"telegram:{chat}", "sendMessage", {"text": text}, **more)


async def _add(store: Store, *messages: Message) -> None:
    async with store.database.writing() as connection:
        await store.outbox.add(connection, messages, "test")


async def _claim(store: Store, limit: int = 20) -> list[Parcel]:
    return list((await store.outbox.claim(limit)).items)


async def _states(store: Store) -> list[str]:
    async with store.database.reading() as connection:
        return [row.state for row in await connection.execute(sa.select(outbox).order_by(outbox.c.id))]


async def _results(store: Store) -> list[str]:
    async with store.database.reading() as connection:
        return [row.result for row in await connection.execute(sa.select(attempts).order_by(attempts.c.id))]


async def test_calls_of_a_chat_go_one_after_the_other(store: Store) -> None:
    await _add(store, _message(1, "一"), _message(1, "二"), _message(2, "三"))

    first = await _claim(store)
    meanwhile = await _claim(store)
    await store.outbox.settle(first[0], "sent", "ok")
    second = await _claim(store)

    assert [one.payload["text"] for one in first] == ["一", "三"]
    assert meanwhile == []
    assert [one.payload["text"] for one in second] == ["二"]


async def test_a_press_is_acknowledged_beside_the_messages(store: Store) -> None:
    await _add(store, _message(1), Message("telegram:1", "answerCallbackQuery", {}, lane="callback:7"))

    assert {one.method for one in await _claim(store)} == {"sendMessage", "answerCallbackQuery"}


async def test_what_is_settled_keeps_no_text_but_how_it_went(store: Store) -> None:
    await _add(store, _message(1))
    (parcel,) = await _claim(store)
    await store.outbox.retry(parcel, 0.0, "failed", "NetworkError")
    (parcel,) = await _claim(store)

    await store.outbox.settle(parcel, "sent", "ok")

    assert await _states(store) == ["sent"]
    assert await _results(store) == ["failed", "ok"]
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(outbox.c.payload))).scalar_one() == ""


async def test_a_chat_gets_a_burst_and_then_one_after_the_other(make_store: MakeStore) -> None:
    store = await make_store(rates=Rates(UNHURRIED, lambda _: Rate(60.0, burst=2)))
    await _add(store, *[_message(1)] * 4, _message(2))

    sent = []
    for _ in range(4):
        for parcel in await _claim(store):
            sent.append(parcel.chat)
            await store.outbox.settle(parcel, "sent", "ok")
    claims = await store.outbox.claim(20)

    assert sorted(sent) == ["telegram:1", "telegram:1", "telegram:2"]
    assert claims.wait == pytest.approx(60, abs=5)


async def test_all_chats_together_and_all_processes_share_a_pace(make_store: MakeStore) -> None:
    rates = Rates(Rate(60.0, burst=3), lambda _: UNHURRIED)
    stores = [await make_store(rates=rates) for _ in range(2)]
    await _add(stores[0], *(_message(chat) for chat in range(5)))

    claimed = [parcel for store in stores for parcel in await _claim(store)]

    assert len(claimed) == 3
    assert (await stores[1].outbox.claim(20)).wait == pytest.approx(60, abs=5)


async def test_told_to_wait_a_chat_waits_and_the_others_do_not(store: Store) -> None:
    await _add(store, _message(1, "一"), _message(1, "二"))
    (parcel,) = await _claim(store)

    await store.outbox.pause(parcel, 30)
    await _add(store, _message(2))
    claims = await store.outbox.claim(20)

    assert [one.chat for one in claims.items] == ["telegram:2"]
    assert claims.wait == pytest.approx(30, abs=5)
    assert parcel.attempts == 1


async def test_waiting_is_over_when_the_server_said(store: Store) -> None:
    await _add(store, _message(1))
    (parcel,) = await _claim(store)

    await store.outbox.pause(parcel, 0.0)

    assert [one.attempts for one in await _claim(store)] == [1]  # being told to wait was no attempt


async def test_several_chats_told_to_wait_mean_that_all_wait(store: Store) -> None:
    await _add(store, *(_message(chat) for chat in range(3)))

    for parcel in await _claim(store):
        await store.outbox.pause(parcel, 30)
    await _add(store, _message(9))

    assert await _claim(store) == []


async def test_what_is_too_old_to_matter_is_dropped_and_the_rest_goes_on(store: Store) -> None:
    await _add(store, _message(1, "古い", lasts=-1.0), _message(1, "新しい"))

    first = await _claim(store)
    second = await _claim(store)

    assert first == []
    assert [one.payload["text"] for one in second] == ["新しい"]
    assert await _states(store) == ["dropped", "waiting"]


async def test_what_a_dead_process_was_sending_may_have_arrived(make_store: MakeStore) -> None:
    dying, living = await make_store(), await make_store()
    await _add(living, _message(1))
    (before,) = await _claim(dying)

    await dying.roster.leave()
    (after,) = await _claim(living)

    assert (before.again, after.again) == (False, True)


async def test_a_chat_that_blocked_us_loses_its_queue_and_its_reminders(store: Store) -> None:
    await _add(store, _message(1), _message(1), _message(2))
    due = Reminder(NOW, "期限です。")
    await store.save("telegram:1", await store.conversation("telegram:1"), Step(Conversation(), (), reminders=(due,)), BEFORE)
    first, _ = await _claim(store)

    await store.outbox.close(first, "Forbidden")

    assert await _states(store) == ["dropped", "dropped", "waiting"]
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(reminders))).all() == []


async def test_a_group_that_moved_takes_everything_along(store: Store) -> None:
    await store.save("telegram:-5", await store.conversation("telegram:-5"), Step(knowing(municipality="港区"), ()), NOW)
    await _add(store, _message(-5, "一"), _message(-5, "二"))
    (parcel,) = await _claim(store)

    await store.move(parcel, "telegram:-1005")
    (again,) = await _claim(store)

    assert (again.chat, again.payload["text"]) == ("telegram:-1005", "一")
    assert (await store.conversation("telegram:-1005")).conversation.municipality == "港区"


async def test_a_chat_forgotten_while_a_message_is_sent_stays_forgotten(store: Store) -> None:
    await _add(store, _message(1))
    (parcel,) = await _claim(store)
    await store.forget("telegram:1")

    await store.outbox.settle(parcel, "sent", "ok")

    assert await _states(store) == []
    assert await _results(store) == []


async def test_a_clock_that_is_set_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await _add(store, _message(1))
    before = steady()

    monkeypatch.setattr("time.time", lambda: before - 3600)

    assert abs(steady() - before) < 60
    assert len(await _claim(store)) == 1

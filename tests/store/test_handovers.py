"""Questions on their way to the desk: everybody gets a turn, and an answer finds whoever asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.gates import Rate
from bot.store.handovers import Asked
from bot.store.outbox import Message, Rates
from bot.store.store import Store
from bot.store.tables import handovers
from bot.talk.conversation import Conversation
from bot.talk.taken import HandOver, Step
from tests.store.conftest import UNHURRIED, MakeStore

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DESK = "telegram:-100"


def _to_desk(_: int, asked: HandOver) -> list[Message]:
    return [Message(DESK, "sendMessage", {"text": asked.question})]


async def _ask(store: Store, chat: str, *questions: str, at: datetime = NOW) -> None:
    for question in questions:
        step = Step(Conversation(), (), handover=HandOver(question, ()))
        await store.save(chat, await store.conversation(chat), step, at, _to_desk)


async def _send_one(store: Store) -> str:
    """Send whatever goes next."""
    (parcel,) = (await store.outbox.claim(1)).items
    await store.outbox.settle(parcel, "sent", "ok", message_id=parcel.id + 500)
    return str(parcel.payload["text"])


async def test_everybodys_first_question_comes_before_anybodys_second(store: Store) -> None:
    await _ask(store, "web:1", "一の一", "一の二", "一の三")
    await _ask(store, "web:2", "二の一")
    await _ask(store, "web:3", "三の一", "三の二")

    assert [await _send_one(store) for _ in range(6)] == ["一の一", "二の一", "三の一", "一の二", "三の二", "一の三"]


async def test_what_staff_are_told_in_their_chat_does_not_wait_behind_questions(store: Store) -> None:
    await _ask(store, "web:1", "質問")
    async with store.database.writing() as connection:
        await store.outbox.add(connection, [Message(DESK, "sendMessage", {"text": "お客様にお送りしました。"})], "test")

    assert [await _send_one(store) for _ in range(2)] == ["お客様にお送りしました。", "質問"]


async def test_a_question_that_cannot_be_sent_holds_up_only_its_own_chats(store: Store) -> None:
    await _ask(store, "web:1", "一の一", "一の二")
    await _ask(store, "web:2", "二の一")
    first = (await store.outbox.claim(1)).items[0]
    await store.outbox.retry(first, 3600, "failed")

    assert await _send_one(store) == "二の一"
    assert (await store.outbox.claim(10)).items == ()


async def test_questions_keep_the_pace_of_the_staffs_chat(make_store: MakeStore) -> None:
    store = await make_store(rates=Rates(UNHURRIED, lambda _: Rate(60.0, burst=2)))
    for number in range(5):
        await _ask(store, f"web:{number}", f"質問{number}")

    claims = await store.outbox.claim(10)

    assert [parcel.payload["text"] for parcel in claims.items] == ["質問0", "質問1"]
    assert (await store.outbox.claim(10)).items == ()


async def test_the_message_that_brought_a_question_is_remembered_by_its_chat_and_id(store: Store) -> None:
    await _ask(store, "web:1", "一")
    await _ask(store, "web:2", "二")
    parcels = (await store.outbox.claim(10)).items
    for parcel, message_id in zip(parcels, (71, 72), strict=True):
        await store.outbox.settle(parcel, "sent", "ok", message_id=message_id)

    async with store.database.reading() as connection:
        chats = {row.id: row.chat for row in await connection.execute(sa.select(handovers))}
    found = [chats.get(await store.handover_at(DESK, message_id) or 0) for message_id in (71, 72, 73)]
    assert found == ["web:1", "web:2", None]
    assert await store.handover_at("telegram:-200", 71) is None


async def test_while_a_question_is_being_sent_an_answer_may_be_quicker_than_its_note(store: Store) -> None:
    await _ask(store, "web:1", "質問")
    before = await store.is_posting(DESK)
    (parcel,) = (await store.outbox.claim(10)).items
    meanwhile = await store.is_posting(DESK)
    await store.outbox.settle(parcel, "sent", "ok", message_id=71)

    assert (before, meanwhile, await store.is_posting(DESK)) == (False, True, False)


async def test_questions_are_counted_by_chat(store: Store) -> None:
    await _ask(store, "web:1", "昔の質問", at=NOW - timedelta(days=2))
    await _ask(store, "web:1", "今日の質問")
    await _ask(store, "web:2", "ほかの人の質問")

    assert await store.handed_over("web:1", NOW - timedelta(days=1)) == Asked(waiting=2, lately=1)
    assert await store.handed_over("web:3", NOW) == Asked(0, 0)

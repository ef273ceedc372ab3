"""What the database knows of one entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.entry_records import EntryRecords
from bot.store.store import Kept, Store
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Found
from bot.talk.taken import Rated, Step
from tests.talking import knowing

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ANSWER = Answered("answer", (Found("abl-hosho", "ABL", 1.0),), 1.0)


async def _answered_and_rated(store: Store, rated: Rated) -> None:
    first = Step(knowing(municipality="台東区"), (), (ANSWER,))
    await store.save("web:1", Kept(), first, NOW)
    await store.save("web:1", await store.conversation("web:1"), Step(Conversation(), (), rated=rated), NOW)


async def test_a_question_that_an_answer_did_not_meet_is_known_with_its_entry(store: Store) -> None:
    await _answered_and_rated(store, Rated("partial", "abl-hosho", "ABLの費用は"))

    records = EntryRecords(store.database)
    wanting = await records.found_wanting("abl-hosho")
    answered = await records.answered("abl-hosho", NOW - timedelta(days=1))

    assert [(one.text, one.kind) for one in wanting] == [("ABLの費用は", "partial")]
    assert [(one.ward, one.rating) for one in answered] == [("台東区", "partial")]
    assert await records.found_wanting("another") == []
    assert await records.answered("abl-hosho", NOW + timedelta(days=1)) == []


async def test_a_question_that_is_settled_is_not_wanting_any_more(store: Store) -> None:
    await _answered_and_rated(store, Rated("wrong", "abl-hosho", "ABLの費用は"))
    (one,) = await store.staffing.open_questions(10)

    await store.staffing.settle_questions([one.id], "dismissed", "test")

    assert await EntryRecords(store.database).found_wanting("abl-hosho") == []

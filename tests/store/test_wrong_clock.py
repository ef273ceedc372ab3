"""A clock that was wrong: nobody waits for it, and nothing is deleted because of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store import retention
from bot.store.gates import Rate
from bot.store.inbox import Arrival
from bot.store.outbox import Message, Rates
from bot.store.retention import Retired
from bot.store.staffing import note
from bot.store.store import Store
from bot.store.tables import audit, conversations, gates, inbox, outbox
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Said
from tests.store.conftest import MakeStore
from tests.store.helpers import never_told

NOW = datetime(2026, 11, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
SLOW = Rate(2.0, burst=1)


async def _is_a_day_ahead(store: Store) -> None:
    """As if everything so far had been written by a clock that was a day ahead."""
    async with store.database.writing() as connection:
        for column in (inbox.c.due_at, outbox.c.due_at, gates.c.tat, gates.c.paused_until):
            await connection.execute(
                sa.update(column.table).where(column > 0).values({column.name: column + A_DAY.total_seconds()})
            )


async def _talks(store: Store, chats: Iterable[int], at: datetime) -> None:
    for chat in chats:
        await store.save(f"telegram:{chat}", await store.conversation(f"telegram:{chat}"), Step(Conversation(), ()), at)


async def _count(store: Store) -> int:
    async with store.database.reading() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(conversations))).scalar_one()


async def _retire(store: Store, now: datetime) -> Retired | None:
    return await store.retention.retire(now - A_YEAR, now)


async def test_messages_put_off_by_a_clock_that_was_ahead_are_taken_up(make_store: MakeStore) -> None:
    store = await make_store(turns=SLOW)
    await store.inbox.accept([Arrival(number, "telegram:1", Said("質問"), "") for number in (1, 2)], NOW)
    (first,) = (await store.inbox.claim(10, never_told)).items
    await store.inbox.release(first, delay=10, failed=True)
    await _is_a_day_ahead(store)

    claims = await store.inbox.claim(10, never_told)

    assert [one.update_id for one in claims.items] == [1]


async def test_a_chat_is_not_held_up_for_longer_than_its_rate(make_store: MakeStore) -> None:
    store = await make_store(turns=SLOW)
    await store.inbox.accept([Arrival(1, "telegram:1", Said("質問"), "")], NOW)
    (first,) = (await store.inbox.claim(10, never_told)).items
    await store.finish(first, await store.conversation(first.chat), Step(Conversation(), ()), (), NOW)
    await _is_a_day_ahead(store)
    await store.inbox.accept([Arrival(2, "telegram:1", Said("質問"), "")], NOW)

    assert [one.update_id for one in (await store.inbox.claim(10, never_told)).items] == [2]


async def test_calls_put_off_by_a_clock_that_was_ahead_are_made(make_store: MakeStore) -> None:
    store = await make_store(rates=Rates(Rate(0.01, burst=3), lambda _: Rate(0.01, burst=3)))
    async with store.database.writing() as connection:
        await store.outbox.add(connection, [Message(f"telegram:{chat}", "sendMessage", {}) for chat in range(3)], "test")
    for parcel in (await store.outbox.claim(10)).items:
        await store.outbox.pause(parcel, 5.0)
    await _is_a_day_ahead(store)

    assert len((await store.outbox.claim(10)).items) == 3


async def test_nothing_is_deleted_after_a_long_silence_which_may_be_a_clock_that_is_ahead(make_store: MakeStore) -> None:
    store = await make_store()
    await _talks(store, range(10), NOW)
    ahead = NOW + timedelta(days=400)

    at_once = await _retire(store, ahead)
    await _talks(store, [99], ahead)  # somebody writes
    after_another_start = await _retire(store, ahead + timedelta(hours=5))

    assert at_once is None
    assert after_another_start is None
    assert await _count(store) == 11


async def test_what_is_idle_goes_when_the_clock_has_held_for_a_day(make_store: MakeStore) -> None:
    store = await make_store()
    await _talks(store, range(10), NOW)
    later = NOW + timedelta(days=400)
    await _retire(store, later)

    assert await _retire(store, later + A_DAY) == Retired(10)


async def test_nothing_is_deleted_for_a_day_after_the_clock_was_set(make_store: MakeStore) -> None:
    store = await make_store()
    await _talks(store, [1], NOW)
    await _talks(store, [2], NOW + A_YEAR)
    later = NOW + A_YEAR + A_DAY
    await store.retention.doubt(later)

    assert await _retire(store, later + timedelta(hours=23)) is None
    assert await _retire(store, later + A_DAY) == Retired(1)


async def test_a_day_deletes_a_part_only_and_the_log_tells_of_it(make_store: MakeStore) -> None:
    store = await make_store()
    async with store.database.writing() as connection:
        rows = [{"chat": f"telegram:{n}", "state": "{}", "updated_at": NOW, "revision": 1} for n in range(300)]
        await connection.execute(sa.insert(conversations), rows)
    later = NOW + A_YEAR + A_DAY
    await _talks(store, [999], later)

    first = await _retire(store, later)
    soon = await _retire(store, later + timedelta(hours=1))
    next_day = await _retire(store, later + A_DAY)

    assert (first, soon, next_day) == (Retired(100, 200), Retired(), Retired(100, 100))
    assert [one.detail for one in await store.staffing.deeds(action="retention")] == [
        "会話100件（残り100件）",
        "会話100件（残り200件）",
    ]


async def test_the_log_of_the_staff_ends_after_two_years_and_failed_logins_do_not_fill_it(make_store: MakeStore) -> None:
    store = await make_store()
    most = retention.MOST_FAILED_LOGINS
    async with store.database.writing() as connection:
        values = {"who": "nobody", "subject": "", "detail": ""}
        old = {**values, "at": NOW - timedelta(days=800), "action": "login"}
        failed = [{**values, "at": NOW, "action": "login failed"} for _ in range(most + 700)]
        await connection.execute(sa.insert(audit), [old, *failed])
        await note(connection, "telegram:1", "login", "")

    await _retire(store, NOW)

    async with store.database.reading() as connection:
        kept = list((await connection.execute(sa.select(audit.c.action))).scalars())
    assert (kept.count("login failed"), kept.count("login")) == (most, 1)

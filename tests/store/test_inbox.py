"""The inbox: kept before it is acknowledged, handled once, in order within a chat, taken over from the dead."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.gates import Rate
from bot.store.inbox import MOST_WAITING, Arrival, Claimed, Throttled
from bot.store.store import Overtaken, Store
from bot.store.tables import inbox, processes
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Said
from tests.store.conftest import MakeStore
from tests.store.helpers import never_told

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DONE = Step(Conversation(), ())


def _arrival(update_id: int, chat: str = "telegram:1") -> Arrival:
    return Arrival(update_id, chat, Said(f"質問{update_id}"), "")


async def _claim(store: Store, limit: int = 10) -> list[Claimed]:
    return list((await store.inbox.claim(limit, never_told)).items)


async def _finish(store: Store, claimed: Claimed) -> None:
    await store.finish(claimed, await store.conversation(claimed.chat), DONE, (), NOW)


async def _rows(store: Store) -> dict[int, sa.Row[tuple[object, ...]]]:
    async with store.database.reading() as connection:
        return {row.update_id: row for row in await connection.execute(sa.select(inbox))}


async def test_an_update_delivered_twice_is_kept_once(store: Store) -> None:
    first = await store.inbox.accept([_arrival(1), _arrival(2)], NOW)
    again = await store.inbox.accept([_arrival(2), _arrival(3)], NOW)

    assert (first, again) == (2, 1)


async def test_an_update_delivered_again_after_it_is_done_stays_done(store: Store) -> None:
    await store.inbox.accept([_arrival(1)], NOW)
    await _finish(store, (await _claim(store))[0])

    await store.inbox.accept([_arrival(1)], NOW)

    assert await _claim(store) == []


async def test_one_update_a_chat_is_in_flight_and_the_oldest_comes_first(store: Store) -> None:
    await store.inbox.accept([_arrival(3), _arrival(2), _arrival(4, "telegram:2")], NOW)

    first = await _claim(store)
    meanwhile = await _claim(store)
    await _finish(store, first[0])
    second = await _claim(store)

    assert [one.update_id for one in first] == [2, 4]
    assert meanwhile == []
    assert [one.update_id for one in second] == [3]


async def test_an_older_update_that_comes_late_waits_for_the_one_in_flight(store: Store) -> None:
    await store.inbox.accept([_arrival(5)], NOW)
    (claimed,) = await _claim(store)

    await store.inbox.accept([_arrival(4)], NOW)
    meanwhile = await _claim(store)
    await _finish(store, claimed)

    assert meanwhile == []
    assert [one.update_id for one in await _claim(store)] == [4]


async def test_processes_that_claim_at_once_never_get_the_same(make_store: MakeStore) -> None:
    stores = [await make_store() for _ in range(3)]
    await stores[0].inbox.accept([_arrival(number, f"telegram:{number % 7}") for number in range(70)], NOW)
    handled: list[int] = []

    async def work(store: Store) -> None:
        while claimed := await _claim(store, 2):
            for one in claimed:
                handled.append(one.update_id)
                await _finish(store, one)

    while len(handled) < 70:
        await asyncio.gather(*(work(store) for store in stores))

    assert sorted(handled) == list(range(70))
    for chat in range(7):
        own = [number for number in handled if number % 7 == chat]
        assert own == sorted(own)


async def test_what_a_dead_process_had_in_hand_is_taken_over(make_store: MakeStore) -> None:
    dying, living = await make_store(), await make_store()
    await living.inbox.accept([_arrival(1)], NOW)
    (claimed,) = await _claim(dying)

    before = await _claim(living)
    await dying.roster.leave()
    (taken_over,) = await _claim(living)

    assert before == []
    assert (taken_over.update_id, taken_over.suspect) == (1, True)
    with pytest.raises(Overtaken):
        await _finish(dying, claimed)


async def test_a_process_that_was_taken_for_dead_changes_nothing_any_more(make_store: MakeStore) -> None:
    slow, quick = await make_store(), await make_store()
    await quick.inbox.accept([_arrival(1)], NOW)
    (claimed,) = await _claim(slow)
    async with quick.database.writing() as connection:
        await connection.execute(sa.delete(processes).where(processes.c.id == slow.roster.id))
    (taken_over,) = await _claim(quick)

    await _finish(quick, taken_over)

    with pytest.raises(Overtaken):
        await _finish(slow, claimed)
    assert (await quick.conversation("telegram:1")).revision == 1


async def test_a_settled_update_keeps_no_text(store: Store) -> None:
    await store.inbox.accept([_arrival(1)], NOW)

    await _finish(store, (await _claim(store))[0])

    row = (await _rows(store))[1]
    assert (row.state, row.turn, row.context, row.claimed_by) == ("done", "", "", None)


async def test_a_failed_attempt_waits_before_the_next_one(store: Store) -> None:
    await store.inbox.accept([_arrival(1), _arrival(2), _arrival(3, "telegram:2")], NOW)
    claimed, other = await _claim(store)

    await store.inbox.release(claimed, delay=60, failed=True)
    claims = await store.inbox.claim(10, never_told)

    assert other.chat == "telegram:2"
    assert claims.items == ()
    assert claims.wait == pytest.approx(60, abs=5)


async def test_an_update_set_aside_lets_its_chat_go_on(store: Store) -> None:
    await store.inbox.accept([_arrival(1), _arrival(2)], NOW)

    await store.set_aside((await _claim(store))[0], "ValueError at somewhere", ())

    row = (await _rows(store))[1]
    assert (row.state, row.error, row.turn) == ("failed", "ValueError at somewhere", "")
    assert [one.update_id for one in await _claim(store)] == [2]


async def test_a_chat_over_its_rate_waits_and_is_told_once(make_store: MakeStore) -> None:
    store = await make_store(turns=Rate(60.0, burst=2))
    told: list[Throttled] = []

    async def tell(_: AsyncConnection, throttled: Throttled) -> None:
        told.append(throttled)

    await store.inbox.accept([_arrival(number) for number in range(5)] + [_arrival(9, "telegram:2")], NOW)
    handled = []
    for _ in range(4):
        for claimed in (await store.inbox.claim(10, tell)).items:
            handled.append(claimed.update_id)
            await _finish(store, claimed)

    assert sorted(handled) == [0, 1, 9]
    assert told == [Throttled("telegram:1", "", 0)]
    assert [row.state for row in (await _rows(store)).values()].count("waiting") == 3


async def test_what_comes_after_very_many_is_refused_and_said_so(make_store: MakeStore) -> None:
    store = await make_store(turns=Rate(60.0, burst=1))
    told: list[Throttled] = []

    async def tell(_: AsyncConnection, throttled: Throttled) -> None:
        told.append(throttled)

    await store.inbox.accept([_arrival(number) for number in range(MOST_WAITING + 5)], NOW)
    (first,) = (await store.inbox.claim(10, tell)).items
    await _finish(store, first)
    await store.inbox.claim(10, tell)

    assert [one.refused for one in told] == [4]
    states = [row.state for row in (await _rows(store)).values()]
    assert (states.count("waiting"), states.count("refused")) == (MOST_WAITING, 4)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite processes look now and then
async def test_work_is_announced_to_other_processes(make_store: MakeStore) -> None:
    here, there = await make_store(), await make_store()
    event = there.signals.subscribe("inbox")
    listening = asyncio.create_task(there.signals.listen())
    async with asyncio.timeout(10):
        await event.wait()  # wakes once when it begins to listen
        event.clear()

        await here.inbox.accept([_arrival(1)], NOW)
        await event.wait()

    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

"""What comes again is told from what is new, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.store import turns
from bot.store.hearing import Answer, Hearing, Kind, note
from bot.store.inbox import Arrival
from bot.store.store import Store
from bot.store.tables import heard, inbox
from bot.talk.turns import Pressed, Repeated, Said, Sent, Turn

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHAT = "telegram:1"


async def _hear(
    store: Store, number: int, turn: Turn, kind: Kind = "message", key: str = "m1", digest: str = "", at: datetime = NOW
) -> None:
    hearing = Hearing(key, kind, digest or turns.dump(turn)[-30:])
    await store.inbox.accept([Arrival(number, CHAT, turn, "", hearing)], at)


async def _waiting(store: Store) -> dict[int, Turn]:
    async with store.database.reading() as connection:
        rows = await connection.execute(sa.select(inbox).where(inbox.c.state == "waiting").order_by(inbox.c.update_id))
        return {row.update_id: turns.load(row.turn) for row in rows}


@pytest.mark.parametrize(("kind", "words", "waits"), [("edit", "一", False), ("reaction", "一", False), ("edit", "二", True)])
async def test_only_an_edit_that_changes_something_waits(store: Store, kind: Kind, words: str, waits: bool) -> None:
    await _hear(store, 1, Said("一"))

    await _hear(store, 2, Said(words), kind)

    assert (2 in await _waiting(store)) is waits


async def test_a_reaction_to_what_was_never_heard_waits_for_nothing(store: Store) -> None:
    await _hear(store, 1, Said("一"), "reaction")

    assert await _waiting(store) == {}


async def test_an_album_waits_as_one_with_all_its_words(store: Store) -> None:
    await _hear(store, 1, Sent("photo"), "album", "a1")
    await _hear(store, 2, Said("一"), "album", "a1")
    await _hear(store, 3, Sent("photo"), "album", "a1")
    await _hear(store, 4, Said("二"), "album", "a1")

    assert await _waiting(store) == {1: Said("一\n二")}


async def test_an_album_that_comes_in_one_answer_of_the_server_waits_as_one(store: Store) -> None:
    hearing = Hearing("a1", "album", "")
    parts = [Arrival(number, CHAT, Said("一") if number == 2 else Sent("photo"), "", hearing) for number in (1, 2, 3)]

    await store.inbox.accept(parts, NOW)

    assert await _waiting(store) == {1: Said("一")}


async def test_an_album_delivered_at_once_over_several_connections_waits_as_one(store: Store) -> None:
    await asyncio.gather(*(_hear(store, number, Sent("photo"), "album", "a1") for number in range(1, 9)))

    assert len(await _waiting(store)) == 1


@pytest.mark.parametrize(("later", "again"), [(1, True), (6, False)])
async def test_the_same_press_within_seconds_is_one_press(store: Store, later: int, again: bool) -> None:
    await _hear(store, 1, Pressed("e:x"), "press", "b9")

    await _hear(store, 2, Pressed("e:x"), "press", "b9", at=NOW + timedelta(seconds=later))

    assert (await _waiting(store))[2] == (Repeated() if again else Pressed("e:x"))


async def test_a_press_on_a_message_that_has_changed_is_another_press(store: Store) -> None:
    await _hear(store, 1, Pressed("t:x:1"), "press", "b9", digest="□")

    await _hear(store, 2, Pressed("t:x:1"), "press", "b9", digest="☑")

    assert (await _waiting(store))[2] == Pressed("t:x:1")


async def test_answers_are_found_by_their_pages_and_kept_for_days(store: Store) -> None:
    async with store.database.writing() as connection:
        await note(store.database, connection, [Answer(CHAT, "m1", page, 10 + page) for page in range(3)], NOW)
        await note(store.database, connection, [Answer(CHAT, "m1", 1, 20)], NOW)

    assert [one.message_id for one in await store.hearings.answers(CHAT, "m1", 1)] == [20, 12]
    await store.hearings.drop(CHAT, "m1", 2)
    assert [one.message_id for one in await store.hearings.answers(CHAT, "m1", 0)] == [10, 20]

    await _hear(store, 1, Said("一"))
    await store.retire(NOW - timedelta(days=365), NOW + timedelta(days=4))
    assert await store.hearings.answers(CHAT, "m1", 0) == ()
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(heard))).all() == []

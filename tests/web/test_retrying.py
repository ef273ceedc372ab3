"""A turn of the web counts once, however often the page has to send it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa

from bot.store.store import Store
from bot.store.tables import conversations, questions, replied
from bot.talk.conversation import Conversation
from bot.talk.taken import Reminder, Step

TURN = {"id": "0123456789abcdef", "text": "台東区の製造業、従業員15人です"}


@pytest.fixture
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has a session."""
    async with httpx.AsyncClient(base_url=address) as client:
        await client.post("/turns", json={"start": True})
        yield client


async def _revisions(store: Store) -> list[int]:
    async with store.database.reading() as connection:
        return list((await connection.execute(sa.select(conversations.c.revision))).scalars())


async def test_a_turn_sent_again_gets_the_same_reply_and_changes_nothing(browser: httpx.AsyncClient, store: Store) -> None:
    first = await browser.post("/turns", json=TURN)
    revisions = await _revisions(store)

    again = await browser.post("/turns", json=TURN)

    assert again.json() == first.json()
    assert await _revisions(store) == revisions


async def test_a_turn_sent_again_while_it_is_under_way_counts_once(browser: httpx.AsyncClient, store: Store) -> None:
    answers = await asyncio.gather(*(browser.post("/turns", json=TURN) for _ in range(5)))

    assert len({answer.text for answer in answers}) == 1
    assert await _revisions(store) == [1]


async def test_the_same_words_as_another_turn_are_another_turn(browser: httpx.AsyncClient, store: Store) -> None:
    await browser.post("/turns", json=TURN)
    await browser.post("/turns", json=TURN | {"id": "fedcba9876543210"})

    assert await _revisions(store) == [2]


async def test_a_reminder_that_came_with_a_lost_reply_comes_again_with_it(browser: httpx.AsyncClient, store: Store) -> None:
    await browser.post("/turns", json=TURN | {"id": "fedcba9876543210"})
    async with store.database.reading() as connection:
        chat = (await connection.execute(sa.select(conversations.c.chat))).scalar_one()
    due = Reminder(datetime.now(UTC) - timedelta(days=1), "期限が近づいています。")
    await store.save(
        chat, await store.conversation(chat), Step(Conversation(), (), reminders=(due,)), due.due - timedelta(days=9)
    )

    first = await browser.post("/turns", json=TURN)
    again = await browser.post("/turns", json=TURN)

    assert "期限が近づいています。" in first.text
    assert again.json() == first.json()


async def test_another_session_has_other_turns(browser: httpx.AsyncClient, address: str, store: Store) -> None:
    await browser.post("/turns", json=TURN)

    async with httpx.AsyncClient(base_url=address) as other:
        await other.post("/turns", json=TURN)

    assert sorted(await _revisions(store)) == [1, 1]


async def test_replies_are_kept_for_a_day_and_not_beyond_forgetting(browser: httpx.AsyncClient, store: Store) -> None:
    await browser.post("/turns", json=TURN)
    await store.retention.retire(datetime.now(UTC) - timedelta(days=365), datetime.now(UTC) + timedelta(hours=25))
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(replied))).all() == []

    await browser.post("/turns", json=TURN | {"id": "fedcba9876543210"})
    await browser.post("/turns", json={"id": "0000000000000000", "text": "/forget"})

    async with store.database.reading() as connection:
        assert (await connection.execute(sa.select(replied))).all() == []
        assert (await connection.execute(sa.select(questions))).all() == []


@pytest.mark.parametrize("name", ["", "short", "x" * 65, "a b c d e f g h", "ああああああああ", 12345678])
async def test_an_id_of_another_form_is_refused(browser: httpx.AsyncClient, name: object) -> None:
    assert (await browser.post("/turns", json=TURN | {"id": name})).status_code == 422


async def test_a_page_is_told_when_its_session_is_a_new_one(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        first, second = [(await client.post("/turns", json={"text": "はい"})).json() for _ in range(2)]

    assert first["fresh"] is True
    assert second["fresh"] is False

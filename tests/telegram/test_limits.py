"""Somebody writes very fast, and an update cannot be handled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.channels.telegram.service import rates, work
from bot.channels.telegram.updates import Place
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.gates import Rate
from bot.store.inbox import Arrival
from bot.store.store import Store
from bot.store.tables import inbox
from bot.talk import phrases
from bot.talk.turns import Said
from bot.worker import Worker
from tests.bot_api.model import TOKEN
from tests.bot_api.server import BotApi
from tests.telegram.conftest import QUICK, Start

WARDS = ("台東区", "渋谷区", "港区", "中央区", "足立区", "北区")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store that takes three turns of a chat at once and then one a second."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db", turns=Rate(1.0, burst=3))
    yield opened
    await opened.close()


async def test_who_writes_too_fast_is_told_once_and_still_gets_every_answer(bot: BotApi) -> None:
    for ward in WARDS:
        bot.says(f"{ward}の窓口は？")

    await bot.until(lambda: len(bot.replies()) == len(WARDS) + 1)
    await bot.confirmed()

    texts = [message.text for message in bot.replies()]
    assert texts.count(phrases.TOO_FAST) == 1
    texts.remove(phrases.TOO_FAST)
    assert all(ward in text for ward, text in zip(WARDS, texts, strict=True))


async def test_another_chat_is_not_held_back(bot: BotApi) -> None:
    for ward in WARDS:
        bot.says(f"{ward}の窓口は？", chat_id=1)
    bot.says("台東区の窓口は？", chat_id=2)

    assert "上野支店" in (await bot.reply(chat_id=2)).text
    assert len(bot.replies(1)) <= len(WARDS)


@pytest.fixture
async def unreadable(store: Store) -> int:
    """An update in the inbox that no attempt can handle."""
    await store.inbox.accept([Arrival(7, "telegram:1", Said("窓口は？"), Place().dump())], datetime.now(UTC))
    async with store.database.writing() as connection:
        await connection.execute(sa.update(inbox).values(turn='{"from": "the future"}'))
    return 7


async def test_an_update_that_always_fails_is_set_aside_with_an_apology(
    unreadable: int, api: BotApi, start: Start, store: Store
) -> None:
    await start(api)
    api.says("台東区の窓口は？")

    apology, answer = await api.reply(0), await api.reply(1)

    assert phrases.FAILED in apology.text
    assert "上野支店" in answer.text
    async with store.database.reading() as connection:
        row = (await connection.execute(sa.select(inbox).where(inbox.c.update_id == unreadable))).one()
    assert (row.state, row.turn) == ("failed", "")
    assert row.error


@pytest.fixture
async def misplaced(store: Store) -> None:
    """An update whose note on where to answer cannot be read."""
    await store.inbox.accept([Arrival(7, "telegram:1", Said("窓口は？"), '{"topic": []}')], datetime.now(UTC))


async def test_an_apology_comes_even_when_its_place_is_lost(misplaced: None, api: BotApi, start: Start) -> None:
    await start(api)
    api.says("台東区の窓口は？")

    assert phrases.FAILED in (await api.reply(0)).text
    assert "上野支店" in (await api.reply(1)).text


async def test_staff_hear_of_it(unreadable: int, api: BotApi, kb: KnowledgeBase, store: Store) -> None:
    settings = Settings(_env_file=None, token=SecretStr(TOKEN), api_url=api.address, admin_ids=(42,))  # type: ignore[call-arg]
    async with AsyncExitStack() as stack:
        working = asyncio.create_task(work(Worker(kb, store, Metrics()), settings, QUICK))
        stack.callback(working.cancel)

        assert str(unreadable) in (await api.reply(0, chat_id=42)).text


def test_the_pace_is_telegrams_own() -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]

    paces = rates(settings)

    assert paces.overall == Rate(1 / 30, burst=10)
    assert paces.of("telegram:1").interval == 1.0
    assert paces.of("telegram:-100").interval * (20 - paces.of("telegram:-100").burst) == 60.0

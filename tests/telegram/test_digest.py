"""The week's digest in the staff's chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.channels.telegram.service import Compose
from bot.desk import Desk
from bot.digest import Weekly, due_since
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.store.store import Store
from bot.talk import phrases
from bot.worker import Reception, Worker
from tests.bot_api.server import BotApi
from tests.telegram.conftest import configured, serving

STAFF = -100
RECEPTION = Reception(Desk(f"telegram:{STAFF}", time(9), time(17), timedelta(hours=2)), Compose())
MONDAY_AT_NINE = datetime(2026, 11, 9, 0, 0, tzinfo=UTC)


class Clock:
    """What the bot takes for the time."""

    now = MONDAY_AT_NINE - timedelta(days=3)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(kb: KnowledgeBase, store: Store, clock: Clock) -> Worker:
    return Worker(kb, store, Metrics(), clock, RECEPTION)


@pytest.fixture
async def bot(api: BotApi, worker: Worker) -> AsyncIterator[BotApi]:
    async with serving(api, worker, configured(api, staff_chat=STAFF)):
        yield api


async def test_on_monday_the_staff_read_what_was_asked_and_what_was_missing(bot: BotApi, worker: Worker, clock: Clock) -> None:
    for number, question in enumerate(["セーフティネット保証とは", "社宅の補助はありますか"]):
        bot.says(question)
        await bot.reply(number)
    bot.presses(await bot.reply(1), phrases.ASK_PERSON)
    bot.presses(await bot.reply(2), phrases.SEND)
    await bot.reply(0, STAFF)
    clock.now = MONDAY_AT_NINE

    await Weekly(worker, RECEPTION).post()

    told = (await bot.reply(1, STAFF)).text
    assert "11月2日〜11月8日" in told
    assert "ご質問：2件" in told
    assert "お答えした：1件（50%）" in told
    assert "「社宅の補助はありますか」：1件" in told
    assert "セーフティネット保証：1件" in told
    assert "返事を待っている方：1件" in told
    assert "/stale" in told


async def test_it_comes_once_a_week(worker: Worker, clock: Clock) -> None:
    weekly = Weekly(worker, RECEPTION)
    sent = []
    for hours in (-1, 0, 1, 24, 7 * 24 - 1, 7 * 24, 7 * 24 + 1):
        clock.now = MONDAY_AT_NINE + timedelta(hours=hours)
        sent.append(await weekly.post())

    assert sent == [False, True, False, False, False, True, False]


async def test_of_several_processes_one_sends_it(kb: KnowledgeBase, database_url: str, clock: Clock) -> None:
    clock.now = MONDAY_AT_NINE
    stores = [await Store.open(database_url) for _ in range(3)]

    sent = await asyncio.gather(*(Weekly(Worker(kb, store, Metrics(), clock), RECEPTION).post() for store in stores))

    assert sorted(sent) == [False, False, True]
    for store in stores:
        await store.close()


@pytest.mark.parametrize(
    ("days", "due"), [(0, True), (1, True), (1.6, True), (1.7, False), (3, False), (6.99, False), (7, True), (-0.01, False)]
)
def test_what_could_not_go_out_on_monday_still_goes_out_on_tuesday(days: float, due: bool) -> None:
    assert (due_since(MONDAY_AT_NINE + timedelta(days=days), time(9)) is not None) == due

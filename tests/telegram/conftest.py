"""A bot that answers on a loopback Bot API server: real HTTP, real database file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.channels.telegram.calling import Pace
from bot.channels.telegram.service import Compose, take_in, work
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.store import Store
from bot.worker import Reception, Steward, Worker
from tests.bot_api.model import TOKEN
from tests.bot_api.server import BotApi, running

QUICK = Pace(poll=5, first_wait=0.01, longest_wait=0.05, typing=0.5, drain=2.0, reminders=0.2)

Start = Callable[[BotApi], Awaitable[None]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """The server alone, with no bot on it yet."""
    async with running() as server:
        yield server


def configured(api: BotApi, staff_chat: int | None = None, admin_ids: tuple[int, ...] = ()) -> Settings:
    """Settings of a bot on a server."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        token=SecretStr(TOKEN),
        api_url=api.address,
        staff_chat=staff_chat,
        admin_ids=admin_ids,
    )


def reception(settings: Settings) -> Reception:
    """The people behind a staff chat."""
    assert settings.desk is not None
    return Reception(settings.desk, Compose())


@asynccontextmanager
async def serving(api: BotApi, worker: Worker, settings: Settings, steward: Steward | None = None) -> AsyncIterator[None]:
    """A bot that takes in what a server has for it, and answers."""
    store = worker.store
    tasks = [
        asyncio.create_task(take_in(store, worker.metrics, settings, None, QUICK)),
        asyncio.create_task(work(worker, settings, QUICK, steward)),
    ]
    api.settled = lambda: settled(store)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def start(kb: KnowledgeBase, store: Store) -> AsyncIterator[Start]:
    """Starts the bot on a server; stops it at the end of the test."""
    async with AsyncExitStack() as stack:

        async def begin(api: BotApi) -> None:
            await stack.enter_async_context(serving(api, Worker(kb, store, Metrics()), configured(api)))

        yield begin


async def settled(store: Store) -> None:
    """Wait until nothing waits in the queues."""
    changed = store.signals.subscribe("outbox")
    while True:
        changed.clear()
        depths = await store.depths()
        if not depths.inbox and not depths.outbox:
            return
        await changed.wait()


@pytest.fixture
async def bot(api: BotApi, start: Start) -> BotApi:
    """The server with the bot on it; the tests speak to the bot through it."""
    await start(api)
    return api

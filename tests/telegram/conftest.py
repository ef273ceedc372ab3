"""A bot that answers on a loopback Bot API server: real HTTP, real database file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.telegram.sending import Pace
from bot.channels.telegram.service import run_telegram
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.database import Store
from bot.worker import Worker
from tests.bot_api.server import TOKEN, BotApi, running

QUICK = Pace(poll=5, first_wait=0.01, longest_wait=0.05, typing=0.5, drain=2.0, reminders=0.2)

Start = Callable[[BotApi], Awaitable[None]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """The server alone, with no bot on it yet."""
    async with running() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty SQLite file."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    yield opened
    await opened.close()


@pytest.fixture
async def start(kb: KnowledgeBase, store: Store) -> AsyncIterator[Start]:
    """Starts the bot on a server; stops it at the end of the test."""
    async with AsyncExitStack() as stack:

        async def begin(api: BotApi) -> None:
            stop = asyncio.Event()
            settings = Settings(_env_file=None, token=SecretStr(TOKEN), api_url=api.address)  # type: ignore[call-arg]
            serving = asyncio.create_task(run_telegram(Worker(kb, store, Metrics()), settings, stop, QUICK))

            async def end() -> None:
                stop.set()
                await serving

            stack.push_async_callback(end)

        yield begin


@pytest.fixture
async def bot(api: BotApi, start: Start) -> BotApi:
    """The server with the bot on it; the tests speak to the bot through it."""
    await start(api)
    return api

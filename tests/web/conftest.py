"""A running web chat: real server, real database file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.web.app import make_app
from bot.channels.web.serve import listen, serve
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.store.database import Store
from bot.worker import Worker


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty SQLite file."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    yield opened
    await opened.close()


@pytest.fixture
async def address(kb: KnowledgeBase, store: Store) -> AsyncIterator[str]:
    """Where the chat is served while a test runs."""
    stop = asyncio.Event()
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        serving = asyncio.create_task(serve(make_app(Worker(kb, store, Metrics())), listening, stop))
        yield f"http://127.0.0.1:{port}"
        stop.set()
        await serving

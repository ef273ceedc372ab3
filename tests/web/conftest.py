"""A running web chat: real server, real database file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.web.app import chat_routes, make_app
from bot.channels.web.connections import Door
from bot.channels.web.health import health_routes
from bot.channels.web.serve import listen, serve
from bot.channels.web.sessions import Sessions
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.store.gates import Rate
from bot.store.store import Store
from bot.worker import Worker

SECRET = "of the tests"  # it signs nothing but cookies of this server
PER_SESSION = Rate.per_minute(30, burst=20)


@asynccontextmanager
async def serving(worker: Worker, door: Door | None = None) -> AsyncIterator[str]:
    """Where the chat of a worker is served."""
    stop = asyncio.Event()
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        routes = [*chat_routes(worker, Sessions(SECRET), PER_SESSION), *health_routes(worker.store, worker.metrics, worker)]
        running = asyncio.create_task(serve(make_app(routes), listening, stop, door or Door(100)))
        yield f"http://127.0.0.1:{port}"
        stop.set()
        await running


@pytest.fixture
async def address(kb: KnowledgeBase, store: Store) -> AsyncIterator[str]:
    """Where the chat is served while a test runs."""
    async with serving(Worker(kb, store, Metrics())) as address:
        yield address

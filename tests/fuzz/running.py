"""A bot that takes generated input one at a time, and tells whether anything went wrong inside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from bot.channels.telegram.arriving import Arrivals
from bot.channels.telegram.service import Compose
from bot.channels.telegram.updates import Me
from bot.channels.telegram.webhook import Webhook
from bot.channels.web.app import chat_routes, make_app
from bot.channels.web.health import health_routes
from bot.channels.web.sessions import Sessions
from bot.knowledge.base import KnowledgeBase
from bot.metrics import Metrics
from bot.roles import Roles
from bot.store.gates import Rate
from bot.store.store import Store
from bot.worker import InboxWorker, Worker
from tests.bot_api.model import ME
from tests.fuzz.inputs import SECRET

_UNLIMITED = Rate(0.0, 1)


class Target:
    """The whole way from an update or a request to the outbox."""

    def __init__(self, kb: KnowledgeBase, store: Store) -> None:
        self._metrics = Metrics()
        self._store = store
        worker = Worker(kb, store, self._metrics)
        self._inbox = InboxWorker(worker, Compose(), Roles(store.members, ()))
        self._arrivals = Arrivals(store, Me(ME["id"], ME["username"]), self._metrics)
        webhook = Webhook(SECRET)
        webhook.open(self._arrivals)
        routes = [*chat_routes(worker, Sessions(SECRET), _UNLIMITED), *health_routes(store, self._metrics, worker), webhook.route]
        self._app = make_app(routes)
        self._requests = 0

    async def update(self, raw: object) -> None:
        """Take an update in and handle what came of it. Raises when anything failed on the way."""
        await self._arrivals.accept([raw])
        await self._handle()

    async def request(self, arguments: dict[str, Any]) -> int:
        """Send a request, each from an address of its own; returns the status. Raises what the application raises."""
        self._requests += 1
        address = f"10.{self._requests >> 16 & 255}.{self._requests >> 8 & 255}.{self._requests & 255}"
        transport = httpx.ASGITransport(self._app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as client:
            answer = await client.request(**arguments)
        await self._handle()
        return answer.status_code

    async def _handle(self) -> None:
        while claims := (await self._inbox.claim(16)).items:
            for claimed in claims:
                await self._inbox.handle(claimed)
        failures = self._metrics.failures._value.get()  # the library reads it no other way
        assert not failures, "an update could not be handled"


@contextmanager
def target(kb: KnowledgeBase, url: str) -> Iterator[tuple[asyncio.Runner, Target]]:
    """A target over a fresh database, and the loop to run it in."""
    with asyncio.Runner() as runner:
        store = runner.run(Store.open(url, turns=_UNLIMITED))
        try:
            yield runner, Target(kb, store)
        finally:
            runner.run(store.close())

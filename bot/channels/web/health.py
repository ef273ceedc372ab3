"""``/healthz``, ``/readyz`` and ``/metrics``, for whoever keeps the process running."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.store.database import FAILURES
from bot.store.store import Store
from bot.worker import Worker

log = logging.getLogger(__name__)
Result = TypeVar("Result")
_FRESH = 1.0
"""Seconds for which an answer holds."""

_PATIENCE = 3.0
"""Seconds that the database may take to answer."""


def health_routes(store: Store, metrics: Metrics, worker: Worker | None) -> list[Route]:
    """The routes of one process; without a worker it only takes updates in."""

    writable = Probe(store.try_to_write)

    async def healthz(_: Request) -> Response:
        try:
            await _in_time(writable.ask())
        except FAILURES as error:
            log.warning("the database cannot be written (%s)", type(error).__name__)
            return PlainTextResponse("the database cannot be written\n", 503)
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        if worker is None:
            return JSONResponse({"knowledge_base": None})
        kb = worker.kb
        return JSONResponse({"knowledge_base": kb.version, "entries": len(kb.content.entries)})

    async def show_metrics(_: Request) -> Response:
        with suppress(*FAILURES):  # what this process counted is worth showing even so
            metrics.observe(await _in_time(store.depths()), store.roster.alive, datetime.now(UTC))
        return Response(metrics.render(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", show_metrics)]


class Probe:
    """A look that costs something: many who ask within a second share one."""

    def __init__(self, look: Callable[[], Coroutine[object, object, None]]) -> None:
        self._look = look
        self._last: asyncio.Task[None] | None = None
        self._fresh_until = 0.0

    async def ask(self) -> None:
        """Raises what the look raised."""
        now = asyncio.get_running_loop().time()
        if self._last is None or (self._last.done() and now >= self._fresh_until):
            self._last = asyncio.create_task(self._look())
            self._fresh_until = now + _FRESH
        await asyncio.shield(self._last)


async def _in_time(work: Coroutine[object, object, Result]) -> Result:
    """The result, if it comes soon; otherwise the work goes on unwatched. Raises :class:`TimeoutError`."""
    return await asyncio.wait_for(asyncio.shield(work), _PATIENCE)

"""Claims work as it comes and does it side by side."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.store.claims import Claims
from bot.store.database import FAILURES

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Result = TypeVar("Result")


def backoff(failures: int, first: float = 0.25, longest: float = 15.0) -> float:
    """Seconds to wait after so many failures in a row: doubling, with jitter so that processes do not march in step."""
    return min(longest, first * 2.0 ** min(failures - 1, 16)) * random.uniform(0.5, 1.0)  # noqa: S311


async def persist(make: Callable[[], Awaitable[Result]]) -> Result:
    """The result of a transaction that must happen: tried until the database is back."""
    failures = 0
    while True:
        try:
            return await make()
        except FAILURES as error:
            failures += 1
            if failures in {1, 10, 100}:
                log.warning("the database does not take what must be kept (%s); trying again", type(error).__name__)
            await asyncio.sleep(backoff(failures))


_GATHER_SECONDS = 0.01


class Pump(Generic[Item]):
    """Keeps up to ``parallel`` items in hand. Looks for more when woken, when something falls due, and every ``poll`` seconds."""

    def __init__(
        self,
        claim: Callable[[int], Awaitable[Claims[Item]]],
        work: Callable[[Item], Awaitable[None]],
        wake: asyncio.Event,
        parallel: int,
        poll: float,
    ) -> None:
        self._claim = claim
        self._work = work
        self._wake = wake
        self._parallel = parallel
        self._poll = poll
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def in_hand(self) -> int:
        return len(self._tasks)

    async def run(self) -> None:
        """Work until cancelled; what is in hand then goes on until :meth:`drain`."""
        failures = 0
        while True:
            if self._tasks:  # more will have come to their end or come in by then; one look serves them all
                await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            wait: float | None = None
            if free := self._parallel - len(self._tasks):
                try:
                    claims = await self._claim(free)
                except FAILURES as error:
                    failures += 1
                    wait = backoff(failures, longest=self._poll)
                    log.warning("looking for work failed (%s), next try in %.1f s", type(error).__name__, wait)
                else:
                    failures = 0
                    for item in claims.items:
                        self._start(item)
                    wait = claims.wait
            try:
                async with asyncio.timeout(self._poll if wait is None else min(wait, self._poll)):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def drain(self, seconds: float) -> None:
        """Let what is in hand come to its end, for so long; the rest is given up and taken over by others."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _start(self, item: Item) -> None:
        task = asyncio.ensure_future(self._work(item))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work failed unexpectedly: %s", trace(error))


def trace(error: BaseException) -> str:
    """Where an unexpected error came from, without its message, which may quote data."""
    frames = []
    step = error.__traceback__
    while step is not None:
        frames.append(f"{step.tb_frame.f_globals.get('__name__', '?')}:{step.tb_lineno}")
        step = step.tb_next
    return f"{type(error).__name__} at {' > '.join(frames[-6:])}"

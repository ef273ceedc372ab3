"""Calls of the Bot API: how often one is tried, how long is waited, and what is said about failures in the log."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import httpx
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.metrics import Metrics

# python-telegram-bot warns at every RetryAfter unless its coming type for durations is asked for.
os.environ.setdefault("PTB_TIMEDELTA", "1")

log = logging.getLogger(__name__)

ATTEMPTS = 3
Result = TypeVar("Result")
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the channel works; all in seconds but ``parallel``.

    ``patience`` is how long one slow chat may keep the others from getting new updates.
    """

    poll: int = 30
    first_wait: float = 0.5
    longest_wait: float = 30.0
    patience: float = 0.25
    typing: float = 1.0
    drain: float = 5.0
    parallel: int = 16
    reminders: float = 30.0

    def wait(self, failures: int) -> float:
        """How long to wait after so many failures in a row: doubling, with jitter so that clients do not march in step."""
        return min(self.longest_wait, self.first_wait * 2.0 ** min(failures - 1, 16)) * random.uniform(0.5, 1.0)  # noqa: S311


class QuietRequest(HTTPXRequest):
    """Connections to the Bot API; unlike the library's they never log what a server answered."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """The answer as an object. Raises :class:`telegram.error.NetworkError`, for a proxy's error page above all."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("The server's answer is no JSON object")
        return answer


class Gateway:
    """Makes calls with at most :data:`ATTEMPTS` attempts each and a bounded number at a time."""

    def __init__(self, metrics: Metrics, pace: Pace) -> None:
        self.pace = pace
        self.slots = asyncio.Semaphore(pace.parallel)
        self._metrics = metrics

    async def call(self, make: Callable[[], Awaitable[Result]]) -> Result:
        """The result of a call. Raises the last :class:`telegram.error.TelegramError`.

        What surely did not arrive is sent again. After a connection that broke too late to know,
        it is sent again once: a message may come twice, but none is lost.
        """
        uncertain = 0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self.slots:
                    result = await make()
            except (BadRequest, Forbidden, InvalidToken) as error:
                self._count("blocked" if isinstance(error, Forbidden) else "refused")
                raise
            except TelegramError as error:
                limited = isinstance(error, RetryAfter)
                self._count("limited" if limited else "failed")
                uncertain += may_have_arrived(error)
                if attempt == ATTEMPTS or uncertain > 1 or not isinstance(error, RetryAfter | NetworkError):
                    raise
                await asyncio.sleep(seconds(error) if isinstance(error, RetryAfter) else self.pace.wait(attempt))
            else:
                self._count("ok")
                return result
        raise AssertionError("unreachable")  # the last attempt returned or raised

    async def once(self, make: Callable[[], Awaitable[object]], within: float) -> None:
        """A call that may fail without harm: one attempt of so many seconds, no complaint."""
        try:
            async with asyncio.timeout(within):
                await make()
        except (TelegramError, TimeoutError) as error:
            log.debug("a call that may fail did: %s", describe(error))

    def _count(self, result: str) -> None:
        self._metrics.sends.labels(result).inc()


def seconds(error: RetryAfter) -> float:
    """How long the server asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def may_have_arrived(error: TelegramError) -> bool:
    """Whether the server may have done what was asked although no answer came."""
    cause = error.__cause__
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NOT_SENT)


def describe(error: BaseException) -> str:
    """An error for the log, without anything a user wrote: descriptions may quote a message after their first colon."""
    name = type(error).__name__
    if isinstance(error, BadRequest | Forbidden | Conflict):
        return f"{name}: {error.message.partition(':')[0][:100]}"
    cause = error.__cause__
    return f"{name} ({type(cause).__name__})" if cause is not None else name


def trace(error: BaseException) -> str:
    """Where an unexpected error came from, without its message, which may quote data."""
    frames = []
    step = error.__traceback__
    while step is not None:
        frames.append(f"{step.tb_frame.f_globals.get('__name__', '?')}:{step.tb_lineno}")
        step = step.tb_next
    return f"{type(error).__name__} at {' > '.join(frames[-6:])}"

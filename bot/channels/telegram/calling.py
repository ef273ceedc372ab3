"""Connections to the Bot API, how long is waited for them, and what is said about their failures in the log."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import timedelta

import httpx
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.pump import backoff

# python-telegram-bot warns at every RetryAfter unless its coming type for durations is asked for.
os.environ.setdefault("PTB_TIMEDELTA", "1")

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the channel works; all in seconds but ``parallel``, which is how many turns and calls go on at once."""

    poll: int = 30
    first_wait: float = 0.5
    longest_wait: float = 30.0
    typing: float = 1.0
    drain: float = 3.0
    parallel: int = 16
    reminders: float = 30.0

    def wait(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        return backoff(failures, self.first_wait, self.longest_wait)


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

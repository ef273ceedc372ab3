"""The address that Telegram delivers to."""

from __future__ import annotations

import hmac
import json
import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.http import read_body
from bot.channels.telegram.arriving import Arrivals
from bot.store.database import FAILURES

log = logging.getLogger(__name__)

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1024 * 1024
"""Bytes of an update; Telegram's own are far shorter."""


class Webhook:
    """Commits what is delivered and only then answers 200; anything else makes Telegram deliver it again."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._ready: Arrivals | None = None

    def open(self, arrivals: Arrivals) -> None:
        """Begin to take updates; until then deliveries are asked to come again."""
        self._ready = arrivals

    def close(self) -> None:
        """Take no more: the process stops."""
        self._ready = None

    @property
    def route(self) -> Route:
        return Route(PATH, self._deliver, methods=["POST"])

    async def _deliver(self, request: Request) -> Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return PlainTextResponse("wrong secret token\n", 403)
        if self._ready is None:
            return PlainTextResponse("not taking updates now\n", 503, {"Retry-After": "1"})
        body = await read_body(request, MAX_BODY)
        if body is None:
            return PlainTextResponse("too long\n", 413)
        try:
            update: object = json.loads(body)
        except (ValueError, RecursionError):
            return PlainTextResponse("no JSON\n", 400)
        try:
            number = await self._ready.accept([update])
        except FAILURES as error:
            log.warning("an update could not be kept (%s); Telegram will deliver it again", type(error).__name__)
            return PlainTextResponse("try again\n", 500)
        return PlainTextResponse("ok\n" if number is not None else "no update\n", 200 if number is not None else 400)

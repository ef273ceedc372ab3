"""What every response of ours carries."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from bot.pump import trace

log = logging.getLogger(__name__)


class RequestId:
    """Names each request: in the log lines of what it leads to, and in the response."""

    _GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        name = given if self._GIVEN.fullmatch(given) else secrets.token_hex(8)

        async def send_with_name(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = name
            await send(message)

        with bound_contextvars(request=name):
            await self._app(scope, receive, send_with_name)


class SafeHeaders:
    """Adds the headers that keep other sites out of every response."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class LastResort:
    """Answers a request that nothing else could, with one line in the log; a traceback would quote what was sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            log.error("a request failed: %s", trace(error))  # noqa: TRY400  # see above
            if scope["type"] == "http" and not started:
                await PlainTextResponse("this request could not be answered\n", 500)(scope, receive, send)

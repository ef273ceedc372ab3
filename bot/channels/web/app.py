"""The HTTP application: the chat page, its turns, and ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

import hashlib
import logging
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.advisor import phrases
from bot.channels.road import draw
from bot.channels.web.payloads import TurnSent, shown
from bot.dialogs.catalog.roadmap import STAGES
from bot.worker import Worker, asks_to_forget

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
COOKIE = "michishirube"
_A_YEAR = 365 * 24 * 3600
_KEY_LENGTH = 32
MAX_BODY = 128 * 1024
"""Bytes of a request: room for the longest text with every character escaped."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app(worker: Worker) -> Starlette:
    """The application around a worker."""
    templates = Jinja2Templates(_HERE / "templates")
    version = _version_of(_HERE / "static")

    async def page(request: Request) -> Response:
        response = templates.TemplateResponse(request, "chat.html", {"version": version})
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def take(request: Request) -> Response:
        if not _from_our_page(request):
            return _problem(403, "このページからだけ送信できます。ページを開き直してください。")
        body = await _read(request)
        if body is None:
            return _problem(413, "文章が長すぎます。知りたいことを短く書いて送ってください。")
        try:
            turn = TurnSent.model_validate_json(body).turn
        except ValidationError:
            return _problem(422, "うまく読み取れませんでした。知りたいことを短い言葉で送ってください。")
        key = request.cookies.get(COOKIE, "")
        known = len(key) == _KEY_LENGTH and key.isalnum()
        session = key if known else secrets.token_hex(_KEY_LENGTH // 2)
        try:
            replies = await worker.take(f"web:{session}", turn)
        except Exception:  # the page must get an answer whatever happened
            worker.metrics.failures.inc()
            log.exception("a turn on the web failed")
            return _problem(500, phrases.FAILED)
        response = JSONResponse({"replies": [shown(reply) for reply in replies], "forgotten": asks_to_forget(turn)})
        if not known:
            response.set_cookie(
                COOKIE, session, max_age=_A_YEAR, httponly=True, samesite="strict", secure=request.url.scheme == "https"
            )
        return response

    async def road(request: Request) -> Response:
        stage = request.path_params["stage"]
        if stage not in STAGES:
            return PlainTextResponse("not found\n", 404)
        png = await run_in_threadpool(draw, stage)
        return Response(png, media_type="image/png", headers={"Cache-Control": "max-age=86400"})

    async def healthz(_: Request) -> Response:
        try:
            await worker.store.ping()
        except (SQLAlchemyError, OSError):
            return PlainTextResponse("the database does not answer\n", 503)
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        return JSONResponse({"knowledge_base": worker.kb.version, "entries": len(worker.kb.content.entries)})

    async def metrics(_: Request) -> Response:
        return Response(worker.metrics.render(), media_type="text/plain; version=0.0.4")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/turns", take, methods=["POST"]),
            Route("/road/{stage:int}.png", road),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Mount("/static", StaticFiles(directory=_HERE / "static"), name="static"),
        ],
        middleware=[Middleware(_SafeHeaders)],
    )


class _SafeHeaders:
    """Adds the headers that keep other sites out of every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _from_our_page(request: Request) -> bool:
    """Only JSON, which a foreign form cannot send, and only from an origin that is ours."""
    origin = request.headers.get("origin")
    json_sent = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    return json_sent and (origin is None or urlsplit(origin).netloc == request.headers.get("host"))


async def _read(request: Request) -> bytes | None:
    """The body, or ``None`` when it is longer than :data:`MAX_BODY`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status)


def _version_of(folder: Path) -> str:
    """Changes when a file in the folder does, so that browsers do not keep an old one."""
    content = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    return hashlib.sha256(content).hexdigest()[:12]

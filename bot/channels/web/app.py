"""The HTTP application: the chat page and its turns, and whatever other routes a process serves."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.channels.http import from_our_origin, read_body, version_of
from bot.channels.road import draw
from bot.channels.web.limits import Limiter
from bot.channels.web.middleware import RequestId, SafeHeaders
from bot.channels.web.payloads import TurnSent, shown
from bot.channels.web.sessions import Sessions
from bot.clock import steady
from bot.pump import trace
from bot.store.database import FAILURES
from bot.store.gates import Rate
from bot.talk import phrases
from bot.talk.stages import STAGES
from bot.worker import Steward, Worker, asks_to_forget

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
MAX_BODY = 128 * 1024
"""Bytes of a request: room for the longest text with every character escaped."""

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)

PER_ADDRESS = Rate.per_minute(240, burst=120)
"""An office of owners shares an address."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def chat_routes(worker: Worker, sessions: Sessions, per_session: Rate, steward: Steward | None = None) -> list[BaseRoute]:
    """The chat page around a worker."""
    templates = Jinja2Templates(_HERE / "templates")
    version = version_of(_HERE / "static")
    limits = Limiter(per_session), Limiter(PER_ADDRESS)

    def waits(request: Request, session: str) -> float:
        """Seconds until this session and address may ask again."""
        address = request.client.host if request.client else ""
        now = steady()
        return max(limit.wait(key, now) for limit, key in zip(limits, (session, address), strict=True))

    async def page(request: Request) -> Response:
        response = templates.TemplateResponse(request, "chat.html", {"version": version})
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def take(request: Request) -> Response:
        if not _from_our_page(request):
            return _problem(403, "このページからだけ送信できます。ページを開き直してください。")
        session, new = sessions.of(request)
        wait = waits(request, session)
        if wait:
            response = _problem(429, phrases.TOO_FAST_HERE)
            response.headers["Retry-After"] = str(int(wait) + 1)
            return response
        body = await read_body(request, MAX_BODY)
        if body is None:
            return _problem(413, "文章が長すぎます。知りたいことを短く書いて送ってください。")
        try:
            sent = TurnSent.model_validate_json(body)
        except ValidationError:
            return _problem(422, "うまく読み取れませんでした。知りたいことを短い言葉で送ってください。")
        try:
            chat, turn = f"web:{session}", sent.turn
            replies = await steward.answer(chat, turn) if steward is not None else None
            if replies is None:
                replies = await worker.answer(chat, turn, sent.id)
        except Exception as error:  # the page must get an answer whatever happened
            worker.metrics.failures.inc()
            log.error("a turn on the web failed: %s", trace(error))  # noqa: TRY400  # a traceback may quote data
            return _problem(500, phrases.FAILED)
        told = {"replies": [shown(reply) for reply in replies], "forgotten": asks_to_forget(turn), "fresh": new}
        response = JSONResponse(told)
        if new:
            sessions.give(response, session, secure=request.url.scheme == "https")
        return response

    async def news(request: Request) -> Response:
        session, new = sessions.of(request)
        after = request.query_params.get("after", "0")
        if new or not _NUMBER.fullmatch(after):
            return JSONResponse({"news": []})
        if waits(request, session):
            return _problem(429, phrases.TOO_FAST_HERE)
        try:
            found = await worker.store.notices.news(f"web:{session}", int(after))
        except FAILURES as error:  # the page asks again
            log.warning("news could not be looked up (%s)", type(error).__name__)
            return _problem(503, phrases.FAILED)
        return JSONResponse({"news": [{"id": one.id, "reply": shown(one.reply)} for one in found]})

    async def road(request: Request) -> Response:
        stage = request.path_params["stage"]
        if stage not in STAGES:
            return PlainTextResponse("not found\n", 404)
        png = await run_in_threadpool(draw, stage)
        return Response(png, media_type="image/png", headers={"Cache-Control": "max-age=86400"})

    return [
        Route("/", page),
        Route("/turns", take, methods=["POST"]),
        Route("/news", news),
        Route("/road/{stage:int}.png", road),
        Mount("/static", StaticFiles(directory=_HERE / "static"), name="static"),
    ]


def make_app(routes: Sequence[BaseRoute]) -> Starlette:
    """An application of these routes."""
    return Starlette(routes=list(routes), middleware=[Middleware(RequestId), Middleware(SafeHeaders, headers=_HEADERS)])


def _from_our_page(request: Request) -> bool:
    """Only JSON, which a foreign form cannot send, and only from an origin that is ours."""
    json_sent = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    return json_sent and from_our_origin(request)


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status)

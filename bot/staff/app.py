"""The HTTP application of the staff's pages."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.channels.web.middleware import RequestId, SafeHeaders
from bot.staff import (
    auditing,
    dashboard,
    entering,
    entry_editing,
    freshness,
    gap_pages,
    handing,
    knowledge,
    page_adding,
    people,
    teaching,
    trying,
)
from bot.staff.shell import STATIC, Guarded, Staff, problem

PAGES = (
    entering,
    dashboard,
    gap_pages,
    page_adding,
    knowledge,
    entry_editing,
    freshness,
    trying,
    teaching,
    handing,
    people,
    auditing,
)
"""The modules of all pages."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # Not no-referrer: browsers would not tell the origin of a form then.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_staff_app(staff: Staff) -> Starlette:
    """All pages of the staff."""
    app = Starlette(
        routes=[*routes(), Mount("/static", StaticFiles(directory=STATIC))],
        middleware=[Middleware(RequestId), Middleware(SafeHeaders, headers=_HEADERS)],
        exception_handlers={HTTPException: _unknown},
    )
    app.state.staff = staff
    app.state.shared = {}
    return app


def routes() -> tuple[Guarded, ...]:
    """The routes of all pages."""
    return tuple(route for page in PAGES for route in page.ROUTES)


async def _unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = "このページはありません。アドレスを確かめるか、最初のページから開き直してください。"
    if status == 405:
        message = "このページは、この方法では開けません。最初のページから開き直してください。"
    response = problem(request, status, message)
    response.headers["Cache-Control"] = "no-store"
    return response

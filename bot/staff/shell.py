"""The frame of every page: who opens it, whether they may, whether a form is theirs, and how the answer looks.

An endpoint takes a :class:`Visit` and returns a response::

    async def show(visit: Visit) -> Response:
        return visit.page("gaps.html", gaps=await find_gaps(visit.staff.store, visit.staff.worker.kb))

    async def settle(visit: Visit) -> Response:
        await visit.staff.store.staffing.settle_questions([visit.form.number("id")], "dismissed", visit.who)
        return await visit.back("/gaps", "対象外にしました。")

    ROUTES = (guarded("/gaps", show, "desk"), guarded("/gaps/settle", settle, "editor", method="POST"))

Before an endpoint runs, :func:`guarded` has looked up the session and the role, and for a POST has read the form, its size
bounded, and checked its token and origin. A form needs ``{{ token_field() }}`` from ``macros.html`` (``{% from %}`` it ``with
context``); requests of htmx carry the token by themselves. An endpoint that cannot do what was asked raises
:class:`bot.staff.forms.Refused`. What an endpoint changes, it notes: ``visit.staff.store.staffing.note(visit.who, …)``.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar, cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.channels.http import from_our_origin, version_of
from bot.pump import trace
from bot.roles import Roles, may
from bot.staff.forms import LONGEST, Form, Refused, parse, read_form
from bot.staff.keeping import Keeper
from bot.staff.navigation import menu_for
from bot.staff.words import FILTERS
from bot.staffroom import ROLE_NAMES
from bot.store.database import FAILURES
from bot.store.logins import new_token
from bot.store.members import Role
from bot.store.store import Store
from bot.worker import Worker

log = logging.getLogger(__name__)
Shared = TypeVar("Shared")

COOKIE = "michishirube_staff"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_HERE = Path(__file__).parent
STATIC = _HERE / "static"

_templates = Jinja2Templates(_HERE / "templates")
_templates.env.filters.update(FILTERS)
_templates.env.globals.update(version=version_of(STATIC), role_names=ROLE_NAMES)
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True


@dataclass(frozen=True, slots=True)
class Staff:
    """What the pages work with. ``password`` is the hash of the administrators' password, "" for none; ``address`` ends in /.

    ``since`` is when this process began.
    """

    worker: Worker
    keeper: Keeper
    roles: Roles
    password: str
    address: str
    since: datetime

    @property
    def store(self) -> Store:
        return self.worker.store

    @property
    def proof(self) -> str:
        """What sessions by password keep of it: with another password they end."""
        return hashlib.sha256(self.password.encode()).hexdigest() if self.password else ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is logged in. ``who`` is their name in the log: a private chat's key, or ``password``."""

    who: str
    role: Role


@dataclass(frozen=True, slots=True)
class Stranger:
    """A request of somebody who need not be logged in. ``token`` is the browser's own secret, and the session's where there is one."""

    request: Request
    staff: Staff
    token: str
    form: Form = field(default_factory=Form)

    @property
    def form_token(self) -> str:
        """What proves that a form comes from a page that this very browser was given."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    @property
    def secure(self) -> bool:
        """Whether the browser came over https."""
        return self.request.scope["scheme"] == "https" or self.staff.address.startswith("https:")

    @property
    def query(self) -> Form:
        """What stands behind the ? of the address."""
        return parse(self.request.scope["query_string"].decode("latin-1"))

    def shared(self, kind: type[Shared]) -> Shared:
        """The object of a kind that all requests to this process share; made at its first use."""
        kept: dict[type, object] = self.request.app.state.shared
        found = kept.get(kind)
        if not isinstance(found, kind):
            found = kept[kind] = kind()
        return found

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """A template as a page."""
        return render(self.request, template, status, {"form_token": self.form_token, **context})

    def give_cookie(self, response: Response, token: str) -> None:
        """Let the browser keep a token until it is closed."""
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=self.secure)


@dataclass(frozen=True, slots=True)
class Visit(Stranger):
    """A request of somebody who is logged in and may make it."""

    person: Person = field(kw_only=True)
    notice: str = ""

    @property
    def who(self) -> str:
        return self.person.who

    def may(self, least: Role) -> bool:
        return may(self.person.role, least)

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        common = {"form_token": self.form_token, "person": self.person, "menu": menu_for(self.person.role), "notice": self.notice}
        return render(self.request, template, status, {**common, **context})

    async def back(self, path: str, notice: str) -> Response:
        """On to another page, which tells ``notice``."""
        await self.staff.store.logins.leave_notice(self.token, notice[:500])
        return RedirectResponse(path, 303)


class Guarded(Route):
    """A route that says who may use it; ``least`` is ``None`` where nobody need be logged in."""

    least: Role | None = None


def guarded(
    path: str,
    endpoint: Callable[[Visit], Awaitable[Response]],
    least: Role,
    method: Literal["GET", "POST"] = "GET",
    longest: int = LONGEST,
) -> Guarded:
    """A route for those who are logged in and are at least ``least``. ``longest`` bounds a form, in bytes."""

    async def run(request: Request) -> Response:
        stranger = _stranger(request)
        session = await stranger.staff.store.logins.find(stranger.token, stranger.staff.worker.now())
        person = await _person(stranger.staff, session.chat, session.proof) if session is not None else None
        if session is None or person is None:
            return _to_login(request)
        visit = Visit(request, stranger.staff, stranger.token, person=person, notice=session.notice)
        if not visit.may(least):
            return visit.page("problem.html", 403, message=f"このページを使えるのは「{ROLE_NAMES[least]}」以上の担当者だけです。")
        if method == "POST":
            visit = replace(visit, form=await _checked_form(visit, longest))
        elif session.notice:
            await stranger.staff.store.logins.leave_notice(stranger.token, "")
        return await endpoint(visit)

    return _route(path, run, method, least)


def unguarded(path: str, endpoint: Callable[[Stranger], Awaitable[Response]], method: Literal["GET", "POST"] = "GET") -> Guarded:
    """A route for everybody; forms are checked as on all others."""

    async def run(request: Request) -> Response:
        stranger = _stranger(request)
        if method == "POST":
            stranger = replace(stranger, form=await _checked_form(stranger, LONGEST))
        response = await endpoint(stranger)
        if request.cookies.get(COOKIE) != stranger.token and "set-cookie" not in response.headers:
            stranger.give_cookie(response, stranger.token)
        return response

    return _route(path, run, method, None)


def render(request: Request, template: str, status: int, context: dict[str, object]) -> Response:
    """A page, for whomever. Nothing keeps a copy of it."""
    return _templates.TemplateResponse(request, template, context, status)


def problem(request: Request, status: int, message: str) -> Response:
    """A page that says what went wrong."""
    return render(request, "problem.html", status, {"message": message})


async def person_of(stranger: Stranger) -> Person | None:
    """Who is logged in with this browser."""
    session = await stranger.staff.store.logins.find(stranger.token, stranger.staff.worker.now())
    return await _person(stranger.staff, session.chat, session.proof) if session is not None else None


def _route(path: str, run: Callable[[Request], Awaitable[Response]], method: str, least: Role | None) -> Guarded:
    async def endpoint(request: Request) -> Response:
        try:
            response = await run(request)
        except Refused as refused:
            response = problem(request, refused.status, refused.message)
        except FAILURES as error:
            log.warning("a page of the staff could not reach the database (%s)", type(error).__name__)
            response = problem(request, 503, "データベースにつながりません。しばらくしてから、もう一度お試しください。")
        except Exception as error:  # the page must get an answer whatever happened
            log.error("a page of the staff failed: %s", trace(error))  # noqa: TRY400  # a traceback may quote data
            response = problem(
                request, 500, "うまくいきませんでした。もう一度お試しください。続くときは、運用の担当者に伝えてください。"
            )
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    route = Guarded(path, endpoint, methods=[method])
    route.least = least
    return route


def _stranger(request: Request) -> Stranger:
    given = request.cookies.get(COOKIE, "")
    token = given if _TOKEN.fullmatch(given) else new_token()
    return Stranger(request, cast("Staff", request.app.state.staff), token)


async def _person(staff: Staff, chat: str, proof: str) -> Person | None:
    """Whose session it is, as of now: the role is looked up each time, so that who is dismissed is out at once."""
    if not chat:
        return Person("password", "admin") if staff.proof and hmac.compare_digest(proof, staff.proof) else None
    role = await staff.roles.of_chat(chat)
    return Person(chat, role) if role is not None else None


async def _checked_form(stranger: Stranger, longest: int) -> Form:
    if not from_our_origin(stranger.request):
        raise Refused(403, "このページからだけ送信できます。ページを開き直してください。")
    form = await read_form(stranger.request, longest)
    given = form.raw("form_token", 100) or stranger.request.headers.get("x-form-token", "")
    if not hmac.compare_digest(given.encode(), stranger.form_token.encode()):
        raise Refused(403, "このページの有効期限が切れました。ページを開き直して、もう一度送ってください。")
    return form


def _to_login(request: Request) -> Response:
    """To the login page, and back here afterwards, unless something was to be sent."""
    path = request.scope["path"] if request.method == "GET" else "/"
    address = f"/login?next={quote(path)}" if path != "/" else "/login"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=200, headers={"HX-Redirect": "/login"})
    return RedirectResponse(address, 303)

"""Logging in with the password or a one-time link, and logging out."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.channels.web.limits import Limiter
from bot.clock import steady
from bot.staff import passwords
from bot.staff.forms import Refused
from bot.staff.shell import Stranger, Visit, guarded, person_of, unguarded
from bot.store.gates import Rate

log = logging.getLogger(__name__)

PER_ADDRESS = Rate.per_minute(5, burst=5)
OVERALL = Rate.per_minute(30, burst=20)
"""How fast all addresses together may try, in this process."""

_OURS = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9/_.-]*)?")
"""A path of our own, with nothing that a browser could take for another site."""

_WRONG = "パスワードが違います。確かめて、もう一度入力してください。"
_USED = "このリンクは使えません。10分を過ぎたか、すでに使われています。ボットに /login と送ると、新しいリンクが届きます。"
_TOO_FAST = "ログインの試みが続いたため、少しお待ちいただいています。{seconds}秒ほどたってから、もう一度お試しください。"


async def show_login(stranger: Stranger) -> Response:
    onward = _onward(stranger.query.raw("next", 500))
    if await person_of(stranger) is not None:
        return RedirectResponse(onward, 303)
    return _login_page(stranger, onward)


async def log_in(stranger: Stranger) -> Response:
    onward = _onward(stranger.form.raw("next", 500))
    await _wait_if_needed(stranger)
    given = stranger.form.raw("password", passwords.LONGEST)
    staff = stranger.staff
    if not staff.password or not await run_in_threadpool(passwords.matches, given, staff.password):
        await staff.store.staffing.note("nobody", "login failed", "password")
        return _login_page(stranger, onward, _WRONG, 403)
    return await _begin(stranger, "", staff.proof, "password", onward)


async def show_link(stranger: Stranger) -> Response:
    """Asks to go on: whatever opens links to preview them must not use this one up."""
    return stranger.page("enter.html", token=stranger.request.path_params["token"])


async def use_link(stranger: Stranger) -> Response:
    await _wait_if_needed(stranger)
    staff = stranger.staff
    chat = await staff.store.logins.redeem(stranger.form.raw("token", 100), staff.worker.now())
    if chat is None or await staff.roles.of_chat(chat) is None:
        await staff.store.staffing.note("nobody", "login failed", "link")
        return _login_page(stranger, "/", _USED, 403)
    return await _begin(stranger, chat, "", chat, "/")


async def log_out(visit: Visit) -> Response:
    await visit.staff.store.logins.end(visit.token)
    await visit.staff.store.staffing.note(visit.who, "logout", "")
    response = RedirectResponse("/login", 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


ROUTES = (
    unguarded("/login", show_login),
    unguarded("/login", log_in, "POST"),
    unguarded("/enter/{token}", show_link),
    unguarded("/enter", use_link, "POST"),
    guarded("/logout", log_out, "desk", "POST"),
)


class Doors:
    """How fast this process lets people try to log in."""

    def __init__(self) -> None:
        self._limits = Limiter(PER_ADDRESS), Limiter(OVERALL)

    def wait(self, address: str) -> float:
        """0 when an attempt may be made, which it then has been; otherwise the seconds until the next may be."""
        each, overall = self._limits
        return each.wait(address, steady()) or overall.wait("", steady())


async def _wait_if_needed(stranger: Stranger) -> None:
    wait = stranger.shared(Doors).wait(stranger.request.client.host if stranger.request.client else "")
    if wait:
        log.warning("logins to the staff's pages are tried too fast")
        raise Refused(429, _TOO_FAST.format(seconds=int(wait) + 1))


async def _begin(stranger: Stranger, chat: str, proof: str, who: str, onward: str) -> Response:
    """A session under a new token: one that was there before the login, and may be known to others, is worth nothing."""
    staff = stranger.staff
    token = await staff.store.logins.begin(chat, proof, staff.worker.now())
    await staff.store.staffing.note(who, "login", "link" if chat else "password")
    response = RedirectResponse(onward, 303)
    stranger.give_cookie(response, token)
    return response


def _login_page(stranger: Stranger, onward: str, message: str = "", status: int = 200) -> Response:
    context = {"next": onward, "message": message, "with_password": bool(stranger.staff.password)}
    return stranger.page("login.html", status, **context)


def _onward(path: str) -> str:
    """Where to go after the login: only to pages of ours.

    >>> [_onward(path) for path in ("/gaps", "//evil.example", "https://evil.example", "", "/\\\\evil.example")]
    ['/gaps', '/', '/', '/', '/']
    """
    return quote(path) if _OURS.fullmatch(path) else "/"

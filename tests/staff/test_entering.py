"""Coming in: the password, one-time links, sessions, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.roles import Roles
from bot.staff.entering import PER_ADDRESS
from bot.staff.links import LoginLinks
from bot.staff.shell import COOKIE
from bot.store.logins import IDLE_LASTS, LINK_LASTS, SESSION_LASTS
from bot.store.tables import logins, sessions
from bot.talk.turns import Commanded, Said
from tests.staff.conftest import ADMIN, DESK, NOBODY, PASSWORD, Browser, Site


def _links(site: Site) -> LoginLinks:
    return LoginLinks(Roles(site.store.members, [ADMIN]), f"{site.address}/")


async def _link(site: Site, user: int = DESK) -> str:
    """The token that a member is sent."""
    assert await _links(site).answer(f"telegram:{user}", Commanded("login")) is not None
    return await site.store.logins.offer(f"telegram:{user}", site.worker.now())


async def _is_in(browser: Browser) -> bool:
    return (await browser.get("/")).status_code == 200


async def _log(site: Site) -> list[tuple[str, str, str]]:
    return [(one.who, one.action, one.subject) for one in await site.store.staffing.deeds(10) if one.who != "test"]


async def test_the_password_lets_an_administrator_in(site: Site) -> None:
    browser = await site.stranger()

    response = await browser.post("/login", {"password": PASSWORD})

    assert response.status_code == 303
    assert "管理" in (await browser.get("/")).text
    assert await _log(site) == [("password", "login", "password")]


async def test_a_wrong_password_is_told_and_noted_without_the_password(site: Site) -> None:
    browser = await site.stranger()

    response = await browser.post("/login", {"password": "a wrong secret"})

    assert response.status_code == 403
    assert "パスワードが違います" in response.text
    assert not await _is_in(browser)
    assert await _log(site) == [("nobody", "login failed", "password")]


async def test_after_the_login_one_is_where_one_wanted_to_go(site: Site) -> None:
    browser = await site.stranger()
    asked = await browser.get("/handovers")
    assert asked.headers["location"] == "/login?next=/handovers"

    response = await browser.post("/login", {"password": PASSWORD, "next": "/handovers"})

    assert response.headers["location"] == "/handovers"


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX:1", "/a?b"])
async def test_nobody_is_sent_to_another_site_after_the_login(site: Site, onward: str) -> None:
    browser = await site.stranger()

    response = await browser.post("/login", {"password": PASSWORD, "next": onward})

    assert response.headers["location"] == "/"


async def test_attempts_are_slowed_down_kindly(site: Site) -> None:
    browser = await site.stranger()
    for _ in range(PER_ADDRESS.burst):
        await browser.post("/login", {"password": "wrong"})

    response = await browser.post("/login", {"password": PASSWORD})

    assert response.status_code == 429
    assert "もう一度お試しください" in response.text
    assert not await _is_in(browser)


async def test_a_link_lets_a_member_in_with_their_role(site: Site) -> None:
    browser = await site.stranger()

    response = await browser.post("/enter", {"token": await _link(site)})

    assert response.status_code == 303
    assert "窓口" in (await browser.get("/")).text
    assert await _log(site) == [(f"telegram:{DESK}", "login", "link")]


async def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    token = await _link(site)
    preview, browser = await site.stranger(), await site.stranger()

    page = await preview.get(f"/enter/{token}")

    assert "ログインする" in page.text
    assert not await _is_in(preview)
    await browser.post("/enter", {"token": token})
    assert await _is_in(browser)


async def test_a_link_works_once(site: Site) -> None:
    token = await _link(site)
    first, second = await site.stranger(), await site.stranger()
    await first.post("/enter", {"token": token})

    response = await second.post("/enter", {"token": token})

    assert "使えません" in response.text
    assert not await _is_in(second)


async def test_a_link_works_for_ten_minutes(site: Site) -> None:
    token = await _link(site)
    browser = await site.stranger()
    site.clock.now += LINK_LASTS

    response = await browser.post("/enter", {"token": token})

    assert response.status_code == 403
    assert not await _is_in(browser)


async def test_a_new_link_makes_the_one_before_worthless(site: Site) -> None:
    old, new = await _link(site), await _link(site)
    browser = await site.stranger()

    assert (await browser.post("/enter", {"token": old})).status_code == 403
    assert (await browser.post("/enter", {"token": new})).status_code == 303


async def test_a_link_of_somebody_who_was_dismissed_meanwhile_is_worthless(site: Site) -> None:
    token = await _link(site)
    await site.store.members.dismiss(DESK, "test")
    browser = await site.stranger()

    assert (await browser.post("/enter", {"token": token})).status_code == 403


@pytest.mark.parametrize(
    ("chat", "turn"),
    [
        (f"telegram:{NOBODY}", Commanded("login")),
        ("telegram:-100", Commanded("login")),
        ("web:abc", Said("/login")),
        (f"telegram:{DESK}", Said("ログイン")),
    ],
)
async def test_nobody_else_is_given_a_link(site: Site, chat: str, turn: Commanded | Said) -> None:
    assert await _links(site).answer(chat, turn) is None


async def test_tokens_stand_nowhere_in_the_database(site: Site) -> None:
    link = await _link(site)
    cookie = await site.session("desk")

    async with site.store.database.reading() as connection:
        rows = [*(await connection.execute(sa.select(logins))), *(await connection.execute(sa.select(sessions)))]

    assert len(rows) == 2
    assert not {link, cookie} & {value for row in rows for value in row}


async def test_the_login_gives_a_new_token(site: Site) -> None:
    browser = await site.stranger()
    await browser.get("/login")
    before = browser.http.cookies[COOKIE]

    response = await browser.post("/login", {"password": PASSWORD})

    assert browser.http.cookies[COOKIE] != before
    assert "HttpOnly" in response.headers["set-cookie"]
    assert "SameSite=strict" in response.headers["set-cookie"]
    assert "Secure" not in response.headers["set-cookie"]


async def test_behind_https_the_cookie_is_sent_over_https_only(site: Site) -> None:
    browser = await site.stranger()

    response = await browser.get("/login", **{"x-forwarded-proto": "https"})

    assert "Secure" in response.headers["set-cookie"]


async def test_who_is_dismissed_is_out_at_once(site: Site) -> None:
    browser = await site.member("desk")
    assert await _is_in(browser)

    await site.store.members.dismiss(DESK, "test")

    assert (await browser.get("/")).headers["location"] == "/login"


async def test_who_gets_another_role_has_it_at_once(site: Site) -> None:
    browser = await site.member("desk")
    assert (await browser.get("/audit")).status_code == 403

    await site.store.members.appoint(DESK, "admin", "test")

    assert (await browser.get("/audit")).status_code == 200


async def test_an_idle_session_ends(site: Site) -> None:
    browser = await site.member("desk")

    site.clock.now += IDLE_LASTS

    assert not await _is_in(browser)


async def test_a_session_in_use_goes_on_for_some_days(site: Site) -> None:
    browser = await site.member("desk")
    start = site.clock.now
    while site.clock.now < start + SESSION_LASTS - timedelta(hours=8):
        site.clock.now += timedelta(hours=8)
        assert await _is_in(browser)

    site.clock.now = start + SESSION_LASTS

    assert not await _is_in(browser)


async def test_logging_out_ends_the_session_on_the_server(site: Site) -> None:
    browser, thief = await site.member("desk"), await site.stranger()
    thief.http.cookies.set(COOKIE, browser.http.cookies[COOKIE])

    await browser.post("/logout", {})

    assert not await _is_in(browser)
    assert not await _is_in(thief)
    assert (f"telegram:{DESK}", "logout", "") in await _log(site)


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "x" * 5000, "../../etc/passwd"])
async def test_a_made_up_cookie_is_worth_nothing(site: Site, cookie: str) -> None:
    browser = await site.stranger()
    browser.http.cookies.set(COOKIE, cookie)

    assert not await _is_in(browser)


async def test_another_password_ends_the_sessions_of_the_one_before(site: Site) -> None:
    token = await site.store.logins.begin("", "proof of another password", site.worker.now())
    browser = await site.stranger()
    browser.http.cookies.set(COOKIE, token)

    assert not await _is_in(browser)


async def test_ended_links_and_sessions_are_deleted(site: Site) -> None:
    await _link(site)
    await site.session("desk")
    later = site.clock.now + SESSION_LASTS

    await site.store.retention.retire(later - timedelta(days=365), later)

    async with site.store.database.reading() as connection:
        assert (await connection.execute(sa.select(logins))).all() == []
        assert (await connection.execute(sa.select(sessions))).all() == []

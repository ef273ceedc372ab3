"""What holds for every page: who may open it, whose forms are taken, and what hostile input does. Goes through all routes there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from bot.knowledge.live import Library
from bot.roles import may
from bot.staff.app import routes
from bot.staff.navigation import NAVIGATION
from bot.staff.shell import Guarded
from bot.store.members import ROLES, Role
from tests.staff.conftest import Browser, Site, unchanged

ALL = routes()


def method_of(route: Guarded) -> str:
    return "POST" if "POST" in (route.methods or ()) else "GET"


def path_of(route: Guarded, entry: str = "lantern") -> str:
    """An address of a route."""
    parts = {"name": "daily", "token": "abc", "entry": entry, "question": "1"}
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: parts[match[1]], route.path)


@pytest.fixture
def library(two_entries: Library) -> Iterator[Library]:
    """Who may do what does not depend on how many entries there are."""
    with unchanged(two_entries):
        yield two_entries


GUARDED = [route for route in ALL if route.least is not None]
POSTS = [route for route in ALL if method_of(route) == "POST"]


async def _call(browser: Browser, route: Guarded) -> httpx.Response:
    return await browser.get(path_of(route)) if method_of(route) == "GET" else await browser.post(path_of(route), {})


async def _as(site: Site, role: Role | None) -> Browser:
    return await site.member(role) if role is not None else await site.stranger()


async def _each_by_who_may(site: Site) -> list[tuple[Guarded, Browser]]:
    """The routes that take forms, each with a browser of the least who may send one there."""
    browsers = {role: await _as(site, role) for role in {route.least for route in POSTS}}
    return [(route, browsers[route.least]) for route in POSTS]


@pytest.mark.parametrize("role", ROLES)
async def test_only_those_who_may_open_a_page(used: Site, role: Role) -> None:
    for route in GUARDED:
        assert route.least is not None
        response = await _call(await used.member(role), route)
        if may(role, route.least):
            assert response.status_code < 500, route.path
            assert "以上の担当者だけです" not in response.text, route.path
        else:
            assert response.status_code == 403, route.path
            assert "以上の担当者だけです" in response.text, route.path


async def test_strangers_are_sent_to_the_login(used: Site) -> None:
    browser = await used.stranger()
    for route in GUARDED:
        response = await _call(browser, route)

        assert response.status_code == 303, route.path
        assert response.headers["location"].startswith("/login"), route.path


@pytest.mark.parametrize("token", [None, "", "x", "あ" * 50, "0" * 64])
async def test_a_form_without_its_token_is_refused(used: Site, token: str | None) -> None:
    for route, browser in await _each_by_who_may(used):
        response = await browser.http.post(path_of(route), data={"form_token": token} if token is not None else {"x": "y"})

        assert response.status_code in {403, 422}, route.path
        assert "開き直して" in response.text or "長すぎます" in response.text, route.path


async def test_a_form_with_the_token_of_another_browser_is_refused(used: Site) -> None:
    others = await (await used.member("admin")).form_token()
    for route, browser in await _each_by_who_may(used):
        response = await browser.post(path_of(route), {"form_token": others})

        assert response.status_code == 403, route.path


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_a_form_from_another_site_is_refused(used: Site, origin: str) -> None:
    for route, browser in await _each_by_who_may(used):
        response = await browser.post(path_of(route), {}, origin=origin)

        assert response.status_code == 403, route.path


async def test_a_body_of_another_form_or_of_a_megabyte_is_refused(used: Site) -> None:
    for route, browser in await _each_by_who_may(used):
        token = await browser.form_token()

        files = await browser.http.post(path_of(route), files={"form_token": (None, token)})
        json = await browser.http.post(path_of(route), json={"form_token": token})
        huge = await browser.post(path_of(route), {"text": "あ" * 1_000_000})
        many = await browser.post(path_of(route), {"x": ["1"] * 5000})

        assert [files.status_code, json.status_code, huge.status_code, many.status_code] == [415, 415, 413, 422], route.path


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "x{{7*7}}x{% raw %}",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "' OR 1=1 --",
    "\x00\x07\u202e😀",
    "١٢٣",
    "-1",
    "9" * 400,
    "あ" * 20_000,
    "",
]


class _Forms(HTMLParser):
    """The fields of all forms of a page, by where they are sent."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get"), given.get("action", ""), []))
        elif tag in {"input", "select", "textarea", "button"} and given.get("name") and self.found:
            self.found[-1][2].append(given["name"])


async def _forms(browser: Browser) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for route in ALL:
        if method_of(route) == "GET":
            parser = _Forms()
            parser.feed((await browser.get(path_of(route))).text)
            found |= {(method, action): fields for method, action, fields in parser.found if action != "/logout"}
    return found


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_input_in_any_field_breaks_nothing_and_is_shown_as_text(used: Site, value: str) -> None:
    browser = await used.member("admin")
    token = await browser.form_token()
    forms = await _forms(browser)
    assert ("post", "/handovers") in forms

    for (method, action), fields in forms.items():
        for sent in _fillings([name for name in fields if name != "form_token"], value):
            if method == "get":
                response = await browser.http.get(action, params={name: text[:2000] for name, text in sent.items()})
            else:
                response = await browser.http.post(action, data={"form_token": token, **sent})
            assert response.status_code < 500, (action, sent)
            _is_harmless(response)
    for route in ALL:
        if method_of(route) == "GET":
            _is_harmless(await browser.get(path_of(route)))


def _fillings(fields: list[str], value: str) -> list[dict[str, str]]:
    """A value in all fields; in a short form also in each alone, with something sensible in the others."""
    everywhere = dict.fromkeys(fields, value)
    sensible = {"user": "55", "number": "2", "state": "open", "role": "desk"}
    return [everywhere, *(sensible | {name: value} for name in fields if len(fields) <= 4)]


def _is_harmless(response: httpx.Response) -> None:
    if response.headers.get("content-type", "").startswith("text/html"):
        assert "<script>alert" not in response.text
        assert "<img src=x" not in response.text
        assert "x49x" not in response.text
        assert "root:" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/static/../shell.py",
        "/static/%2e%2e/shell.py",
        "/static/..%2f..%2fshell.py",
        "/charts/../../etc.svg",
        "/charts/%2e%2e.svg",
        "/.env",
        "//evil.example/",
    ],
)
async def test_there_is_nothing_beside_the_pages(used: Site, path: str) -> None:
    browser = await used.member("admin")

    response = await browser.http.get(f"{used.address}{path}")

    assert response.status_code == 404
    assert "import" not in response.text


async def test_a_page_in_the_menu_is_there_and_asks_for_the_role_that_the_menu_says() -> None:
    least = {route.path: route.least for route in ALL if method_of(route) == "GET"}

    assert {item.path: item.least for item in NAVIGATION} == {item.path: least[item.path] for item in NAVIGATION}


@pytest.mark.parametrize("role", ROLES)
async def test_the_menu_shows_what_one_may_open(used: Site, role: Role) -> None:
    page = (await (await used.member(role)).get("/")).text

    for item in NAVIGATION:
        assert (f'<a href="{item.path}"' in page.split("<main")[0].split("<nav", 1)[1]) == may(role, item.least)


async def test_every_response_keeps_others_out_and_is_kept_nowhere(used: Site) -> None:
    browser = await used.member("admin")
    for path in [path_of(route) for route in ALL if method_of(route) == "GET"] + ["/nope"]:
        response = await browser.get(path)
        assert response.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "unsafe" not in response.headers["content-security-policy"]
        assert response.headers["referrer-policy"] == "same-origin"
        if response.headers.get("content-type", "").startswith("text/html"):
            assert "<style" not in response.text
            assert "style=" not in response.text
            assert response.text.count("<script") <= 1  # a part of a page has none
            assert re.findall(r"<(?:script|img|link)[^>]*(?:src|href)=\"(?!/)", response.text) == []


async def test_without_the_database_a_page_says_so(used: Site) -> None:
    browser = await used.member("admin")
    await used.store.database.close()
    async with used.store.database.writing() as connection:
        await connection.exec_driver_sql("DROP TABLE sessions")

    response = await browser.get("/")

    assert response.status_code == 503
    assert "データベース" in response.text
    assert "sessions" not in response.text

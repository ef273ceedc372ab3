"""What tests of several pages do alike."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser

import sqlalchemy as sa

from bot.store.staffing import Deed
from bot.store.store import Store
from bot.store.tables import questions, unanswered
from tests.staff.conftest import Browser

ENTRY = "menu-setsubi"
FILE = "tokyo-loan/menus.yaml"
NAME = "設備投資・企業立地"


class _Fields(HTMLParser):
    """What a browser would send of the form with an action, without its buttons."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action = action
        self._within = False
        self._typed = ""
        self._chosen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = given.get("action") == self._action and given.get("method") == "post"
        if not self._within:
            return
        if tag == "input" and not (given.get("type") in {"checkbox", "radio"} and "checked" not in given):
            self._add(given.get("name", ""), given.get("value", ""))
        if tag == "textarea":
            self._typed = given["name"]
            self._add(self._typed, "")
        if tag == "select":
            self._chosen = given["name"]
        if tag == "option" and self._chosen and ("selected" in given or self._chosen not in self.fields):
            self.fields[self._chosen] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "form"
        self._typed = "" if tag == "textarea" else self._typed
        self._chosen = "" if tag == "select" else self._chosen

    def handle_data(self, data: str) -> None:
        if self._within and self._typed:
            self.fields[self._typed][-1] += data

    def _add(self, name: str, value: str) -> None:
        if name:
            self.fields.setdefault(name, []).append(value)


def fields(page: str, action: str) -> dict[str, str | list[str]]:
    """The form on a page, filled in as it comes."""
    parser = _Fields(action)
    parser.feed(page)
    assert parser.fields
    return dict(parser.fields)


async def form(browser: Browser, path: str, action: str) -> dict[str, str | list[str]]:
    """The form on the page at a path."""
    return fields((await browser.get(path)).text, action)


async def ask(store: Store, *texts: str, kind: str = "unknown", entry: str = "", chat: str = "web:1") -> None:
    """Questions that were left open."""
    values = [{"chat": chat, "question": text, "kind": kind, "asked_at": datetime.now(UTC), "entry": entry} for text in texts]
    async with store.database.writing() as connection:
        await connection.execute(sa.insert(unanswered), values)


async def answer(store: Store, entry: str, ward: str, rating: str, times: int = 1) -> None:
    """Questions that an entry answered."""
    values = {"chat": "web:1", "asked_at": datetime.now(UTC), "kind": "answer", "entry": entry, "ward": ward, "rating": rating}
    async with store.database.writing() as connection:
        await connection.execute(sa.insert(questions), [values] * times)


async def states(store: Store) -> list[tuple[str, str]]:
    """The state and the entry of every question that was left open."""
    async with store.database.reading() as connection:
        rows = await connection.execute(sa.select(unanswered.c.state, unanswered.c.entry).order_by(unanswered.c.id))
        return [(row.state, row.entry) for row in rows]


async def deed(store: Store, action: str) -> Deed:
    """The last of its kind in the log."""
    return next(one for one in await store.staffing.deeds() if one.action == action)

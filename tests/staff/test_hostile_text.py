"""What an editor's form makes of text that is meant to break pages or files; how many entries there are does not matter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.knowledge.live import Library
from tests import editing
from tests.staff.conftest import Site, unchanged
from tests.staff.helpers import form

ENTRY = "lantern"
FILE = "lantern.yaml"
PATH = f"/knowledge/{ENTRY}/edit"


@pytest.fixture
def library(two_entries: Library) -> Iterator[Library]:
    with unchanged(two_entries):
        yield two_entries


HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}{% include '/etc/passwd' %}",
    '"; \n  - id: evil\n    name: 注入',
    "a\r\nstatus: 公募終了\r\nid: evil",
    "!!python/object/apply:os.system ['id']",
    "&a *a",
    "\u202e\u0000\x1b[31m",
    "- ? |\n  >",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "name", ["name", "summary", "questions", "limit", "aliases", "sources.0.place", "status", "checked", "related"]
)
async def test_hostile_text_is_shown_as_text_and_stays_in_its_field(site: Site, name: str, text: str) -> None:
    browser = await site.member("editor")
    ids = editing.ids(site.folder / FILE)

    response = await browser.post(PATH, {**await form(browser, PATH, PATH), name: text, "do": "save"})

    assert response.status_code in {200, 303}
    assert "<script>alert" not in response.text
    assert "49{%" not in response.text
    site.library.reload()
    assert site.library.edition.problems == ()
    assert editing.ids(site.folder / FILE) == ids
    assert "evil" not in site.worker.kb.content.entries

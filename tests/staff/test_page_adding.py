"""Adding a public page and an entry on it in the browser."""

from __future__ import annotations

from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.turns import Said
from tests.staff.conftest import EDITOR, Browser, Site
from tests.staff.helpers import deed, form

PATH = "/knowledge/pages/new"
PAGE = {
    "page.id": "page-lanterns",
    "page.title": "提灯の保証料の特例",
    "page.publisher": "東京信用保証協会",
    "page.url": "https://www.cgc-tokyo.or.jp/lanterns.html",
    "page.as_of": "2026-10-01",
    "page.as_of_label": "2026年10月1日",
    "page.read": "2026-11-26",
}
ENTRY: dict[str, str | list[str]] = {
    "id": "lantern-fee",
    "name": "提灯の保証料の特例",
    "questions": "提灯屋だと保証料は特別に安くなりますか\r\n提灯づくりの会社の保証料の特例を知りたい",
    "topic": "guarantee",
    "summary": "提灯をつくる会社は、保証料の特例を使えます。",
    "contacts": ["tanto-branch"],
}


async def _filled(browser: Browser, **changed: str) -> dict[str, str | list[str]]:
    return {**await form(browser, PATH, PATH), **PAGE, **ENTRY, **changed}


async def test_a_page_and_an_entry_on_it_are_saved_and_serve_with_their_age(site: Site) -> None:
    browser = await site.member("editor")

    response = await browser.post(PATH, await _filled(browser, do="save"))

    assert response.headers["location"] == "/knowledge/lantern-fee"
    kb = site.worker.kb
    entry = kb.entry("lantern-fee")
    assert entry is not None
    assert (entry.status, entry.as_of, entry.pages[0].read) == ("要確認", "2026-10-01", "2026-11-26")
    said = step(kb, Conversation(), Said("提灯屋だと保証料は特別に安くなりますか"), site.worker.now()).replies[0].text
    assert "公式ページの2026年10月1日時点の内容です" in said
    noted = await deed(site.store, "page added")
    assert noted.who == f"telegram:{EDITOR}"


async def test_looking_first_shows_both_changes_and_saves_nothing(site: Site) -> None:
    browser = await site.member("editor")
    before = (site.folder / "pages.yaml").read_bytes()

    page = (await browser.post(PATH, await _filled(browser, do="look"))).text

    assert '<span class="added">+    read: 2026-11-26</span>' in page
    assert '<span class="added">+  - id: lantern-fee</span>' in page
    assert "保存できます" in page
    assert (site.folder / "pages.yaml").read_bytes() == before


async def test_the_day_read_the_address_and_the_age_are_asked_for(site: Site) -> None:
    browser = await site.member("editor")
    before = (site.folder / "pages.yaml").read_bytes()
    empty = {"page.url": "", "page.read": "", "page.as_of_label": ""}

    page = (await browser.post(PATH, await _filled(browser, do="save", **empty))).text

    for asked in ("ページを読んだ日がありません", "ページのアドレスがありません", "いつの内容かを示す言葉がありません"):
        assert asked in page
    assert 'value="提灯の保証料の特例"' in page
    assert (site.folder / "pages.yaml").read_bytes() == before


async def test_another_entry_rests_on_a_page_that_is_there(site: Site) -> None:
    browser = await site.member("editor")
    there = dict.fromkeys(PAGE, "") | {"page.id": "page-tgc-return"}

    response = await browser.post(PATH, await _filled(browser, do="save", **there))

    assert response.headers["location"] == "/knowledge/lantern-fee"
    entry = site.worker.kb.entry("lantern-fee")
    assert entry is not None
    assert (entry.as_of, entry.pages[0].id) == ("2022-01-31", "page-tgc-return")


async def test_an_entry_without_a_desk_is_not_saved(site: Site) -> None:
    browser = await site.member("editor")

    page = (await browser.post(PATH, {**await _filled(browser, do="save"), "contacts": []})).text

    assert "確かめられる窓口が要ります" in page
    assert site.worker.kb.entry("lantern-fee") is None


async def test_only_editors_add(site: Site) -> None:
    assert (await (await site.member("desk")).get(PATH)).status_code == 403

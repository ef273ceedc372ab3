"""What is old, and that it was looked at."""

from __future__ import annotations

from tests import editing
from tests.staff.conftest import EDITOR, Site
from tests.staff.helpers import ENTRY, FILE, deed, form

OTHER = "menu-keiei-safe"


async def test_what_is_due_closed_and_ends_soon_is_listed(site: Site) -> None:
    page = (await (await site.member("desk")).get("/freshness")).text

    assert "見直しの時期を過ぎた項目が" in page
    assert "公募終了の項目" in page
    assert f"/knowledge/{ENTRY}" in page
    assert "確認しました</button>" not in page


async def test_entries_on_public_pages_stand_first_with_the_day_read(site: Site) -> None:
    page = (await (await site.member("desk")).get("/freshness")).text

    first = page.split('<details class="card" open>')[1]
    assert "公式ページによる項目" in first.split("</summary>")[0]
    assert "/knowledge/fee-return" in first.split("</details>")[0]
    assert "東京信用保証協会（2022年1月31日）、2026-11-26に読みました" in page


async def test_one_click_confirms_one_entry(site: Site) -> None:
    browser = await site.member("editor")
    sent = await form(browser, "/freshness", "/freshness")

    page = await browser.post("/freshness", {**sent, "one": ENTRY})

    assert "1項目に、確認した日を書きました" in page.text
    assert '<span class="added">+    checked: ' in page.text
    entry, other = site.worker.kb.entry(ENTRY), site.worker.kb.entry(OTHER)
    assert entry is not None
    assert other is not None
    assert entry.checked
    assert not other.checked
    noted = await deed(site.store, "entry confirmed")
    assert (noted.who, noted.subject) == (f"telegram:{EDITOR}", ENTRY)


async def test_several_are_confirmed_at_once_each_with_its_own_note(site: Site) -> None:
    browser = await site.member("editor")
    sent = await form(browser, "/freshness", "/freshness")

    page = await browser.post("/freshness", {**sent, "entry": [ENTRY, OTHER, "tgc-about"]})

    assert "3項目" in page.text
    deeds = [one for one in await site.store.staffing.deeds() if one.action == "entry confirmed"]
    assert {one.subject for one in deeds} == {ENTRY, OTHER, "tgc-about"}
    assert all(one.detail.count("+    checked") == 1 for one in deeds)
    assert f"/knowledge/{ENTRY}" not in (await browser.get("/freshness")).text


async def test_what_changed_since_the_list_was_shown_is_not_confirmed(site: Site) -> None:
    browser = await site.member("editor")
    sent = await form(browser, "/freshness", "/freshness")
    editing.replace(site.folder / FILE, "機械やソフトウェアの導入、", "機械の導入、")
    site.library.reload()

    response = await browser.post("/freshness", {**sent, "entry": [ENTRY, OTHER]})

    assert response.status_code == 409
    assert "checked" not in (site.folder / FILE).read_text("utf-8")


async def test_nothing_chosen_or_nothing_known_is_told(site: Site) -> None:
    browser = await site.member("editor")

    nothing, unknown, many = [
        await browser.post("/freshness", sent)
        for sent in ({}, {"one": "../../etc/passwd"}, {"entry": [f"entry-{number}" for number in range(401)]})
    ]

    assert [one.status_code for one in (nothing, unknown, many)] == [422, 422, 422]
    assert "印を付けて" in nothing.text

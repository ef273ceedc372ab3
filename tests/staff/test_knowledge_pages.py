"""Looking into the knowledge base."""

from __future__ import annotations

import pytest

from bot.store.entry_records import EntryRecords
from tests import editing
from tests.staff.conftest import DESK, EDITOR, Site
from tests.staff.helpers import ENTRY, FILE, NAME, answer, ask, deed, form


async def test_entries_are_listed_by_folder_topic_and_search(site: Site) -> None:
    browser = await site.member("desk")

    index, folder, topic, found, by_id = [
        (await browser.get(path)).text
        for path in (
            "/knowledge",
            "/knowledge?folder=faq",
            "/knowledge?topic=mutual-aid",
            "/knowledge?q=機械を買いたい",
            "/knowledge?q=setsubi",
        )
    ]

    assert "tokyo-loan" in index
    assert "/knowledge/diff-address" in folder
    assert f"/knowledge/{ENTRY}" not in folder
    assert "/knowledge/keiei-safety-kyosai" in topic
    assert f"/knowledge/{ENTRY}" in found
    assert f"/knowledge/{ENTRY}" in by_id


async def test_an_entry_shows_what_users_read_and_where_it_stands(site: Site) -> None:
    page = (await (await site.member("desk")).get(f"/knowledge/{ENTRY}")).text

    line = editing.line_of(site.folder / FILE, f"id: {ENTRY}")
    assert f"{FILE}:{line}" in page
    assert "新しい機械やソフトウェアを入れる方" in page
    assert "東京都中小企業制度融資の解説記事" in page
    assert "まだ確認されていません" in page


async def test_an_entry_shows_how_it_answered_without_words(site: Site) -> None:
    await answer(site.store, ENTRY, "大田区", "good", 3)
    await answer(site.store, ENTRY, "", "wrong")
    await answer(site.store, "abl-hosho", "港区", "")
    await ask(site.store, "保証料を分割で払うといくら", kind="partial", entry=ENTRY)

    page = (await (await site.member("desk")).get(f"/knowledge/{ENTRY}")).text

    assert "4回答えました" in page
    assert "役に立った 3" in page
    assert "誤り 1" in page
    assert "大田区" in page
    assert "港区" not in page
    assert "保証料を分割で払うといくら" in page


async def test_the_link_and_its_code_are_there_when_the_bots_name_is_known(site: Site) -> None:
    browser = await site.member("desk")
    without = await browser.get(f"/knowledge/{ENTRY}"), await browser.get(f"/knowledge/{ENTRY}/qr.svg")
    site.worker.bot_name = "michishirube_bot"

    page, code = await browser.get(f"/knowledge/{ENTRY}"), await browser.get(f"/knowledge/{ENTRY}/qr.svg")

    assert "t.me" not in without[0].text
    assert without[1].status_code == 404
    assert f"https://t.me/michishirube_bot?start=e_{ENTRY}" in page.text
    assert code.headers["content-type"] == "image/svg+xml"
    assert code.text.startswith("<svg")


@pytest.mark.parametrize("entry", ["no-such", "..%2f..%2fetc%2fpasswd", "%3Cscript%3E", "a" * 5000, "{{7*7}}"])
@pytest.mark.parametrize("page", ["", "/qr.svg", "/edit"])
async def test_an_entry_that_does_not_exist_is_told_kindly(site: Site, entry: str, page: str) -> None:
    response = await (await site.member("editor")).get(f"/knowledge/{entry}{page}")

    assert response.status_code == 404
    assert "ありません" in response.text or "見つかりません" in response.text
    assert "<script>" not in response.text


async def test_what_keeps_the_files_from_serving_is_told(site: Site) -> None:
    editing.replace(site.folder / FILE, "    topic: tokyo-loan", "    topic: たぶん")
    site.library.reload()

    page = (await (await site.member("desk")).get("/knowledge")).text

    assert f"{FILE}:{editing.line_of(site.folder / FILE, 'たぶん')}:" in page
    assert "「たぶん」は使えません" in page


async def test_confirming_writes_the_day_and_is_noted(site: Site) -> None:
    browser = await site.member("editor")
    sent = await form(browser, f"/knowledge/{ENTRY}", f"/knowledge/{ENTRY}/confirm")

    response = await browser.post(f"/knowledge/{ENTRY}/confirm", sent)

    page = (await browser.get(response.headers["location"])).text
    entry = site.worker.kb.entry(ENTRY)
    assert entry is not None
    assert entry.checked
    assert "いまから、この内容でご案内します" in page
    assert "確認しました" in page
    noted = await deed(site.store, "entry confirmed")
    assert (noted.who, noted.subject) == (f"telegram:{EDITOR}", ENTRY)
    assert f"+    checked: {entry.checked}" in noted.detail


async def test_confirming_what_changed_since_is_refused(site: Site) -> None:
    browser = await site.member("editor")
    sent = await form(browser, f"/knowledge/{ENTRY}", f"/knowledge/{ENTRY}/confirm")
    editing.replace(site.folder / FILE, "機械やソフトウェアの導入、", "機械の導入、")
    site.library.reload()

    response = await browser.post(f"/knowledge/{ENTRY}/confirm", sent)

    assert response.status_code == 409
    assert "ページを開いたあとに変わりました" in response.text
    assert "checked" not in (site.folder / FILE).read_text("utf-8")


async def test_what_was_done_to_an_entry_is_told_with_the_diff(site: Site) -> None:
    await site.store.staffing.note(f"telegram:{DESK}", "entry changed", ENTRY, "--- a\n+++ a\n@@ -1 +1 @@\n-<b>前</b>\n+後\n")

    page = (await (await site.member("desk")).get(f"/knowledge/{ENTRY}")).text

    assert "項目の変更" in page
    assert '<span class="gone">-&lt;b&gt;前&lt;/b&gt;</span>' in page
    assert [one.subject for one in await EntryRecords(site.store.database).deeds(ENTRY)] == [ENTRY]


async def test_a_desk_may_look_but_not_change(site: Site) -> None:
    browser = await site.member("desk")
    page = (await browser.get(f"/knowledge/{ENTRY}")).text

    responses = [
        await browser.get(f"/knowledge/{ENTRY}/edit"),
        await browser.post(f"/knowledge/{ENTRY}/edit", {"do": "save", "name": "別名"}),
        await browser.post(f"/knowledge/{ENTRY}/check", {"name": "別名"}),
        await browser.post(f"/knowledge/{ENTRY}/confirm", {}),
        await browser.post("/gaps/save", {}),
        await browser.post("/gaps/attach", {}),
        await browser.post("/gaps/dismiss", {"ids": "1"}),
        await browser.post("/freshness", {"one": ENTRY}),
    ]

    assert NAME in page
    assert f"/knowledge/{ENTRY}/edit" not in page
    assert [response.status_code for response in responses] == [403] * 8

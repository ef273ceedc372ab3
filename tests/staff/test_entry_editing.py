"""Changing an entry with the form."""

from __future__ import annotations

import pytest

from tests import editing
from tests.staff.conftest import EDITOR, Browser, Site
from tests.staff.helpers import ENTRY, FILE, NAME, deed, fields, form

PATH = f"/knowledge/{ENTRY}/edit"


async def _filled(browser: Browser, **changed: str | list[str]) -> dict[str, str | list[str]]:
    return {**await form(browser, PATH, PATH), **changed}


async def test_a_change_is_saved_serves_at_once_and_is_noted(site: Site) -> None:
    browser = await site.member("editor")
    sent = await _filled(browser, summary="工場や事務所のためのメニューです。", fee="手数料: 無料\r\n印紙代", do="save")

    response = await browser.post(PATH, sent)

    assert response.headers["location"] == f"/knowledge/{ENTRY}"
    assert "反映しました" in (await browser.get(f"/knowledge/{ENTRY}")).text
    entry = site.worker.kb.entry(ENTRY)
    assert entry is not None
    assert entry.summary == "工場や事務所のためのメニューです。"
    fee = entry.section("fee")
    assert fee is not None
    assert [str(line) for line in fee.lines] == ["手数料：無料", "印紙代"]
    noted = await deed(site.store, "entry changed")
    assert (noted.who, noted.subject) == (f"telegram:{EDITOR}", ENTRY)
    assert "+      - 手数料: 無料" in noted.detail


async def test_only_the_lines_that_change_differ(site: Site) -> None:
    browser = await site.member("editor")
    before = (site.folder / FILE).read_text("utf-8").splitlines()

    await browser.post(PATH, await _filled(browser, topic="other", do="save"))

    after = (site.folder / FILE).read_text("utf-8").splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        ("    topic: tokyo-loan", "    topic: other")
    ]


async def test_looking_first_shows_the_diff_and_saves_nothing(site: Site) -> None:
    browser = await site.member("editor")
    before = (site.folder / FILE).read_bytes()

    response = await browser.post(PATH, await _filled(browser, status="要確認", do="look"))

    assert response.status_code == 200
    assert '<span class="added">+    status: 要確認</span>' in response.text
    assert "保存できます" in response.text
    assert (site.folder / FILE).read_bytes() == before


async def test_what_is_wrong_is_told_at_its_field_while_typing(site: Site) -> None:
    browser = await site.member("editor")

    response = await browser.post(f"/knowledge/{ENTRY}/check", await _filled(browser, web="ftp://example.org", summary=""))

    assert "<html" not in response.text
    at = {part.partition('"')[0]: part for part in response.text.split('id="problem-')}
    assert "https:// で始まる" in at["web"]
    assert "空のまま" in at["summary"]
    assert 'class="problem"' not in at["name"]
    assert "誤りが2件" in response.text


async def test_a_faulty_change_is_not_saved_and_stays_in_the_form(site: Site) -> None:
    browser = await site.member("editor")
    before = (site.folder / FILE).read_bytes()

    response = await browser.post(PATH, await _filled(browser, related=["no-such"], name="新しい<b>名前</b>", do="save"))

    assert "no-such" in response.text
    assert 'value="新しい&lt;b&gt;名前&lt;/b&gt;"' in response.text
    assert (site.folder / FILE).read_bytes() == before


async def test_saving_over_somebody_elses_change_is_told_and_keeps_both(site: Site) -> None:
    browser = await site.member("editor")
    sent = await _filled(browser, status="要確認", do="save")
    editing.replace(site.folder / FILE, "機械やソフトウェアの導入、", "機械の導入、")

    told = await browser.post(PATH, sent)
    again = {**fields(told.text, PATH), "do": "save"}
    saved = await browser.post(PATH, again)

    assert told.status_code == 409
    assert "ほかの人が変えました" in told.text
    assert saved.status_code == 303
    entry = site.worker.kb.entry(ENTRY)
    assert entry is not None
    assert entry.status == "要確認"
    assert entry.summary.startswith("機械の導入、")


async def test_a_field_that_both_changed_shows_theirs(site: Site) -> None:
    browser = await site.member("editor")
    sent = await _filled(browser, summary="わたしの概要です。", do="save")
    editing.replace(site.folder / FILE, "機械やソフトウェアの導入、", "機械の導入、")

    told = await browser.post(PATH, sent)

    assert told.status_code == 409
    assert "この欄は、ほかの人も変えました" in told.text
    assert "機械の導入、" in told.text
    assert "わたしの概要です。" in told.text


async def test_fields_that_were_not_sent_are_left_alone(site: Site) -> None:
    browser = await site.member("editor")
    whole = await _filled(browser)
    part = {name: whole[name] for name in ("base", "was.status")}

    response = await browser.post(PATH, {**part, "status": "要確認", "do": "save"})

    assert response.status_code == 303
    entry = site.worker.kb.entry(ENTRY)
    assert entry is not None
    assert (entry.status, entry.name) == ("要確認", NAME)


async def test_when_something_else_is_broken_it_is_told_that_nothing_serves_yet(site: Site) -> None:
    browser = await site.member("editor")
    editing.replace(site.folder / "jfc/common-questions.yaml", "organisation: jfc", "organisation: nobody")

    response = await browser.post(PATH, await _filled(browser, status="要確認", do="save"))

    page = (await browser.get(response.headers["location"])).text
    assert "直るまで反映されません" in page
    assert "nobody" in page


async def test_a_broken_entry_can_be_mended_with_the_form(site: Site) -> None:
    browser = await site.member("editor")
    editing.replace(site.folder / FILE, "    name: 設備投資・企業立地\n", "    name: []\n")
    site.library.reload()

    response = await browser.post(PATH, await _filled(browser, name=NAME, do="save"))

    assert response.status_code == 303
    assert site.library.edition.problems == ()
    assert f"    name: {NAME}\n" in (site.folder / FILE).read_text("utf-8")


async def test_a_megabyte_in_a_field_is_refused(site: Site) -> None:
    browser = await site.member("editor")

    response = await browser.post(PATH, {**await _filled(browser), "summary": "a" * 1_000_000, "do": "save"})

    assert response.status_code == 413


async def test_thousands_of_fields_are_refused(site: Site) -> None:
    browser = await site.member("editor")

    response = await browser.post(PATH, {f"f{number}": "" for number in range(4000)})

    assert response.status_code == 422


async def test_a_form_without_its_token_is_refused(site: Site) -> None:
    browser = await site.member("editor")
    sent = {**await _filled(browser, status="要確認"), "do": "save", "form_token": "x" * 64}

    response = await browser.http.post(PATH, data=sent)

    assert response.status_code == 403
    assert "status: 要確認" not in (site.folder / FILE).read_text("utf-8").partition(ENTRY)[2][:900]


@pytest.mark.parametrize("entry", ["sme-size-table", "loan-seven-step-flow", "yoken-checklist", "branch-yaesu"])
async def test_every_kind_of_entry_can_be_sent_as_it_is(site: Site, entry: str) -> None:
    browser = await site.member("editor")
    path = f"/knowledge/{entry}/edit"

    response = await browser.post(path, {**await form(browser, path, path), "do": "save"})

    assert "変わるところはありません" in response.text

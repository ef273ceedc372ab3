"""Questions that were not answered get an answer."""

from __future__ import annotations

import pytest

from bot.knowledge.yaml_reader import read
from tests import editing
from tests.staff.conftest import EDITOR, Browser, Site
from tests.staff.helpers import ENTRY, FILE, ask, deed, fields, form, states

QUESTION = "製麺機を新しくする費用を借りられますか"


@pytest.fixture
async def browser(site: Site) -> Browser:
    """An editor, and three questions that were left open, two of them alike."""
    await ask(site.store, QUESTION, "製麺機を新しくする費用を借りられるか", "社員旅行のバス代の補助")
    return await site.member("editor")


async def _attach(browser: Browser, **changed: str) -> dict[str, str | list[str]]:
    """The form that saves, after an entry was chosen."""
    chosen = await form(browser, "/gaps/1", "/gaps/attach")
    page = await browser.post("/gaps/attach", {**chosen, "entry": ENTRY, "question": QUESTION, **changed})
    return fields(page.text, "/gaps/save")


async def test_questions_that_ask_for_the_same_stand_together(browser: Browser) -> None:
    page = (await browser.get("/gaps")).text

    assert "3件（2種類）" in page
    assert "<strong>2件</strong>" in page
    assert "見つからない 2" in page


async def test_a_gap_offers_the_nearest_entries_and_finds_others(browser: Browser) -> None:
    page = (await browser.get("/gaps/1")).text
    found, part = [(await browser.get(f"/gaps/{place}?q=経営セーフティ共済")).text for place in ("1", "find")]

    assert page.count('type="radio"') >= 3
    assert 'value="keiei-safety-kyosai"' not in page
    assert 'value="keiei-safety-kyosai"' in found
    assert 'value="keiei-safety-kyosai"' in part
    assert "<html" not in part


async def test_a_gap_has_a_new_entry_ready_to_fill_in(browser: Browser) -> None:
    page = (await browser.get("/gaps/1")).text

    stub = page.partition('<pre class="stub">')[2].partition("</pre>")[0]
    document, problems = read(editing.ROOT, stub)
    assert problems == []
    assert document is not None
    assert isinstance(document.data, dict)
    assert QUESTION in document.data["faqs"][0]["questions"]


async def test_choosing_an_entry_shows_the_diff_and_changes_nothing(browser: Browser, site: Site) -> None:
    chosen = await form(browser, "/gaps/1", "/gaps/attach")

    page = await browser.post("/gaps/attach", {**chosen, "entry": ENTRY, "question": QUESTION})

    assert f'<span class="added">+      - {QUESTION}</span>' in page.text
    assert "2件を回答済みにする" in page.text
    assert QUESTION not in (site.folder / FILE).read_text("utf-8")
    assert await states(site.store) == [("open", "")] * 3


async def test_saving_teaches_the_entry_and_settles_the_questions(browser: Browser, site: Site) -> None:
    response = await browser.post("/gaps/save", await _attach(browser))

    page = (await browser.get(response.headers["location"])).text
    assert "反映しました" in page
    assert "2件を回答済みにしました" in page
    assert "1件（1種類）" in page
    assert site.worker.kb.search(QUESTION, 1)[0].id == ENTRY
    assert await states(site.store) == [("answered", ENTRY), ("answered", ENTRY), ("open", "")]
    noted = await deed(site.store, "question added")
    assert (noted.who, noted.subject) == (f"telegram:{EDITOR}", ENTRY)
    assert f"+      - {QUESTION}" in noted.detail


async def test_a_question_that_the_entry_has_already_only_settles(browser: Browser, site: Site) -> None:
    before = (site.folder / FILE).read_bytes()

    response = await browser.post("/gaps/save", await _attach(browser, question="機械を買いたい。都の融資はありますか"))

    assert response.status_code == 303
    assert (site.folder / FILE).read_bytes() == before
    assert (await states(site.store))[0] == ("answered", ENTRY)


async def test_a_question_that_belongs_to_another_entry_is_refused(browser: Browser, site: Site) -> None:
    chosen = await form(browser, "/gaps/1", "/gaps/attach")
    sent = {**chosen, "entry": ENTRY, "question": "責任共有制度とは"}

    looked, saved = await browser.post("/gaps/attach", sent), await browser.post("/gaps/save", {**sent, "base": ""})

    assert "sekinin-kyoyu" in looked.text
    assert 'action="/gaps/save"' not in looked.text
    assert saved.status_code == 409
    assert "責任共有制度とは" not in (site.folder / FILE).read_text("utf-8")
    assert await states(site.store) == [("open", "")] * 3


async def test_a_file_that_changed_since_the_diff_was_shown_is_not_written(browser: Browser, site: Site) -> None:
    sent = await _attach(browser)
    editing.replace(site.folder / FILE, "機械やソフトウェアの導入、", "機械の導入、")

    told = await browser.post("/gaps/save", sent)
    again = await browser.post("/gaps/save", fields(told.text, "/gaps/save"))

    assert told.status_code == 409
    assert "ほかの人が変えました" in told.text
    assert again.status_code == 303


async def test_what_is_none_of_ours_is_dismissed(browser: Browser, site: Site) -> None:
    response = await browser.post("/gaps/dismiss", {"ids": "3"})

    assert "1件を対象外にしました" in (await browser.get(response.headers["location"])).text
    assert (await states(site.store))[2] == ("dismissed", "")


async def test_a_gap_that_is_settled_is_told(browser: Browser) -> None:
    await browser.post("/gaps/dismiss", {"ids": "3"})

    response = await browser.get("/gaps/3")

    assert response.status_code == 404
    assert "片づいています" in response.text


async def test_a_desk_sees_the_gaps_without_buttons(browser: Browser, site: Site) -> None:
    desk = await site.member("desk")

    pages = (await desk.get("/gaps")).text, (await desk.get("/gaps/1")).text

    assert QUESTION in pages[1]
    assert all("対象外にする" not in page and "この項目に加える" not in page for page in pages)


@pytest.mark.parametrize("ids", ["", "x", "1;2", "1,", "-1", "1" * 16, ",".join(["1"] * 2001), "１"])
async def test_ids_that_are_none_are_refused(browser: Browser, site: Site, ids: str) -> None:
    response = await browser.post("/gaps/dismiss", {"ids": ids})

    assert response.status_code == 422
    assert await states(site.store) == [("open", "")] * 3


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"entry": "no-such"}, 422),
        ({"entry": "../../etc/passwd"}, 422),
        ({"entry": ""}, 422),
        ({"question": ""}, 422),
        ({"question": "あ" * 601}, 422),
        ({"question": "a" * 1_000_000}, 413),
    ],
)
async def test_what_cannot_be_attached_is_refused(browser: Browser, changed: dict[str, str], status: int) -> None:
    sent = {"ids": "1", "entry": ENTRY, "question": QUESTION, "base": "", **changed}

    assert (await browser.post("/gaps/attach", sent)).status_code == status
    assert (await browser.post("/gaps/save", sent)).status_code == status


@pytest.mark.parametrize(
    "question",
    ["<script>alert(1)</script>の補助", "{{7*7}}の補助", "補助\r\n    status: 公募終了", "- [補助: *a]", "補助 #注釈", '"補助'],
)
async def test_hostile_questions_are_shown_and_kept_as_text(browser: Browser, site: Site, question: str) -> None:
    before = site.worker.kb.entry(ENTRY)
    await ask(site.store, question)

    overview = (await browser.get("/gaps")).text
    sent = await _attach(browser, question=question)
    response = await browser.post("/gaps/save", sent)

    assert response.status_code == 303
    assert "<script>alert" not in overview
    assert "49の補助" not in overview
    entry = site.worker.kb.entry(ENTRY)
    assert entry is not None
    assert before is not None
    assert entry.questions[-1] == " ".join(question.split())
    assert (entry.status, entry.name) == (before.status, before.name)


async def test_posts_without_their_token_are_refused(browser: Browser, site: Site) -> None:
    responses = [
        await browser.http.post(path, data={"ids": "1", "entry": ENTRY, "question": QUESTION, "one": ENTRY})
        for path in ("/gaps/attach", "/gaps/save", "/gaps/dismiss", "/freshness", f"/knowledge/{ENTRY}/confirm")
    ]

    assert [response.status_code for response in responses] == [403] * 5
    assert await states(site.store) == [("open", "")] * 3

"""Editors say what a text meant, and it stands among the examples that the bot learns from."""

from __future__ import annotations

import asyncio
import html
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.knowledge.examples import STAFF, UTTERANCES, read_examples
from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.staff import meanings
from bot.store.scrub import LONGEST
from tests.staff.conftest import EDITOR, Browser, Site
from tests.staff.helpers import ask, deed, fields, form

TEXT = "台東区でパン屋を始めるのに800万ほど借りたい"
MEANT = {
    "text": TEXT,
    "acts": ["begin", "inform"],
    "begin": "loan",
    "slot.amount": "800万",
    "slot.industry": "パン屋",
    "slot.municipality": "台東区",
}
LINE = (
    f'{{"task": "", "asked": "", "text": "{TEXT}", "acts": ["begin", "inform"], "begin": "loan", '
    '"slots": {"amount": "800万", "industry": "パン屋", "municipality": "台東区"}}'
)


@pytest.fixture
async def taught(site: Site) -> AsyncIterator[Path]:
    """The file that is written, away again afterwards as the knowledge base is the same for all tests."""
    file = site.folder / STAFF
    before = file.read_bytes() if file.exists() else None
    file.unlink(missing_ok=True)
    yield file
    if file.is_symlink() or file.exists():
        file.unlink()
    if before is not None:
        file.write_bytes(before)


@pytest.fixture
async def browser(site: Site) -> Browser:
    return await site.member("editor")


def _text(file: Path) -> str:
    """What stands in a file; nothing where there is none."""
    return file.read_text("utf-8") if file.exists() else ""


def _put(file: Path, text: str) -> None:
    """Let a text stand in a file that not everybody may read."""
    file.write_text(text, "utf-8")
    file.chmod(0o640)


def _others(file: Path) -> tuple[int, list[str]]:
    """Who may read a file, and what was left beside it."""
    return file.stat().st_mode & 0o777, [one.name for one in file.parent.iterdir() if one.name.startswith(".")]


def _linked(file: Path, outside: Path) -> Path:
    """Let a file be a link to another, which is made."""
    outside.write_text("outside\n", "utf-8")
    file.symlink_to(outside)
    return outside


async def _send(browser: Browser, do: str = "look", **changed: str | list[str]) -> tuple[int, str]:
    """The form as it is opened, filled in and sent; returns the status and the page."""
    opened = await form(browser, "/teach", "/teach")
    response = await browser.post(
        "/teach", {**opened, **MEANT, **{name.replace("__", "."): v for name, v in changed.items()}, "do": do}
    )
    return response.status_code, html.unescape(response.text)


async def test_an_open_question_is_taught_and_stays_open(site: Site, browser: Browser, taught: Path) -> None:
    await ask(site.store, TEXT)
    assert 'href="/teach?question=1"' in (await browser.get("/gaps/1")).text
    opened = await form(browser, "/teach?question=1", "/teach")
    assert opened["text"] == [TEXT]

    looked = await browser.post("/teach", {**opened, **MEANT, "do": "look"})
    assert f"+{LINE}" in html.unescape(looked.text)
    assert "いまのボット" in looked.text
    assert _text(taught) == ""
    saved = await browser.post("/teach", {**fields(looked.text, "/teach"), **MEANT, "do": "save"})

    assert saved.headers["location"] == "/gaps/1"
    page = (await browser.get("/gaps/1")).text
    assert "例文を保存しました" in page
    assert "make train" in page
    assert _text(taught) == f"{LINE}\n"
    examples, problems = read_examples(site.folder / UTTERANCES)
    assert problems == []
    assert json.loads(LINE) in [one.example.model_dump() for one in examples if one.writer == "staff"]
    noted = await deed(site.store, "example added")
    assert (noted.who, noted.subject, noted.detail) == (f"telegram:{EDITOR}", f"{STAFF}:1", f"+{LINE}")
    assert "例文の追加" in (await (await site.member("admin")).get("/audit")).text


async def test_every_wording_of_a_gap_can_be_taught(site: Site, browser: Browser) -> None:
    await ask(site.store, "製麺機を新しくする費用を借りられますか", "製麺機を新しくする費用を借りられるか")

    page = (await browser.get("/gaps/1")).text

    assert 'href="/teach?question=1"' in page
    assert 'href="/teach?question=2"' in page
    assert (await form(browser, "/teach?question=1", "/teach"))["text"] == ["製麺機を新しくする費用を借りられますか"]


async def test_a_trial_is_taught_in_its_setting_without_contact_data(browser: Browser, taught: Path) -> None:
    assert "/teach" not in (await browser.get("/try")).text.split("<main")[1]
    await browser.post("/try", {"text": "保証料を試算して"})
    page = (await browser.post("/try", {"text": "1200万です。090-1234-5678に電話して"})).text
    assert 'href="/teach?from=try"' in page

    opened = await form(browser, "/teach?from=try", "/teach")
    assert opened["text"] == ["1200万です。［電話番号］に電話して"]
    assert (opened["task"], opened["asked"]) == (["fee"], ["amount"])
    meant = {"acts": ["inform", "handover"], "slot.amount": "1200万", "do": "save"}
    saved = await browser.post("/teach", {**opened, **meant})

    assert saved.headers["location"] == "/try"
    assert json.loads(_text(taught)) == {
        "task": "fee",
        "asked": "amount",
        "text": "1200万です。［電話番号］に電話して",
        "acts": ["inform", "handover"],
        "begin": "",
        "slots": {"amount": "1200万"},
    }


async def test_a_slot_that_is_learned_under_another_name_is_told_by_that(browser: Browser, taught: Path) -> None:
    await browser.post("/try", {"text": "/plan"})
    await browser.post("/try", {"text": "ええと"})

    opened = await form(browser, "/teach?from=try", "/teach")

    assert (opened["task"], opened["asked"]) == (["plan"], ["topic"])
    looked = await browser.post("/teach", {**opened, "text": "お金が要る日から", "acts": "inform", "do": "look"})
    assert looked.status_code == 200
    assert "相談の内容・何のための書類か" in looked.text


async def test_a_pressed_button_has_no_text_to_teach(browser: Browser) -> None:
    page = (await browser.post("/try", {"press": "e:hoshoryo-calc"})).text

    assert "/teach" not in page.split("<main")[1]


async def test_the_desk_is_not_offered_what_it_may_not_do(site: Site) -> None:
    await ask(site.store, TEXT, f"{TEXT}のですが")
    browser = await site.member("desk")
    await browser.post("/try", {"text": "こんにちは"})

    for path in ("/gaps/1", "/try"):
        assert "/teach" not in (await browser.get(path)).text
    assert (await browser.get("/teach?question=1")).status_code == 403
    assert (await browser.post("/teach", {**MEANT, "do": "save"})).status_code == 403


async def test_what_the_bot_reads_now_stands_beside_what_is_taught(browser: Browser, taught: Path) -> None:
    same = (
        await _send(
            browser,
            text="ありがとうございます",
            acts="thank",
            begin="",
            slot__amount="",
            slot__industry="",
            slot__municipality="",
        )
    )[1]
    other = (
        await _send(
            browser, text="ありがとうございます", acts="ask", begin="", slot__amount="", slot__industry="", slot__municipality=""
        )
    )[1]

    assert "ボットは、いまもこのとおりに読み取ります" in same
    assert "違う</span>" not in same
    assert "<td>制度や窓口を尋ねている</td><td>お礼</td>" in other
    assert "違う</span>" in other


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": ""}, "文（text）が空です"),
        ({"acts": []}, "意味（acts）を1つ以上選んでください"),
        ({"acts": ["begin", "nonsense"]}, "意味（acts）に「nonsense」はありません"),
        ({"acts": ["inform"]}, "始める手続き（begin）は"),
        ({"begin": ""}, "始める手続き（begin）は"),
        ({"begin": "nonsense"}, "手続き（begin）に「nonsense」はありません"),
        ({"task": "nonsense"}, "手続き（task）に「nonsense」はありません"),
        ({"task": "loan", "asked": "nonsense"}, "項目（asked）に「nonsense」はありません"),
        ({"asked": "amount"}, "途中の手続き（task）も選んでください"),
        ({"slot__amount": "900万"}, "「900万」は文の中にありません"),
        ({"acts": ["begin"]}, "項目（slots）があるときは"),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(
    browser: Browser, taught: Path, changed: dict[str, str | list[str]], said: str
) -> None:
    status, page = await _send(browser, "save", **changed)

    assert status == 422
    assert said in page
    assert "直るまで保存できません" in page
    assert _text(taught) == ""
    if "slot__amount" in changed:  # what was typed is not lost
        sent = fields(page, "/teach")
        assert (sent["slot.amount"], sent["text"], sent["acts"]) == (["900万"], [TEXT], ["begin", "inform"])


async def test_contact_data_that_is_typed_in_stays_out_unless_it_is_none(browser: Browser, taught: Path) -> None:
    personal = f"{TEXT}。03-1234-5678へ"
    status, page = await _send(browser, "save", text=personal)
    assert status == 422
    assert f"{TEXT}。［電話番号］へ" in page
    assert _text(taught) == ""

    business = f"{TEXT}。代表者の自宅を担保にできる"
    status, page = await _send(browser, "save", text=business)
    assert status == 422
    assert "個人の情報ではないので、このまま使う" in page
    status, page = await _send(browser, "look", text=business, impersonal="1")
    assert status == 200
    assert (await browser.post("/teach", {**fields(page, "/teach"), **MEANT, "text": business, "do": "save"})).status_code == 303
    assert "代表者の自宅を担保にできる" in _text(taught)


async def test_names_that_are_gone_already_are_not_taken_for_names(browser: Browser, taught: Path) -> None:
    status, page = await _send(browser, text=f"{TEXT}。担当者は［氏名］と聞きました")

    assert status == 200
    assert "担当者は［氏名］と聞きました" in page


async def test_the_same_example_is_kept_once_and_others_are_pointed_out(browser: Browser, taught: Path) -> None:
    first = await _send(browser, "save")
    second = await _send(browser, "save")
    looked = await _send(browser, "look", acts=["begin", "inform", "greet"])

    assert first[0] == 303
    assert second[0] == 422
    assert f"同じ行が、もうあります（{STAFF}:1）" in second[1]
    assert f"{STAFF.relative_to(UTTERANCES.parent.parent)}:1" in looked[1]
    assert "同じ場面の同じ文が、例文にもうあります" in looked[1]
    assert _text(taught) == f"{LINE}\n"


async def test_lines_are_added_below_what_stands_there_however_it_ends(browser: Browser, taught: Path) -> None:
    mine = '{"task": "", "asked": "", "text": "やあ", "acts": ["greet"], "begin": "", "slots": {}}'
    _put(taught, mine)

    assert (await _send(browser, "save"))[0] == 303

    assert _text(taught) == f"{mine}\n{LINE}\n"
    assert _others(taught) == (0o640, [])


async def test_editors_who_save_at_once_do_not_lose_each_others_lines(site: Site, browser: Browser, taught: Path) -> None:
    opened = await form(browser, "/teach", "/teach")
    texts = [f"こんにちは、{number}番です" for number in range(8)]

    await asyncio.gather(*(browser.post("/teach", {**opened, "text": text, "acts": "greet", "do": "save"}) for text in texts))

    assert sorted(json.loads(line)["text"] for line in _text(taught).splitlines()) == texts


async def test_a_link_in_the_folder_is_not_written_through(browser: Browser, taught: Path, tmp_path: Path) -> None:
    outside = _linked(taught, tmp_path / "outside.jsonl")

    status, page = await _send(browser, "save")

    assert status == 422
    assert "知識ベースのフォルダの中のファイルだけを保存できます" in page
    assert _text(outside) == "outside\n"


async def test_a_folder_that_cannot_be_written_is_told(site: Site, browser: Browser, taught: Path) -> None:
    held = taught.parent.with_name("held")
    taught.parent.rename(held)
    taught.parent.write_text("", "utf-8")  # no folder stands there, and none can be made
    try:
        status, page = await _send(browser, "save")
    finally:
        taught.parent.unlink()
        held.rename(taught.parent)

    assert status == 422
    assert "ファイルに書き込めませんでした" in page


async def test_a_knowledge_base_without_examples_gets_the_folder(
    site: Site, browser: Browser, taught: Path, tmp_path: Path
) -> None:
    away = tmp_path / "understanding"
    shutil.move(site.folder / "understanding", away)
    try:
        assert (await _send(browser, "save"))[0] == 303
        assert _text(taught) == f"{LINE}\n"
    finally:
        shutil.rmtree(site.folder / "understanding")
        shutil.move(away, site.folder / "understanding")


async def test_control_characters_and_line_breaks_do_not_get_into_the_file(browser: Browser, taught: Path) -> None:
    text = "800万\u2028借りたい\r\nパン屋\u202eです\x07"

    status, _ = await _send(browser, "save", text=text, slot__municipality="")

    assert status == 303
    assert json.loads(_text(taught))["text"] == "800万 借りたい パン屋です"
    assert len(_text(taught).splitlines()) == 1


async def test_a_text_that_is_too_long_is_refused(browser: Browser, taught: Path) -> None:
    status, page = await _send(browser, "save", text="あ" * (LONGEST + 1))

    assert status == 422
    assert "長すぎます" in page


@pytest.mark.parametrize("query", ["", "?question=999", "?question=x", "?from=try", "?question=9999999999999999999"])
async def test_without_a_text_the_form_is_empty(browser: Browser, query: str) -> None:
    assert (await form(browser, f"/teach{query}", "/teach"))["text"] == [""]


async def test_a_question_that_was_settled_meanwhile_leads_back_to_the_list(site: Site, browser: Browser, taught: Path) -> None:
    await ask(site.store, TEXT)
    opened = await form(browser, "/teach?question=1", "/teach")
    await site.store.staffing.settle_questions([1], "dismissed", "test")

    saved = await browser.post("/teach", {**opened, **MEANT, "do": "save"})

    assert saved.headers["location"] == "/gaps"


async def test_every_label_has_its_name_and_stands_on_the_page(site: Site, browser: Browser) -> None:
    page = (await browser.get("/teach")).text
    kb = site.worker.kb

    assert set(meanings.NAMES) == set(ACTS)
    assert set(meanings.sayings()) == set(SLOTS)
    assert all(name != slot for slot, name in meanings.slots(kb).items())
    assert all(name != task for task, name in meanings.tasks(kb).items())
    assert page.count('name="acts"') == len(ACTS)
    assert page.count('name="slot.') == len(SLOTS)
    assert all(f'<option value="{task}">' in page for task in TASKS)

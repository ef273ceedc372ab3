"""What the pages show and do."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from datetime import timedelta

import httpx
import pytest

from bot.advisor.explaining import explain
from bot.knowledge.base import KnowledgeBase
from bot.staff.trying import Trials
from bot.talk.turns import Said
from tests.staff.conftest import ADMIN, DESK, EDITOR, NOBODY, Site
from tests.staff.seeding import seed


def _rows(response: httpx.Response) -> list[list[str]]:
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")  # Excel takes it for UTF-8 then
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


async def test_the_dashboard_counts_what_was_asked(site: Site) -> None:
    await seed(site.store, site.worker.now(), count=123)
    browser = await site.member("desk")

    page = (await browser.get("/?days=90")).text

    assert "<dt>質問</dt><dd>123</dd>" in page
    assert '<dt>未解決の質問</dt><dd><a href="/gaps">3</a></dd>' in page
    assert '<dt>返事を待つ人</dt><dd><a href="/handovers">2</a></dd>' in page


async def test_the_dashboard_of_a_bot_that_nobody_has_asked(site: Site) -> None:
    browser = await site.member("desk")

    page = (await browser.get("/")).text

    assert "この期間の質問は、まだありません" in page
    assert "まだ答えていません" in page


async def test_the_dashboard_tells_how_fast_this_process_answered(site: Site) -> None:
    await site.worker.answer("web:someone", Said("保証料 いくら"))
    browser = await site.member("desk")

    page = (await browser.get("/")).text

    assert "100回のうち95回は" in page
    assert "ほかのプロセスの分は含みません" in page


@pytest.mark.parametrize("name", ["daily", "outcomes", "ratings", "entries", "topics", "wards", "stages", "hours"])
async def test_a_chart_is_a_picture_with_a_table_beside_it(used: Site, name: str) -> None:
    browser = await used.member("desk")

    chart = await browser.get(f"/charts/{name}.svg?days=90")
    page = (await browser.get("/?days=90")).text

    assert ET.fromstring(chart.content).tag.endswith("svg")
    assert b"<script" not in chart.content
    assert f'src="/charts/{name}.svg?days=90" alt="' in page
    assert page.count("を表で見る") == page.count('class="chart"')


async def test_questions_can_be_taken_away_without_words_or_chats(used: Site) -> None:
    browser = await used.member("desk")

    response = await browser.get("/export/questions.csv?days=90")

    rows = _rows(response)
    assert len(rows) == 401
    assert "telegram:" not in response.text
    assert {"答えた", "答えがない"} <= {row[1] for row in rows}


async def test_formulas_in_a_file_are_text(used: Site) -> None:
    browser = await used.member("desk")

    rows = _rows(await browser.get("/export/open-questions.csv"))

    assert '\'=HYPERLINK("http://x")' in {row[3] for row in rows}


async def test_trying_gives_the_answer_of_the_bot_with_its_reasons(site: Site) -> None:
    browser = await site.member("desk")

    page = (await browser.post("/try", {"text": "台東区の窓口は？"})).text

    assert "上野支店" in page
    assert "答えの理由" in page
    assert "窓口・相談先" in page  # the staff's synonyms
    assert "branch-ueno" in page


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("責任共有制度とは何ですか", "次のように読み取りました：「質問」"),
        ("こんにちは", "次のように読み取りました：「あいさつ、お礼、雑談」"),
        ("従業員は15人です", "次のように読み取りました：「事業の内容」"),
        ("海外展開の段階を診断して", "「手続きの希望」"),
        ("/roadmap", "コマンド"),
    ],
)
async def test_it_is_said_what_decided(site: Site, text: str, reason: str) -> None:
    browser = await site.member("desk")

    assert reason in (await browser.post("/try", {"text": text})).text


def test_what_counts_for_a_candidate_makes_its_score(kb: KnowledgeBase) -> None:
    for text in ("保証料 いくら", "ほしょうりょうはいくら", "台東区で創業の資金を借りたい"):
        for found in explain(kb, text)[0].candidates:
            assert sum(value for _, value in found.counts) == pytest.approx(found.score)


async def test_a_trial_goes_on_and_its_buttons_work(site: Site) -> None:
    browser = await site.member("desk")
    await browser.post("/try", {"text": "台東区の窓口は？"})

    followed = (await browser.post("/try", {"text": "FAXは？"})).text
    pressed = (await browser.post("/try", {"press": "e:hoshoryo-calc"})).text

    assert "03-3847-3191" in followed
    assert "信用保証料の計算方法" in pressed


async def test_trials_of_two_people_are_apart_and_can_be_begun_anew(site: Site) -> None:
    first, second = await site.member("desk"), await site.member("editor")
    await first.post("/try", {"text": "台東区の窓口は？"})

    assert "上野支店" not in (await second.get("/try")).text
    await first.post("/try/new", {})
    assert "上野支店" not in (await first.get("/try")).text


async def test_trying_leaves_nothing_in_the_database_and_in_no_count(site: Site) -> None:
    browser = await site.member("desk")

    for text in ("台東区の窓口は？", "まったく分からないことxyz", "担当者に聞きたい", "/forget"):
        await browser.post("/try", {"text": text})

    assert await site.store.staffing.asked(site.clock.now - timedelta(days=1)) == []
    assert await site.store.staffing.open_questions(10) == []
    assert await site.store.staffing.waiting() == 0
    assert site.worker.metrics.registry.get_sample_value("michishirube_turn_seconds_count") == 0


def test_only_the_trials_used_last_are_kept() -> None:
    trials = Trials()
    trial = trials.of("first")

    for number in range(200):
        trials.keep(f"token {number}", trial)

    assert len(trials) == 100


async def test_an_admin_appoints_changes_and_dismisses(site: Site) -> None:
    browser = await site.member("admin")

    await browser.post("/members", {"user": str(NOBODY), "role": "desk"})
    assert await site.store.members.role(NOBODY) == "desk"
    assert f"{NOBODY} を登録しました" in (await browser.get("/members")).text
    await browser.post("/members", {"user": str(NOBODY), "role": "editor"})
    assert await site.store.members.role(NOBODY) == "editor"
    await browser.post("/members/dismiss", {"user": str(NOBODY)})
    assert await site.store.members.role(NOBODY) is None

    log = [(one.who, one.action, one.detail) for one in await site.store.staffing.deeds(3)]
    assert log == [
        (f"telegram:{ADMIN}", "member dismissed", ""),
        (f"telegram:{ADMIN}", "member appointed", "editor"),
        (f"telegram:{ADMIN}", "member appointed", "desk"),
    ]


async def test_a_notice_is_told_once(site: Site) -> None:
    browser = await site.member("admin")
    await browser.post("/members", {"user": str(NOBODY), "role": "desk"})

    pages = [(await browser.get("/members")).text for _ in range(2)]

    assert ["登録しました" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"user": "abc", "role": "desk"},
        {"user": "", "role": "desk"},
        {"user": "1" * 16, "role": "desk"},
        {"user": "-5", "role": "desk"},
        {"user": str(NOBODY), "role": "owner"},
        {"user": str(NOBODY)},
        {"user": str(ADMIN), "role": "desk"},
    ],
)
async def test_who_cannot_be_appointed(site: Site, fields: dict[str, str | list[str]]) -> None:
    browser = await site.member("admin")

    response = await browser.post("/members", fields)

    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert {one.user for one in await site.store.members.all()} == {EDITOR, DESK}


async def test_nobody_takes_the_administration_from_themselves(site: Site) -> None:
    await site.store.members.appoint(DESK, "admin", "test")
    browser = await site.member("desk")

    response = await browser.post("/members/dismiss", {"user": str(DESK)})

    assert response.status_code == 422
    assert await site.store.members.role(DESK) == "admin"


async def test_who_is_dismissed_and_comes_back_logs_in_anew(site: Site) -> None:
    admin, browser = await site.member("admin"), await site.member("desk")

    await admin.post("/members/dismiss", {"user": str(DESK)})
    await site.store.members.appoint(DESK, "desk", "test")

    assert (await browser.get("/")).status_code == 303


async def test_the_log_is_paged_newest_first(site: Site) -> None:
    for number in range(60):
        await site.store.staffing.note("telegram:20", "entry saved", f"entry-{number}")
    browser = await site.member("admin")

    first = (await browser.get("/audit")).text
    (older,) = {part.split('"')[0] for part in first.split('href="')[1:] if "before=" in part.split('"')[0]}
    second = (await browser.get(older.replace("&amp;", "&"))).text

    assert "entry-59" in first
    assert "entry-9<" not in first
    assert "entry-9<" in second
    assert "新しいものへ" in second


async def test_the_log_can_be_narrowed_and_taken_away(site: Site) -> None:
    await site.store.staffing.note("telegram:20", "entry saved", "=1+1")
    await site.store.staffing.note("telegram:30", "entry saved", "entry-2")
    browser = await site.member("admin")

    page = (await browser.get("/audit?who=telegram:20&action=entry+saved")).text
    rows = _rows(await browser.get("/export/audit.csv?who=telegram:20"))

    assert "=1+1" in page
    assert "entry-2" not in page
    assert [row[4] for row in rows[1:]] == ["'=1+1"]

"""Public pages, the second tier of knowledge: what a page and an entry on it must tell, and how old they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.check import check_folder
from bot.knowledge.citing import age, cited, source_line, source_lines, summary_line
from bot.knowledge.entries import Entry, Source
from bot.knowledge.freshness import past_review, stale
from bot.knowledge.problems import Problem
from bot.nlp.encoder import Encoder
from tests import editing

TODAY = date(2026, 11, 26)
PAGE = """\
pages:
  - id: page-lamps
    title: 提灯の返し方
    publisher: 提灯協会
    url: https://example.or.jp/lamps
    as_of: 2022-01-31
    as_of_label: 2022年1月31日
    read: 2026-11-26
"""
ENTRY = """\
rules:
  - id: lamps-back
    name: 提灯を返すとき
    questions: [提灯はいつ返しますか, 借りた提灯の返し方]
    topic: other
    status: 要確認
    sources: [page-lamps]
    summary: 提灯は祭りの翌日に返します。
    contacts: [lamp-desk]
contacts:
  - id: lamp-desk
    name: 提灯の窓口
    questions: [提灯の窓口はどこ, 提灯の電話番号]
    topic: other
    status: 受付中
    as_of: 2026-01
    sources: [paper]
    summary: 提灯のことを受け付けます。
"""


def _problems(tmp_path: Path, encoder: Encoder, *, page: str = PAGE, entry: str = ENTRY, today: date = TODAY) -> list[Problem]:
    folder = editing.small(tmp_path)
    (folder / "pages.yaml").write_text(page, "utf-8")
    (folder / "lamps.yaml").write_text(entry, "utf-8")
    return list(check_folder(folder, encoder, None, today).problems)


def _without(text: str, name: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.strip().startswith(f"{name}:"))


def test_a_page_with_everything_is_in_order(tmp_path: Path, encoder: Encoder) -> None:
    assert _problems(tmp_path, encoder) == []


@pytest.mark.parametrize(
    ("field", "asks"),
    [("read", "読んだ日がありません"), ("url", "アドレスがありません"), ("as_of_label", "いつの内容かを示す言葉がありません")],
)
def test_check_asks_for_the_day_read_the_address_and_the_age(tmp_path: Path, encoder: Encoder, field: str, asks: str) -> None:
    problems = _problems(tmp_path, encoder, page=_without(PAGE, field))

    assert any(asks in one.message and one.severity == "error" for one in problems)


def test_a_label_that_does_not_fit_the_date_is_refused(tmp_path: Path, encoder: Encoder) -> None:
    problems = _problems(tmp_path, encoder, page=_without(PAGE, "as_of"))

    assert any("「日付なし」で始めて" in one.message for one in problems)


def test_a_day_read_is_a_whole_date(tmp_path: Path, encoder: Encoder) -> None:
    problems = _problems(tmp_path, encoder, page=PAGE.replace("read: 2026-11-26", "read: 2026-11"))

    assert any("読んだ日は 2026-11-26 の形" in one.message for one in problems)


def test_a_page_and_a_document_cannot_share_an_id(tmp_path: Path, encoder: Encoder) -> None:
    problems = _problems(tmp_path, encoder, page=PAGE.replace("page-lamps", "paper"), entry=ENTRY.replace("page-lamps", "paper"))

    assert any("id「paper」は" in one.message for one in problems)


def test_an_entry_on_a_page_names_a_desk(tmp_path: Path, encoder: Encoder) -> None:
    problems = _problems(
        tmp_path, encoder, entry=_without(ENTRY, "contacts").replace("  - id: lamp-desk", "contacts:\n  - id: lamp-desk")
    )

    assert [one.message for one in problems if "確かめられる窓口が要ります" in one.message]


def test_an_entry_on_an_undated_page_is_never_open(tmp_path: Path, encoder: Encoder) -> None:
    undated = _without(PAGE, "as_of").replace("2022年1月31日", "日付なし")

    problems = _problems(tmp_path, encoder, page=undated, entry=ENTRY.replace("要確認", "受付中"))

    assert [
        (one.severity, one.message) for one in problems if "「受付中」にできません" in one.message and one.severity == "error"
    ]


@pytest.mark.parametrize(("shown", "warned"), [("2026-06-01", False), ("2022-01-31", True)])
def test_an_entry_is_open_only_while_its_page_is_new(tmp_path: Path, encoder: Encoder, shown: str, warned: bool) -> None:
    problems = _problems(tmp_path, encoder, page=PAGE.replace("2022-01-31", shown), entry=ENTRY.replace("要確認", "受付中"))

    assert [one.severity for one in problems] == (["warning"] if warned else [])


def test_a_page_is_to_be_read_again_after_half_a_year(tmp_path: Path, encoder: Encoder) -> None:
    problems = _problems(tmp_path, encoder, today=date(2027, 6, 1))

    assert [(one.severity, one.at.line) for one in problems if "読み直し" in one.message] == [("warning", 8)]


def test_the_age_of_pages_in_words() -> None:
    old = Source("a", "甲", "役所", "2022-01-31", "2022年1月31日", 6, official=True, url="https://a.example", read="2026-11-26")
    new = replace(old, id="b", as_of="2025-04", as_of_label="2025年4月")
    undated = replace(old, id="c", as_of="", as_of_label="日付なし")

    assert age([old]) == "公式ページの2022年1月31日時点の内容です"
    assert age([new, old]) == "公式ページの2022年1月31日～2025年4月時点の内容です"
    assert age([undated]) == "日付のない公式ページによります"
    assert age([undated, old]) == "公式ページの2022年1月31日時点の内容です（一部は日付なし）"
    assert cited(old) == "出典：役所「甲」（公式ページの2022年1月31日時点の内容です）"


def test_an_undated_page_is_due_until_somebody_checks_the_entry(kb: KnowledgeBase) -> None:
    entry = next(one for one in kb.content.entries.values() if one.pages and not one.pages[0].as_of)

    assert past_review(entry, TODAY)
    assert not past_review(replace(entry, checked="2026-11-20"), TODAY)


def test_entries_on_pages_stand_first_among_what_is_stale(kb: KnowledgeBase) -> None:
    found = stale(kb.content.entries.values(), TODAY)

    assert {one.entry.id for one in found.pages} == {one.id for one in _on_pages(kb)}
    assert [bool(one.entry.sources[0].source.as_of) for one in found.pages] == sorted(
        bool(one.entry.sources[0].source.as_of) for one in found.pages
    )
    assert not {one for one in found.overdue if one.startswith("page-")}
    assert "2026-11-26に読みました" in found.pages[0].line


def test_every_page_is_used_and_every_entry_on_one_can_be_asked_for(kb: KnowledgeBase) -> None:
    entries = _on_pages(kb)

    assert {one.id for one in kb.content.sources.values() if one.is_page} == {page.id for one in entries for page in one.pages}
    for entry in entries:
        assert entry.status == "要確認", entry.id
        assert kb.entries(entry.contacts), entry.id
        assert len(entry.questions) >= 8, entry.id
        assert {one.url for one in entry.pages} <= set(entry.web), entry.id


def test_whatever_cites_a_page_tells_its_age(kb: KnowledgeBase) -> None:
    for entry in _on_pages(kb):
        said = age(entry.pages)
        assert said in source_line(entry, kb, TODAY), entry.id
        assert said in "".join(source_lines(entry, kb, TODAY)), entry.id
        assert said in summary_line(entry), entry.id


def test_of_what_only_ones_elsewhere_do_tokyo_is_told_whom_to_ask(kb: KnowledgeBase) -> None:
    """What the whole country has alike (the mutual aids) is no matter of the place."""
    here = {"東京信用保証協会", "中小企業基盤整備機構", "日本政策金融公庫"}
    wards = {one.name for one in kb.content.municipalities}
    for entry in _on_pages(kb):
        if entry.organisation != "smrj" and not any(one.publisher in here | wards for one in entry.pages):
            assert "東京" in entry.text, entry.id


def _on_pages(kb: KnowledgeBase) -> list[Entry]:
    return [one for one in kb.content.entries.values() if one.pages]

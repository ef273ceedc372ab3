"""What ``check --sources`` finds: figures, headings and sentences compared with the text of the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.figures import figures
from bot.knowledge.files import load_folder, locate
from bot.knowledge.sourcing import read_sources, unsupported

TEXT = """ちょうちん 補助 金
補助率 ３分の２  上限 １，０００万 円
受付 平成28年 11月4日～11月30 日
電話 03-1234-
5678 http://example.org/a
商店街のちょうちんを新しくしようとする事業者のみなさまに、その費用の一部を補助します。
"""

ENTRY = """sources:
  - {id: paper, title: 資料, publisher: 役所, as_of: 2026-01, as_of_label: 2026年1月, review_months: 12, official: true, file: paper.txt}
programs:
  - id: lantern
    name: ちょうちん補助金
    questions: [提灯を買うお金の補助, 店先のあかりを新しくしたい]
    topic: other
    category: subsidy
    sources: [{id: paper, place: PLACE}]
    summary: 商店街の補助です。
    details:
      - SAID
"""


def _found(folder: Path, said: str, place: str = "ちょうちん補助金", more: str = "") -> list[tuple[int, str]]:
    (folder / "paper.txt").write_text(TEXT, "utf-8")
    kb = folder / "kb"
    kb.mkdir()
    (kb / "a.yaml").write_text(ENTRY.replace("SAID", said).replace("PLACE", place) + more, "utf-8")
    files, problems = load_folder(kb)
    assert problems == []
    texts, missing = read_sources(files, folder)
    assert missing == []
    return [(one.at.line, one.message) for one in unsupported(locate(files), texts)]


@pytest.mark.parametrize(
    "said",
    [
        "1,000万円まで",
        "費用の2/3",
        "2016年11月4日から",
        "03-1234-5678 へ",
        "http://example.org/a",
        "2026年1月の資料では、無料です",
    ],
)
def test_what_the_document_says_in_other_signs_is_found_in_it(tmp_path: Path, said: str) -> None:
    assert _found(tmp_path, said) == []


@pytest.mark.parametrize(
    ("said", "figure"),
    [
        ("2,000万円まで", "20000000円"),
        ("費用の3/4", "3/4"),
        ("2016年11月5日から", "2016年11月5日"),
        ("03-1234-5679 へ", "03-1234-5679"),
        ("http://example.org/b", "example.org/b"),
    ],
)
def test_an_invented_figure_is_told_at_its_line(tmp_path: Path, said: str, figure: str) -> None:
    ((line, message),) = _found(tmp_path, said)

    assert line == 12
    assert f"「{figure}」は出典（paper）の本文にありません" in message


def test_what_editors_counted_is_no_invention(tmp_path: Path) -> None:
    assert _found(tmp_path, "窓口は5つです", more="    reckoned:\n      - 5つ: 窓口の数\n") == []


def test_a_heading_that_does_not_exist_is_told(tmp_path: Path) -> None:
    ((line, message),) = _found(tmp_path, "無料です", place="提灯の補助")

    assert line == 9
    assert "見出し「提灯の補助」" in message


def test_a_copied_sentence_is_told(tmp_path: Path) -> None:
    ((line, message),) = _found(tmp_path, "商店街のちょうちんを新しくしようとする事業者のみなさまに、その費用を出します")

    assert line == 12
    assert "資料の文と同じです" in message


def test_a_document_that_is_missing_is_told_at_its_source(tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    kb.mkdir()
    (kb / "a.yaml").write_text(ENTRY.replace("SAID", "無料です").replace("PLACE", "補助"), "utf-8")
    files, _ = load_folder(kb)

    texts, (problem,) = read_sources(files, tmp_path)

    assert (texts, problem.at.line) == ({}, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("２億８千万円", ("280000000円",)),
        ("5,000円×100個", ("5000円", "100")),
        ("年1.90%", ("1.9%",)),
        ("10ヶ月と3ヵ所", ("10か月", "3か所")),
        ("2-3週間", ("2週間", "3週間")),
        ("平成元年と令和5年度", ("1989年", "2023年度")),
        ("①300万", ("3000000",)),
    ],
)
def test_figures_have_one_form(text: str, found: tuple[str, ...]) -> None:
    assert figures(text) == found

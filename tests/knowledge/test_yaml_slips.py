"""What editors get wrong in YAML is told in Japanese, at its line, with what to write instead."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check_folder
from bot.knowledge.files import load_file
from bot.knowledge.problems import Problem
from bot.knowledge.yaml_reader import read
from bot.nlp.encoder import Encoder

FILE = Path("faq.yaml")
LINES = """\
sources:
  - id: paper
    title: 資料
    publisher: 役所
    as_of: 2026-01
    as_of_label: 2026年1月
    review_months: 12
    official: true
faqs:
  - id: one
    name: 戻る保証料
    questions: [保証料は戻りますか, 保証料を返してもらえますか]
    topic: other
    status: 受付中
    as_of: 2026-01
    sources: [paper]
    summary: 早く返すと戻ることがあります。
"""
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{3,}")


def _written(old: str, new: str) -> tuple[str, int]:
    """The file with a slip in it, and the slip's line."""
    assert old in LINES
    return LINES.replace(old, new, 1), LINES[: LINES.index(old)].count("\n") + new.count("\n", 0, len(new) - 1) + 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("戻る保証料", "戻る\x07保証料", "制御文字 U+0007"),
        ("戻る保証料", "戻る\x0b保証料", "制御文字 U+000B"),
        ("    name: ", "    name： ", "「name」の後のコロンが全角"),
        ("    name: ", "    name：", "「name」の後のコロンが全角"),
        ("    summary: ", "    summary：", "「summary」の後のコロンが全角"),
        ("  - id: one", "  - id：one", "「id」の後のコロンが全角"),
        ("    topic: other", "     topic: other", "字下げ"),
        ("    topic: other", "   topic: other", "字下げ"),
        ("    topic: other", "\ttopic: other", "タブ"),
        ("    topic: other", "    \ttopic: other", "タブ"),
        ("    topic: other", "\u00a0\u00a0\u00a0\u00a0topic: other", "改行しない空白 U+00A0"),
        ("    topic: other", "　　topic: other", "全角の空白"),
        ("    topic: other", "    topic:\u00a0other", "改行しない空白 U+00A0"),
        ("    topic: other", "    topic:other", "半角の空白がありません"),
        ("    topic: other", "    topic\u200b: other", "ゼロ幅の空白 U+200B"),
        ("    topic: other", "    'topic: other", "引用符"),
        ("[paper]", "[paper", "「[」が閉じられていない"),
        ("    topic: other", "    topic: @other", "この記号で値を始めることはできません"),
        ("    topic: other", "    topic: other: 1", "「:」がここでは使えません"),
    ],
)
def test_a_slip_is_named_at_its_line(old: str, new: str, told: str) -> None:
    text, line = _written(old, new)

    _, problems = load_file(FILE, text)

    assert [one.at.line for one in problems if told in one.message] == [line], problems
    assert not any(ENGLISH.search(one.message) for one in problems)


def test_control_characters_have_their_line_and_column_after_japanese_text() -> None:
    _, problems = read(FILE, "a: あいう\nb: えお\x08か\n")

    assert [(one.at.line, one.at.column) for one in problems] == [(2, 6)]


def test_an_invisible_character_in_a_value_is_shown() -> None:
    text, line = _written("受付中", "受付中\u200b")

    _, problems = load_file(FILE, text)

    (problem,) = problems
    assert problem.at.line == line
    assert "受付中⟨ゼロ幅の空白 U+200B⟩" in problem.message


def test_text_with_a_full_width_colon_is_no_field(tmp_path: Path) -> None:
    text, _ = _written("早く返すと戻ることがあります。", "|\n      email：窓口まで\n      早く返すと戻ることがあります。")

    assert load_file(FILE, text)[1] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge base of one file."""
    (tmp_path / "faq.yaml").write_text(LINES, "utf-8")
    return tmp_path


def _warnings(folder: Path, encoder: Encoder) -> list[Problem]:
    report = check_folder(folder, encoder, None, date(2026, 2, 1))
    return [one for one in report.problems if one.severity == "warning" and "見直し" not in one.message]


@pytest.mark.parametrize("name", ["more.yml", "more.YAML", "more.yaml.txt", "deep/more.Yml"])
def test_a_file_that_is_not_read_because_of_its_name_is_warned_of(folder: Path, encoder: Encoder, name: str) -> None:
    (folder / "deep").mkdir()
    (folder / name).write_text(LINES, "utf-8")

    (warning,) = _warnings(folder, encoder)

    assert warning.at.file == folder / name
    assert "「more.yaml」" in warning.message


def test_text_that_a_comment_cuts_off_is_warned_of(folder: Path, encoder: Encoder) -> None:
    text, line = _written("早く返すと", "様式 #3 を出すと")
    (folder / "faq.yaml").write_text(text, "utf-8")

    (warning,) = _warnings(folder, encoder)

    assert warning.at.line == line
    assert "#3 を出すと" in warning.message


@pytest.mark.parametrize(
    "harmless", ['"様式 #3 を出すと戻ります。"', "様式#3を出すと戻ります。", "早く返すと戻ります。\n    # 覚え書き"]
)
def test_other_number_signs_are_not_warned_of(folder: Path, encoder: Encoder, harmless: str) -> None:
    text, _ = _written("早く返すと戻ることがあります。", harmless)
    (folder / "faq.yaml").write_text(text, "utf-8")

    assert _warnings(folder, encoder) == []


def test_an_invisible_character_in_a_text_is_warned_of_and_shown(folder: Path, encoder: Encoder) -> None:
    text, line = _written("早く返すと", "早く\u200b返すと")
    (folder / "faq.yaml").write_text(text, "utf-8")

    (warning,) = _warnings(folder, encoder)

    assert warning.at.line == line
    assert "早く⟨ゼロ幅の空白 U+200B⟩返す" in warning.message


def test_a_file_that_may_not_be_read_is_told_in_japanese(tmp_path: Path) -> None:
    _, problems = read(tmp_path / "gone.yaml")

    assert "ファイルがありません" in problems[0].message

"""What can be wrong with dialogs and their slots, each told at the line where it must be mended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.knowledge.check_dialogs import check_dialogs
from bot.knowledge.files import load_folder
from bot.knowledge.problems import Problem
from tests import editing

DIALOGS = """\
slots:
  - id: lamp
    label: 提灯の数
    kind: number
    question: 提灯はいくつですか。
    why: 数で額が決まるためです。
    hint: 「3つ」のように送ってください。
  - id: street
    label: 場所
    kind: choice
    question: 商店街ですか。
    why: 商店街だけの補助だからです。
    hint: 「商店街です」のように送ってください。
    explained_by: lantern
    "yes": arcade
    "no": elsewhere
    unknown: elsewhere
    options:
      - id: arcade
        label: 商店街
        words: [アーケード]
      - id: elsewhere
        label: ほかの場所
        words: [路地]

dialogs:
  - id: lamps
    title: 提灯の補助の確認
    command: lamps
    calculator: texts
    intro: 提灯の補助を確かめます。
    asks: [street]
    hears: [lamp]
    skips:
      - {slot: street, told: lamp}
    near: [lantern]
    wording:
      - slot: street
        question: 提灯は商店街に掛けますか。
    concludes:
      - when: {street: [arcade]}
        text: 補助の対象です。
        entries: [lantern]
      - text: 補助の対象ではありません。
"""
"""A dialog with nothing wrong in it."""

SECOND = """\
slots:
  - {id: lamp, label: 提灯, kind: number, question: いくつ, why: 数, hint: 数}
dialogs:
  - {id: others, title: 別のもの, command: lamps, calculator: size, intro: 別です。, asks: [street]}
  - {id: lamps, title: 同じ名前, command: same, calculator: size, intro: 同じです。, asks: [street]}
"""


@dataclass(frozen=True)
class Fault:
    """A change, the line to be blamed by its text, and words of the message."""

    old: str
    new: str
    blamed: str
    message: str


FAULTS = {
    "an option twice": Fault("- id: elsewhere", "- id: arcade # again", "# again", "選択肢「arcade」が二度あります"),
    "a word of two options": Fault(
        "words: [路地]", "words: [路地, アーケード]", "words: [路地, アーケード]", "「アーケード」は選択肢「arcade」"
    ),
    "no such option for yes": Fault('"yes": arcade', '"yes": arcades', '"yes": arcades', "「arcades」という選択肢はありません"),
    "no such option for no": Fault('"no": elsewhere', '"no": nowhere', '"no": nowhere', "「nowhere」という選択肢はありません"),
    "no such option for not knowing": Fault(
        "unknown: elsewhere", "unknown: nothing", "unknown: nothing", "「nothing」という選択肢"
    ),
    "explained by nothing": Fault(
        "explained_by: lantern", "explained_by: lamps", "explained_by: lamps", "「lamps」という id の項目はありません"
    ),
    "asks an unknown slot": Fault(
        "asks: [street]", "asks: [street, mood]", "asks: [street, mood]", "聞き取る項目「mood」がありません"
    ),
    "hears an unknown slot": Fault(
        "hears: [lamp]", "hears: [lamp, mood]", "hears: [lamp, mood]", "聞き取る項目「mood」がありません"
    ),
    "skips what it does not ask": Fault(
        "{slot: street, told: lamp}", "{slot: mood, told: lamp}", "{slot: mood, told: lamp}", "「mood」はこの聞き取りにありません"
    ),
    "skips by what it does not hear": Fault(
        "{slot: street, told: lamp}",
        "{slot: street, told: mood}",
        "{slot: street, told: mood}",
        "「mood」はこの聞き取りにありません",
    ),
    "skips by what is never told": Fault(
        "{slot: street, told: lamp}",
        "{slot: street, untold: [lamp, mood]}",
        "untold: [lamp, mood]",
        "「mood」はこの聞き取りにありません",
    ),
    "words for another slot": Fault(
        "      - slot: street", "      - slot: mood", "      - slot: mood", "「mood」はこの聞き取りにありません"
    ),
    "near no entry": Fault(
        "near: [lantern]", "near: [lantern, lanterns]", "near: [lantern, lanterns]", "「lanterns」という id の項目"
    ),
    "concludes on another slot": Fault(
        "when: {street: [arcade]}", "when: {mood: [good]}", "when: {mood: [good]}", "「mood: good」という答え"
    ),
    "concludes on no option": Fault(
        "when: {street: [arcade]}", "when: {street: [arcades]}", "when: {street: [arcades]}", "「street: arcades」という答え"
    ),
    "concludes with no entry": Fault(
        "entries: [lantern]", "entries: [lanterns]", "entries: [lanterns]", "「lanterns」という id の項目"
    ),
}


def _folder(tmp_path: Path, dialogs: str, second: str = "") -> Path:
    folder = editing.small(tmp_path)
    (folder / "lamps.yaml").write_text(dialogs, "utf-8")
    if second:
        (folder / "others.yaml").write_text(second, "utf-8")
    return folder


def _problems(folder: Path) -> list[Problem]:
    files, problems = load_folder(folder)
    assert problems == []
    return list(check_dialogs(files, {"lantern", "signboard"}))


def test_a_dialog_with_nothing_wrong_has_no_problem(tmp_path: Path) -> None:
    assert _problems(_folder(tmp_path, DIALOGS)) == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_at_its_line(tmp_path: Path, fault: Fault) -> None:
    assert DIALOGS.count(fault.old) == 1
    folder = _folder(tmp_path, DIALOGS.replace(fault.old, fault.new))
    file = folder / "lamps.yaml"

    problems = _problems(folder)

    line = editing.line_of(file, fault.blamed)
    assert [one for one in problems if fault.message in one.message and one.at.file == file and one.at.line == line]
    assert all(one.severity == "error" for one in problems)


def test_a_dialog_of_texts_needs_a_text(tmp_path: Path) -> None:
    start = DIALOGS.index("    concludes:")
    folder = _folder(tmp_path, DIALOGS[:start])

    (problem,) = _problems(folder)

    assert "結果の文がありません" in problem.message
    assert problem.at.line == editing.line_of(folder / "lamps.yaml", "calculator: texts")


def test_what_is_decided_twice_names_both_places(tmp_path: Path) -> None:
    folder = _folder(tmp_path, DIALOGS, SECOND)
    first, second = folder / "lamps.yaml", folder / "others.yaml"

    told = {(one.at.file, one.at.line): one.message for one in _problems(folder)}

    assert set(told) == {(second, line) for line in (2, 4, 5)}
    assert str(first) in told[second, 2]
    assert "「lamp」" in told[second, 2]
    assert "「/lamps」" in told[second, 4]
    assert "「lamps」" in told[second, 5]


def test_a_star_stands_for_any_answer(tmp_path: Path) -> None:
    folder = _folder(tmp_path, DIALOGS.replace("when: {street: [arcade]}", 'when: {lamp: ["*"]}'))

    assert _problems(folder) == []

"""``check`` finds every fault of a knowledge base in one run, at the line where staff must mend it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import Report, check_folder
from bot.nlp.encoder import UniversalSentenceEncoder
from tests import editing

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Fault:
    """A change (``old`` becomes ``new`` in ``file``), the line to be blamed by its text, and words of the message."""

    file: str
    old: str
    new: str
    blamed: str
    message: str
    blamed_file: str = ""


FAULTS = {
    "broken YAML": Fault("national/kodoka.yaml", "    topic: ", "    topic: [", "    topic: [", "YAMLとして読めません"),
    "an unknown key": Fault("overseas/rit.yaml", "    summary: ", "    sumary: ", "    sumary: ", "sumary"),
    "a wrong type": Fault("guarantee/fee.yaml", "    summary: ", "    summary: [あ]  # ", "    summary: [あ]", "文字で"),
    "a status that does not exist": Fault(
        "jfc/capital-loans.yaml", "    organisation: ", "    status: たぶん\n    organisation: ", "status: たぶん", "受付中"
    ),
    "a missing name": Fault("guarantee/exclusions.yaml", "    name: ", "    # name: ", "  - id: ", "name"),
    "a dangling reference": Fault(
        "guarantee/responsibility-sharing.yaml", "    related: [", "    related: [no-such, ", "[no-such, ", "no-such"
    ),
    "a duplicate id": Fault(
        "guarantee/size.yaml", "id: sme-size-table", "id: sekinin-kyoyu", "id: sekinin-kyoyu", "sekinin-kyoyu"
    ),
    "an unknown source": Fault(
        "jfc/common-questions.yaml",
        "{id: sme-guidebook-2016, place: 特別利率}",
        "{id: no-such, place: 特別利率}",
        "{id: no-such",
        "no-such",
    ),
    "an unknown organisation": Fault(
        "jfc/common-questions.yaml", "organisation: jfc", "organisation: nobody", "nobody", "nobody"
    ),
    "one name for two entries": Fault(
        "guarantee/responsibility-sharing.yaml",
        "aliases: [責任共有, ",
        "aliases: [特利, 責任共有, ",
        "特別利率③, 特利]",
        "特利",
        blamed_file="jfc/common-questions.yaml",
    ),
    "one example question for two entries": Fault(
        "contacts/branches.yaml",
        "- 保証協会の本店はどこにありますか",
        "- 責任共有制度とは",
        "- 責任共有制度とは",
        "責任共有制度とは",
        blamed_file="guarantee/responsibility-sharing.yaml",
    ),
    "a municipality without a branch": Fault(
        "municipalities.yaml", "  - {name: 台東区", "  # - {name: 台東区", "municipalities:", "台東区"
    ),
    "a municipality that does not exist": Fault("municipalities.yaml", "name: 墨田区", "name: 墨汁区", "name: 墨汁区", "墨汁区"),
    "a branch that does not exist": Fault(
        "municipalities.yaml",
        "romaji: koto, kind: 区, area: 23区, branch: branch-kinshicho",
        "romaji: koto, kind: 区, area: 23区, branch: branch-fukagawa",
        "branch-fukagawa",
        "branch-fukagawa",
    ),
    "a branch that says otherwise": Fault(
        "contacts/branches.yaml", "serves: 品川区・目黒区", "serves: 品川区・目黒区・渋谷区", "目黒区・渋谷区", "渋谷区"
    ),
    "a rate that cannot be computed with": Fault(
        "guarantee/fee.yaml", "[区分5, 年1.15%, 年1.35%]", "[区分5, 年1.15, 年1.35%]", "年1.15,", "「年1.15%」の形で"
    ),
    "a class without a rate": Fault("guarantee/fee.yaml", "      - [区分9, 年0.45%, 年0.50%]\n", "", "    rows:", "9行を"),
    "a bound that cannot be computed with": Fault(
        "guarantee/bonds.yaml", "20%以上, 1.5倍以上, 10%以上", "20%以上, 1.5倍, 10%以上", "1.5倍,", "「1.5倍以上」の形で"
    ),
    "a date that is over": Fault(
        "guarantee/responsibility-sharing.yaml",
        "- 開始: 平成19年10月（2007年10月）",
        "- 締切: 平成19年10月1日",
        "- 締切: 平成19年10月1日",
        "過ぎています",
    ),
    "a source past its review": Fault("sources.yaml", "as_of: 2024-03", "as_of: 2014-03", "as_of: 2014-03", "見直しの期限"),
}


def _seed(folder: Path, fault: Fault) -> None:
    file = folder / fault.file
    text = file.read_text("utf-8")
    assert fault.old in text
    file.write_text(text.replace(fault.old, fault.new, 1), "utf-8")


def _check(folder: Path) -> Report:
    return check_folder(folder, UniversalSentenceEncoder(), editing.cache(folder.parent), date(2026, 11, 1))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the knowledge base with all the faults in it."""
    folder = tmp_path_factory.mktemp("faulty") / "knowledge_base"
    shutil.copytree(ROOT / "knowledge_base", folder)
    for fault in FAULTS.values():
        _seed(folder, fault)
    return folder


@pytest.fixture(scope="module")
def report(copy: Path) -> Report:
    """What one run says about all of them."""
    return _check(copy)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_at_its_line(name: str, copy: Path, report: Report) -> None:
    fault = FAULTS[name]
    file = copy / (fault.blamed_file or fault.file)
    lines = file.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if fault.blamed in text)

    found = {one.at.line for one in report.problems if one.at.file == file and fault.message in one.message}

    assert line in found


def test_the_same_faq_asked_twice_is_found(tmp_path: Path) -> None:
    folder = _two_entries(
        tmp_path, "保証料を一度に払うのではなく分割で払えますか", "保証料を一度に払うのではなくて分割で払えますか"
    )

    problems = _check(folder).problems

    assert any(one.at.line == 13 and "ほとんど同じ" in one.message for one in problems)


def test_an_example_question_that_finds_something_else_is_found(tmp_path: Path) -> None:
    folder = editing.small(tmp_path)
    editing.replace(folder / "signboard.yaml", "屋号の看板の資金", "ちょうちん補助金")

    problems = [one for one in _check(folder).problems if one.severity == "error"]

    assert [one.message for one in problems if "ちょうちん補助金" in one.message]


def test_a_question_of_many_for_an_entry_that_is_not_there_is_found(tmp_path: Path) -> None:
    folder = editing.small(tmp_path)
    file = folder / "understanding/questions/q01.jsonl"
    file.parent.mkdir(parents=True)
    file.write_text('{"text": "提灯の補助の限度額は", "entries": ["no-such"], "part": "limit"}\n', "utf-8")

    problems = [one for one in _check(folder).problems if one.at.file == file]

    assert [(one.at.line, "no-such" in one.message, one.severity) for one in problems] == [(1, True, "error")]


def _two_entries(tmp_path: Path, first: str, second: str) -> Path:
    folder = tmp_path / "kb"
    folder.mkdir()
    source = "sources:\n  - {id: paper, title: 資料, publisher: 役所, as_of: 2026-01, as_of_label: 2026年1月, review_months: 12, official: true}\n"
    entries = "".join(
        f"  - id: {id_}\n    name: {name}\n    questions: [{question}, {question}のですか]\n    topic: other\n    status: 受付中\n    as_of: 2026-01\n"
        f"    sources: [paper]\n    summary: 要約です。\n"
        for id_, name, question in (("one", first, "なにが戻りますか"), ("two", second, "返してもらえますか"))
    )
    (folder / "faq.yaml").write_text(f"{source}faqs:\n{entries}", "utf-8")
    return folder

"""Labelled examples: what is wrong with one is told with file and line, and the others are read all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.knowledge.examples import digest, read_examples
from bot.knowledge.problems import Problem

ROOT = Path(__file__).parents[2]
GOOD: dict[str, object] = {
    "task": "fee",
    "asked": "amount",
    "text": "500万円です",
    "acts": ["inform"],
    "slots": {"amount": "500万円"},
}


def _write(folder: Path, *lines: dict[str, object] | str, name: str = "training/writer.jsonl") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join(texts) + "\n", "utf-8")
    return file


def _problems(folder: Path, wrong: dict[str, object]) -> list[Problem]:
    """What is said about an example that stands in the third line."""
    file = _write(folder, GOOD, "", wrong, GOOD)

    found, problems = read_examples(folder)

    assert [one.at.line for one in found] == [1, 4]
    assert {(one.at.file, one.at.line) for one in problems} == {(file, 3)}
    return problems


def test_examples_are_read_with_their_writer_and_place(tmp_path: Path) -> None:
    file = _write(tmp_path, GOOD, "", {"text": "こんにちは", "acts": ["greet"]})

    found, problems = read_examples(tmp_path)

    assert problems == []
    assert [(one.writer, one.at.file, one.at.line) for one in found] == [("writer", file, 1), ("writer", file, 3)]
    assert found[0].example.slots == {"amount": "500万円"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"acts": ["inform", "shout"]}, "意味（acts）に「shout」はありません"),
        ({"task": "dance"}, "手続き（task）に「dance」はありません"),
        ({"acts": ["inform", "begin"], "begin": "dance"}, "手続き（begin）に「dance」はありません"),
        ({"asked": "mood"}, "項目（asked）に「mood」はありません"),
        ({"slots": {"mood": "500万円"}}, "項目（slots）に「mood」はありません"),
    ],
)
def test_an_unknown_label_is_named_with_those_that_there_are(tmp_path: Path, change: dict[str, object], named: str) -> None:
    (problem,) = _problems(tmp_path, GOOD | change)

    assert problem.message.startswith(named)
    assert "使えるのは" in problem.message
    assert problem.severity == "error"


def test_a_value_that_is_not_in_the_text_is_found(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, GOOD | {"slots": {"amount": "500 万円"}})

    assert "「amount」の「500 万円」は文の中にありません" in problem.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"acts": [], "slots": {}}, "1つ以上"),
        ({"acts": ["inform", "begin"]}, "（begin）は"),
        ({"begin": "loan"}, "（begin）は"),
        ({"acts": ["ask"]}, "inform、correct、affirm、deny"),
    ],
)
def test_labels_that_do_not_go_together_are_found(tmp_path: Path, change: dict[str, object], told: str) -> None:
    (problem,) = _problems(tmp_path, GOOD | change)

    assert told in problem.message


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"text": "", "slots": {}}, "「text」"),
        ({"text": "500万円" + "あ" * 2_000}, "「text」"),
        ({"texts": "1"}, "「texts」"),
        ({"acts": "inform"}, "「acts」"),
        ({"slots": ["amount"]}, "「slots」"),
    ],
)
def test_what_is_no_example_is_found(tmp_path: Path, change: dict[str, object], named: str) -> None:
    (problem,) = _problems(tmp_path, GOOD | change)

    assert problem.message.startswith(named)


def test_a_line_that_is_no_json_is_found(tmp_path: Path) -> None:
    file = _write(tmp_path, GOOD, "{text: …}")

    found, problems = read_examples(tmp_path)

    assert len(found) == 1
    assert [(one.at.file, one.at.line) for one in problems] == [(file, 2)]


def test_everything_wrong_with_an_example_is_told_at_once(tmp_path: Path) -> None:
    wrong = GOOD | {"acts": ["shout"], "asked": "mood", "slots": {"amount": "1円"}}

    told = "".join(one.message for one in _problems(tmp_path, wrong))

    assert all(part in told for part in ("shout", "mood", "1円"))


def test_the_digest_changes_with_what_is_learned_from_and_with_nothing_else(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    before = digest(tmp_path)

    _write(tmp_path, GOOD, name="test/another.jsonl")
    assert digest(tmp_path) == before

    _write(tmp_path, GOOD, GOOD)
    assert digest(tmp_path) != before


def test_the_examples_of_the_repository_have_no_fault() -> None:
    found, problems = read_examples(ROOT / "knowledge_base/understanding/utterances")

    assert found
    assert problems == []

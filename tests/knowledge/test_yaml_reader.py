"""YAML is read safely, and everything remembers where it stood."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.yaml_reader import read

FILE = Path("example.yaml")


def test_every_key_and_item_has_its_line_and_column() -> None:
    document, problems = read(FILE, "programs:\n  - id: abc\n    limit:\n      - 2億円\n")

    assert problems == []
    assert document is not None
    assert str(document.at(("programs", 0, "limit", 0))) == "example.yaml:4:9"
    assert str(document.at(("programs", 0, "missing"))) == "example.yaml:2:5"


def test_dates_yes_and_no_stay_text_while_whole_numbers_are_numbers() -> None:
    document, _ = read(FILE, "a: 2024-03\nb: no\nc: 12\nd: '12'\ne: 1:30\nf: true\ng:\n")

    assert document is not None
    assert document.data == {"a": "2024-03", "b": "no", "c": 12, "d": "12", "e": "1:30", "f": True, "g": None}


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\na: 2\n", 2, "二度"),
        ("a: &x [1]\n", 1, "目印"),
        ("a: 1\nb: *x\n", 2, "別名"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "タグ"),
        ("a: [1, 2\nb: 3\n", 1, "「[」が閉じられていない"),
        ("a:\n  - 'open\n", 2, "引用符"),
        ("a: \x07\n", 1, "読めない文字"),
        ("? [1, 2]\n: 3\n", 1, "一つの語"),
        ("a: " + "[" * 20 + "]" * 20 + "\n", 1, "深すぎます"),
    ],
)
def test_what_cannot_be_used_is_reported_with_its_line(text: str, line: int, part: str) -> None:
    _, problems = read(FILE, text)

    assert problems
    assert problems[0].at.line == line
    assert part in problems[0].message


@given(st.text(max_size=400))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    document, problems = read(FILE, text)

    assert document is not None or problems


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("yaml") / "bytes.yaml"
    file.write_bytes(data)

    document, problems = read(file)

    assert document is not None or problems

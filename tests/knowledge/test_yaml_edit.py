"""A change of one entry leaves every other character of the file as it is, whatever is written into it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.files import ENTRY_SECTIONS, knowledge_files
from bot.knowledge.yaml_edit import EditError, exchange
from bot.knowledge.yaml_reader import Path_, read

ROOT = Path(__file__).parents[2]
FILES = knowledge_files(ROOT / "knowledge_base")

NASTY = st.sampled_from(
    ["- a", "a: b", "a #b", "'", '"', "{{7*7}}", "[x]", "*a", "&a", "!!python/object:x", "---", "...", "? x", "|", ">", "%YAML",
     "no", "2024", "true", "null", "~", "", " a ", "a\nb", "a\n\n", "\t", "\u2028", "\x85", "\ufeff", "😀", "👩‍👩‍👧", "\u202ex", "@a", "`a", "a:",
     "\\n", "\x00", "1:30", "0x1f", "<<", "=", "text", "label", "a, b", "}", "- - -", "#"]
)  # fmt: skip
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), NASTY, st.tuples(NASTY, NASTY).map("".join))

EXAMPLE = """\
# 先頭の注釈
rules:
  - id: first
    name: '一つめ'  # 名前の注釈
    questions:
      # 質問の注釈
      - 何ですか
      - "引用: です"  # 行末
      - 'あ''い'

    # 間の注釈
    related: [second, "third"]
    sources: [{id: paper, place: "見出し: 1"}, other]
    limit:
      - 国: 1億円
      - label: text
        text: 二億円
    summary: >-
      折り
      返し
    details: |
      そのまま

      です

  - {id: second, name: 二つめ, questions: [a, 'b'], topic: other}
  -   id: third
      name: 三つめ
      questions: [
        a,  # 注釈
        b
      ]
"""

ENTRIES = st.sampled_from([0, 1, 2])


def _data(text: str) -> object:
    document, problems = read(Path("example.yaml"), text)
    assert document is not None
    assert problems == []
    return document.data


def _entry(text: str, path: Path_) -> dict[str, object]:
    data = _data(text)
    for step in path:
        data = data[step]  # type: ignore[index]
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_does_not_change_leaves_the_file_as_it_is(file: Path) -> None:
    text = file.read_bytes().decode("utf-8")

    for section, items in _entry(text, ()).items():
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                assert exchange(text, (section, index), item) == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_question_more_is_a_line_more(file: Path) -> None:
    text = file.read_bytes().decode("utf-8")
    document = _entry(text, ())

    for section in [one for one in ENTRY_SECTIONS if one in document]:
        for index, entry in enumerate(document[section]):  # type: ignore[arg-type, var-annotated]
            edited = exchange(text, (section, index), {**entry, "questions": [*entry["questions"], "もう一つの: #質問"]})

            lines = edited.splitlines()
            added = [line for line in lines if "もう一つの: #" in line]
            assert [line.strip() for line in added] == ['- "もう一つの: #質問"']
            lines.remove(added[0])
            assert lines == text.splitlines()


@given(TEXTS, ENTRIES, st.booleans())
def test_any_question_comes_back_exactly_and_all_else_stays(question: str, index: int, windows: bool) -> None:
    text = EXAMPLE.replace("\n", "\r\n") if windows else EXAMPLE
    entry = _entry(text, ("rules", index))

    edited = exchange(text, ("rules", index), {**entry, "questions": [*entry["questions"], question]})  # type: ignore[misc]

    assert _entry(edited, ("rules", index))["questions"] == [*entry["questions"], question]  # type: ignore[misc]
    assert edited.count("#") >= text.count("#")
    first = next(place for place, (a, b) in enumerate(zip(text, edited, strict=False)) if a != b)
    assert edited.endswith(text[first:])
    assert (text.count("\r\n") > 0) == ("\r\n" in edited)


FACTS = st.lists(st.one_of(TEXTS, st.dictionaries(TEXTS.filter(bool), TEXTS, min_size=1, max_size=1)), max_size=5)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "summary": TEXTS,
        "details": TEXTS,
        "checked": st.just("2026-11-23"),
        "number": st.integers(0, 9),
        "questions": st.lists(TEXTS, max_size=5),
        "related": st.lists(TEXTS, max_size=5),
        "sources": st.lists(st.one_of(TEXTS, st.fixed_dictionaries({"id": TEXTS, "place": TEXTS})), max_size=3),
        "limit": FACTS,
        "fee": FACTS,
        "rows": st.lists(st.lists(TEXTS, max_size=3), max_size=3),
        "steps": st.lists(st.fixed_dictionaries({"title": TEXTS}, optional={"who": TEXTS, "does": TEXTS}), max_size=3),
    },
)
ORDER = [
    "id",
    "name",
    "questions",
    "checked",
    "sources",
    "number",
    "summary",
    "limit",
    "fee",
    "details",
    "rows",
    "steps",
    "related",
]


@given(FIELDS, st.sets(st.sampled_from(["questions", "limit", "details", "related"])), ENTRIES)
def test_any_change_means_exactly_what_was_meant(fields: dict[str, object], removed: set[str], index: int) -> None:
    entry = _entry(EXAMPLE, ("rules", index))
    new = {name: value for name, value in {**entry, **fields}.items() if name not in removed}

    edited = exchange(EXAMPLE, ("rules", index), new, ORDER)

    assert _entry(edited, ("rules", index)) == new
    assert _entry(edited, ("rules", (index + 1) % 3)) == _entry(EXAMPLE, ("rules", (index + 1) % 3))
    assert "# 先頭の注釈" in edited


@given(st.data())
def test_several_changes_of_a_real_entry_change_no_line_of_the_others(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    text = file.read_bytes().decode("utf-8")
    document = _entry(text, ())
    sections = [one for one in ENTRY_SECTIONS if one in document]
    if not sections:
        return
    section = data.draw(st.sampled_from(sections))
    entries = document[section]
    assert isinstance(entries, list)
    index = data.draw(st.integers(0, len(entries) - 1))
    new = {**entries[index]}
    for name in data.draw(st.sets(st.sampled_from(sorted(set(new) - {"id"})), max_size=3)):
        value = new[name]
        if isinstance(value, list):
            mixed = [*value, data.draw(TEXTS)]
            random.Random(data.draw(st.integers(0, 9))).shuffle(mixed)
            new[name] = mixed[: data.draw(st.integers(1, len(mixed)))]
        else:
            new[name] = data.draw(TEXTS)

    edited = exchange(text, (section, index), new, ORDER)

    assert _entry(edited, (section, index)) == new
    ids = f"- id: {new['id']}\n"
    start = text.index(ids)
    end = text.find("\n  - id: ", start + 5)
    assert edited.startswith(text[:start])
    assert end < 0 or edited.endswith(text[end:])


def test_a_new_field_stands_where_it_belongs() -> None:
    entry = _entry(EXAMPLE, ("rules", 0))

    edited = exchange(EXAMPLE, ("rules", 0), {**entry, "checked": "2026-11-23", "fee": [{"国": "1%"}, "なし"]}, ORDER)

    assert "      - 'あ''い'\n    checked: 2026-11-23\n\n    # 間の注釈\n" in edited
    assert "        text: 二億円\n    fee:\n      - 国: 1%\n      - なし\n    summary: >-\n" in edited


def test_a_text_keeps_its_quotation_marks() -> None:
    entry = _entry(EXAMPLE, ("rules", 0))

    edited = exchange(EXAMPLE, ("rules", 0), {**entry, "name": "1'2"})

    assert "    name: '1''2'  # 名前の注釈\n" in edited


def test_a_file_without_a_last_line_break_or_with_a_mark_keeps_that() -> None:
    text = "\ufeffrules:\n  - id: a\n    questions:\n      - b"

    assert exchange(text, ("rules", 0), {"id": "a", "questions": ["b", "c"]}) == text + "\n      - c"


def test_half_a_sign_is_refused() -> None:
    with pytest.raises(EditError, match="使えない文字"):
        exchange(EXAMPLE, ("rules", 0), {"id": "\ud83d"})


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(EditError, match="YAML"):
        exchange("rules: [", ("rules", 0), {})

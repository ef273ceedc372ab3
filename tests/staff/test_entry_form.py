"""What a form shows of an entry comes back as it was, and what is typed becomes what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.files import ENTRY_SECTIONS, knowledge_files
from bot.knowledge.yaml_reader import read
from bot.staff.entry_fields import SECTIONS, fields_of
from bot.staff.entry_form import Value, changes, posted, values_of

ROOT = Path(__file__).parents[2]


def _send(values: dict[str, Value]) -> dict[str, list[str]]:
    """What a browser sends of a form that shows ``values``."""
    form: dict[str, list[str]] = {}
    for name, value in values.items():
        if isinstance(value, str):
            form[name] = [value.replace("\n", "\r\n")]
            continue
        for number, one in enumerate(value):
            if isinstance(one, dict):
                form |= {f"{name}.{number}.{part}": [text] for part, text in one.items()}
            else:
                form.setdefault(name, []).append(str(one))
    return form


def _entries() -> list[tuple[str, dict[str, object]]]:
    found = []
    for file in knowledge_files(ROOT / "knowledge_base"):
        document, _ = read(file)
        assert document is not None
        data = document.data
        assert isinstance(data, dict)
        found += [(section, entry) for section in ENTRY_SECTIONS for entry in data.get(section, [])]
    return found


ENTRIES = _entries()


@pytest.mark.parametrize("section", ENTRY_SECTIONS)
def test_every_section_has_a_form(section: str) -> None:
    assert section in SECTIONS
    assert {"name", "questions", "summary"} <= {field.name for field in fields_of(section)}


def test_an_entry_that_nobody_changed_has_no_changes() -> None:
    for section, entry in ENTRIES:
        fields = fields_of(section)

        assert changes(posted(_send(values_of(entry, fields)), fields), entry, fields) == {}


ODD = st.one_of(st.text(max_size=20), st.integers(), st.none(), st.booleans())
ANYTHING = st.recursive(ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))


@given(st.sampled_from(ENTRY_SECTIONS), st.data())
def test_whatever_stands_in_a_file_can_be_shown_and_stays_when_untouched(section: str, data: st.DataObject) -> None:
    fields = fields_of(section)
    entry = data.draw(st.dictionaries(st.sampled_from([field.name for field in fields]), ANYTHING, max_size=6))
    values = values_of(entry, fields)

    changed = changes(values, entry, fields)

    assert changed == {}


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="⏎\u2028\u2029"), min_size=1, max_size=20).map(
    str.strip
)


@given(st.lists(TEXTS.filter(bool), max_size=4))
def test_any_questions_typed_are_what_is_meant(questions: list[str]) -> None:
    fields = fields_of("faqs")
    form = {"questions": ["\r\n".join(questions)]}

    meant = changes(posted(form, fields), {"id": "a", "questions": ["前の質問"]}, fields)["questions"]

    assert meant == questions


@given(st.lists(st.one_of(TEXTS.filter(bool), st.fixed_dictionaries({"label": TEXTS, "text": TEXTS})), max_size=4))
def test_any_facts_come_back_from_what_is_shown_of_them(facts: list[object]) -> None:
    fields = fields_of("faqs")
    shown = values_of({"limit": facts}, fields)

    sent = posted(_send(shown), fields)

    assert str(sent["limit"]).split("\n") == [line for line in str(shown["limit"]).split("\n") if line] or not shown["limit"]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("1億円", "1億円"),
        ("国: 1億円", {"国": "1億円"}),
        ("国：1億円", "国：1億円"),
        (": 受付: 平日", "受付: 平日"),
        ("text: a", {"label": "text", "text": "a"}),
        ("https://example.org/", "https://example.org/"),
        ("一行目⏎二行目", "一行目\n二行目"),
        ("- a", "- a"),
    ],
)
def test_a_line_is_a_fact(line: str, meant: object) -> None:
    fields = fields_of("programs")

    assert changes(posted({"limit": [line]}, fields), {}, fields)["limit"] == [meant]


def test_rows_sources_stages_and_numbers_are_what_they_are_in_the_file() -> None:
    fields = {field.name: field for section in ("tables", "stages") for field in fields_of(section)}
    form = {
        "rows": ["製造業 | 3億円\r\n小売\\|卸 | "],
        "sources.0.id": ["paper"],
        "sources.3.id": ["other"],
        "sources.3.place": ["見出し"],
        "stages": ["1", "3"],
        "number": ["2"],
        "related": ["one", ""],
        "older.0.as_of": ["2016-02"],
    }

    meant = changes(posted(form, list(fields.values())), {}, list(fields.values()))

    assert {name: meant[name] for name in ("rows", "sources", "stages", "number", "related", "older")} == {
        "rows": [["製造業", "3億円"], ["小売|卸", ""]],
        "sources": ["paper", {"id": "other", "place": "見出し"}],
        "stages": [1, 3],
        "number": 2,
        "related": ["one"],
        "older": [{"as_of": "2016-02"}],
    }


def test_what_is_emptied_goes_and_what_must_be_there_is_left_empty() -> None:
    fields = fields_of("faqs")
    entry = {"id": "a", "name": "名前", "questions": ["一", "二"], "limit": ["三"], "reading": "な"}

    meant = changes(posted({}, fields), entry, fields)

    assert meant == {"name": "", "questions": [], "limit": None, "reading": None}

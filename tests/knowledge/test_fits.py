"""Whom programs fit: profiles beside the entries, and what must hold for every program and all that may be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.build import build_content
from bot.knowledge.build_fits import facts
from bot.knowledge.check_fits import check_fits, profiles_misjudged
from bot.knowledge.conditions import Between, Condition, Every, Facts, Fits, Not, OneOf, Some
from bot.knowledge.dialogs import Slot
from bot.knowledge.files import load_folder
from bot.knowledge.fits import Judge
from bot.knowledge.fits_schema import Profile
from tests import editing

FOLDER = Path(__file__).parents[2] / "knowledge_base"
FILES = load_folder(FOLDER)[0]
PROFILES = [(file.document.file.parent.name, profile) for file in FILES for profile in file.content.profiles]
YEN = (0, 3_000_000, 35_000_001, 250_000_001, 720_000_001)
LENGTHS = (0, 5, 6, 11, 12, 59, 60, 61, 84, 85, 120, 241)


@pytest.mark.parametrize("profile", [pytest.param(one, id=f"{folder}: {one.who}") for folder, one in PROFILES])
def test_profile(kb: KnowledgeBase, profile: Profile) -> None:
    judge = Judge(kb.content, facts(profile))

    assert {program: judge.fit(program).outcome for program in (*profile.can, *profile.depends, *profile.cannot)} == {
        **dict.fromkeys(profile.can, "can"),
        **dict.fromkeys(profile.depends, "depends"),
        **dict.fromkeys(profile.cannot, "cannot"),
    }


def test_every_program_says_whom_it_fits(kb: KnowledgeBase) -> None:
    programs = [entry for entry in kb.content.entries.values() if entry.kind == "program" and not entry.pages]

    assert len(programs) >= 120
    assert [entry.id for entry in programs if not entry.fits] == []
    assert [entry.id for entry in programs for one in entry.fits if one.source not in kb.content.sources] == []


def _told(slot: Slot) -> st.SearchStrategy[int | str | tuple[str, ...]] | None:
    """Whatever may be told for a slot."""
    ids = [option.id for option in slot.options if option.id not in slot.vague]
    match slot.kind:
        case "choices":
            return st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True).map(tuple)
        case "choice":
            return st.sampled_from(ids) if ids else None
        case "age":
            return st.sampled_from([*LENGTHS, *ids])
        case "months":
            return st.sampled_from(LENGTHS)
        case "yen":
            return st.sampled_from(YEN)
        case "people":
            return st.sampled_from((0, 5, 6, 20, 21, 300, 301))
        case "industry":
            return st.sampled_from(("service", "manufacturing", "tyre", "excluded:農林・漁業"))
        case "country":
            return st.sampled_from(("タイ", "インド", "フランス"))
        case "percent" | "times":
            return st.sampled_from(("1.2", "2.5", "20"))
    return None


@pytest.fixture(scope="module")
def anything(kb: KnowledgeBase) -> st.SearchStrategy[dict[str, int | str | tuple[str, ...]]]:
    """Any facts, of any number of slots."""
    strategies = {slot.id: one for slot in kb.content.slots.values() if (one := _told(slot)) is not None}
    return st.fixed_dictionaries({}, optional=strategies)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_more_facts_never_make_what_is_not_met_unknown(
    kb: KnowledgeBase, anything: st.SearchStrategy[dict[str, int | str | tuple[str, ...]]], data: st.DataObject
) -> None:
    told = data.draw(anything)
    more = {**data.draw(anything), **told}
    entry = data.draw(st.sampled_from([entry for entry in kb.content.entries.values() if entry.fits]))

    before, after = Judge(kb.content, told).fit(entry.id), Judge(kb.content, more).fit(entry.id)

    assert ("not met", "unknown") not in {
        (early.verdict, late.verdict) for early, late in zip(before.judged, after.judged, strict=True)
    }


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_another_answer_to_the_same_question_never_makes_it_unknown(
    kb: KnowledgeBase, anything: st.SearchStrategy[dict[str, int | str | tuple[str, ...]]], data: st.DataObject
) -> None:
    """Of slots that take several answers, more of them may turn a no into a yes, and never into an open question."""
    told = data.draw(anything)
    other = data.draw(anything)
    none = {slot.id: slot.no for slot in kb.content.slots.values()}
    more = {
        slot: tuple(dict.fromkeys((*value, *also)))
        if isinstance(value, tuple) and isinstance(also := other.get(slot), tuple) and none[slot] not in (*value, *also)
        else value
        for slot, value in told.items()
    }
    entry = data.draw(st.sampled_from([entry for entry in kb.content.entries.values() if entry.fits]))

    before, after = Judge(kb.content, told).fit(entry.id), Judge(kb.content, more).fit(entry.id)

    assert [late.criterion.says for early, late in zip(before.judged, after.judged, strict=True)
            if early.verdict == "not met" and late.verdict == "unknown"] == []  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_order_of_telling_does_not_matter(
    kb: KnowledgeBase, anything: st.SearchStrategy[dict[str, int | str | tuple[str, ...]]], data: st.DataObject
) -> None:
    told = data.draw(anything)
    turned = {
        slot: value[::-1] if isinstance(value, tuple) else value for slot, value in data.draw(st.permutations(list(told.items())))
    }
    entry = data.draw(st.sampled_from([entry for entry in kb.content.entries.values() if entry.fits]))

    assert Judge(kb.content, told).fit(entry.id) == Judge(kb.content, turned).fit(entry.id)


def test_every_program_is_reachable(kb: KnowledgeBase) -> None:
    """Somebody can meet every criterion of a program that facts decide, all at once."""
    unreachable = []
    for entry in kb.content.entries.values():
        wanted = Every(tuple(one.when for one in entry.fits if one.when is not None))
        if not any(_meets_all(kb, entry.id, told) for told in islice(_witnesses(kb, wanted), 200)):
            unreachable.append(entry.id)

    assert unreachable == []


def _meets_all(kb: KnowledgeBase, program: str, told: Facts) -> bool:
    fit = Judge(kb.content, told).fit(program)
    return all(one.verdict == "met" for one in fit.judged if one.criterion.when is not None)


_SMALL: Facts = {"industry": "service", "employees": 3}
_LARGE: Facts = {"industry": "manufacturing", "employees": 100}
_BONDS: Facts = {"net_assets": 500_000_000, "equity": "20", "return": "10"}
_DERIVED: dict[tuple[str, str], Facts] = {
    ("sme", "yes"): _SMALL,
    ("small", "yes"): _SMALL,
    ("small", "no"): _LARGE,
    ("bond_standard", "yes"): _BONDS,
}


def _witnesses(kb: KnowledgeBase, condition: Condition) -> Iterator[Facts]:
    """Facts that may fulfil a condition: one way after the other."""
    match condition:
        case OneOf(slot, values):
            for value in values:
                yield _DERIVED.get((slot, value)) or {slot: _value(kb, slot, value)}
        case Between(slot, least, most, above, below):
            number = least if least is not None else above + 1 if above is not None else None
            yield {slot: number if number is not None else most if most is not None else (below or 1) - 1}
        case Every(parts):
            yield from (_joined(ways) for ways in product(*(list(islice(_witnesses(kb, one), 3)) for one in parts)))
        case Some(parts):
            for one in parts:
                yield from _witnesses(kb, one)
        case Not(part):
            yield from _against(kb, part)
        case Fits(program):
            entry = kb.content.entries[program]
            yield from _witnesses(kb, Every(tuple(one.when for one in entry.fits if one.when is not None)))


def _against(kb: KnowledgeBase, condition: Condition) -> Iterator[Facts]:
    """Facts that may break a condition."""
    match condition:
        case OneOf(slot, _, only):
            known = kb.content.slots.get(slot)
            none = known.no if known is not None else ""
            others = {"industry": "service", "form": "usual", "entity": "corporation", "purpose": "equipment"}
            yield {slot: _value(kb, slot, others.get(slot) or none)} if not only else {slot: ("equipment",)}
        case Every(parts) | Some(parts):
            for one in parts:
                yield from _against(kb, one)
        case Not(part):
            yield from _witnesses(kb, part)
        case _:
            return


def _value(kb: KnowledgeBase, slot_id: str, value: str) -> str | tuple[str, ...]:
    slot = kb.content.slots[slot_id]
    if value == "*":
        return {"place": "台東区", "country": "タイ"}[slot.kind]
    return (value,) if slot.kind == "choices" else value


def _joined(ways: Sequence[Facts]) -> Facts:
    """All facts at once; several answers to one slot where it takes them, else the smaller number."""
    told: dict[str, int | str | tuple[str, ...]] = {}
    for way in ways:
        for slot, value in way.items():
            before = told.get(slot, value)
            if isinstance(before, tuple) and isinstance(value, tuple):
                told[slot] = tuple(dict.fromkeys((*before, *value)))
            else:
                told[slot] = min(before, value) if isinstance(before, int) and isinstance(value, int) else value
    return told


CRITERIA = """\
    fits:
      - says: 商店街にあること
        when: {street: [arcade]}
      - says: 提灯は10個まで
        kind: limit
        when: {lamp: {max: 10}}
    related: [signboard]
"""

SLOTS_FILE = """\
slots:
  - {id: lamp, label: 提灯の数, kind: number, question: いくつですか。, why: 数で決まるためです。, hint: 「3つ」のように。}
  - id: street
    label: 場所
    kind: choice
    question: 商店街ですか。
    why: 商店街だけの補助だからです。
    hint: 「商店街です」のように。
    options:
      - {id: arcade, label: 商店街}
      - {id: elsewhere, label: ほかの場所}
profiles:
  - who: 商店街の店
    told: {street: arcade}
    can: [lantern]
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{street: [arcade]}", "{strasse: [arcade]}", "聞き取る項目「strasse」がありません"),
        ("{street: [arcade]}", "{street: [arkade]}", "「street: arkade」という答えはありません"),
        ("{lamp: {max: 10}}", "{street: {max: 10}}", "数ではありません"),
        ("{lamp: {max: 10}}", "{program: lanterne}", "「lanterne」という id の項目はありません"),
        ("{lamp: {max: 10}}", "{}", "条件が空です"),
        ("says: 商店街にあること", "source: {id: paper}", "says がありません"),
        (
            "- says: 商店街にあること\n",
            "- use: everybody\n        says: 商店街にあること\n",
            "共通の条件「everybody」がありません",
        ),
    ],
)
def test_a_criterion_that_cannot_be_judged_is_told_at_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = editing.small(tmp_path)
    editing.replace(folder / "lantern.yaml", "    related: [signboard]\n", CRITERIA)
    (folder / "slots.yaml").write_text(SLOTS_FILE, "utf-8")
    files, problems = load_folder(folder)
    assert problems == []
    assert list(check_fits(files, {"lantern", "signboard"})) == []

    editing.replace(folder / "lantern.yaml", old, new)
    files, problems = load_folder(folder)

    found = [*problems, *check_fits(files, {"lantern", "signboard"})]
    assert any(says in one.message and one.at.file.name == "lantern.yaml" and one.at.line > 11 for one in found)


def test_a_profile_that_comes_to_something_else_is_told(tmp_path: Path) -> None:
    folder = editing.small(tmp_path)
    editing.replace(folder / "lantern.yaml", "    related: [signboard]\n", CRITERIA)
    (folder / "slots.yaml").write_text(SLOTS_FILE, "utf-8")
    files, _ = load_folder(folder)
    assert list(profiles_misjudged(files, build_content(files, date(2026, 11, 26)))) == []

    editing.replace(folder / "slots.yaml", "told: {street: arcade}", "told: {street: elsewhere}")
    files, _ = load_folder(folder)

    (problem,) = profiles_misjudged(files, build_content(files, date(2026, 11, 26)))
    assert "「商店街の店」に「lantern」は「使えそう」のはずですが、いまの条件では「使えない」です" in problem.message
    assert problem.at.line == editing.line_of(folder / "slots.yaml", "can:")

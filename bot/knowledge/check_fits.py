"""Checks that criteria look at facts that there are, and that profiles come to what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge import fits_schema as models
from bot.knowledge.build_fits import facts
from bot.knowledge.conditions import ANY
from bot.knowledge.derived import DERIVED
from bot.knowledge.dialog_schema import Slot
from bot.knowledge.entries import Content
from bot.knowledge.files import LoadedFile
from bot.knowledge.fits import Judge, Outcome
from bot.knowledge.problems import Problem
from bot.knowledge.saying import EXCLUDED

_Path = tuple[str | int, ...]

_NUMBERS = ("yen", "people", "months", "rounds", "percent", "times", "number", "age")
"""Kinds of slots that bounds may be set to."""

_OUTCOMES: Mapping[Outcome, str] = {"can": "使えそう", "depends": "条件しだい", "cannot": "使えない"}


def check_fits(files: Sequence[LoadedFile], known: Collection[str]) -> Iterator[Problem]:
    """Problems of criteria, of those that are shared, and of what profiles tell."""
    vocabulary = _Vocabulary.of(files, known)
    for file in files:
        for section, index, entry in file.entries():
            path: _Path = (section, index)
            for number, criterion in enumerate(entry.fits):
                yield from _criterion(file, (*path, "fits", number), criterion, vocabulary)
            if entry.within is not None and entry.within not in known:
                yield _unknown_entry(file, (*path, "within"), entry.within)
        for place, shared in enumerate(file.content.shared_criteria):
            for number, criterion in enumerate(shared.criteria):
                yield from _criterion(file, ("shared_criteria", place, "criteria", number), criterion, vocabulary)
        for place, profile in enumerate(file.content.profiles):
            for slot, value in profile.told.items():
                values = value if isinstance(value, list) else [value]
                yield from _told(file, ("profiles", place, "told", slot), slot, values, vocabulary)
            for name in _OUTCOMES:
                for number, program in enumerate(getattr(profile, name)):
                    if program not in known:
                        yield _unknown_entry(file, ("profiles", place, name, number), program)


def profiles_misjudged(files: Sequence[LoadedFile], content: Content) -> Iterator[Problem]:
    """Profiles for which the criteria come to something else than they say."""
    for file in files:
        for place, profile in enumerate(file.content.profiles):
            judge = Judge(content, facts(profile))
            for wanted, says in _OUTCOMES.items():
                for number, program in enumerate(getattr(profile, wanted)):
                    fit = judge.fit(program)
                    if fit.outcome != wanted:
                        because = "、".join(one.says for one in fit.excluding) if fit.excluding else "満たさない条件はありません"
                        yield Problem(
                            file.at("profiles", place, wanted, number),
                            f"「{profile.who}」に「{program}」は「{says}」のはずですが、いまの条件では「{_OUTCOMES[fit.outcome]}」です"
                            f"（{because}）。条件（fits）か、この例を直してください",
                        )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """What criteria may speak of."""

    entries: Collection[str]
    slots: Mapping[str, Slot]
    named: Mapping[str, Collection[str]]
    """What a slot without options of its own may hold, by kind: trades, countries, municipalities."""
    shared: Collection[str]
    sources: Collection[str]

    @classmethod
    def of(cls, files: Sequence[LoadedFile], known: Collection[str]) -> _Vocabulary:
        contents = [file.content for file in files]
        return cls(
            known,
            {slot.id: slot for content in contents for slot in content.slots},
            {
                "industry": {
                    *(one.id for content in contents for one in content.industries),
                    *(f"{EXCLUDED}{one.label}" for content in contents for one in content.excluded_industries),
                },
                "country": {one[0] for content in contents for one in content.countries},
                "place": {one.name for content in contents for one in content.municipalities},
            },
            {one.id for content in contents for one in content.shared_criteria},
            {one.id for content in contents for one in content.sources},
        )


def _criterion(file: LoadedFile, path: _Path, one: models.Criterion, vocabulary: _Vocabulary) -> Iterator[Problem]:
    if one.use is not None:
        if one.use not in vocabulary.shared:
            yield Problem(file.at(*path, "use"), f"共通の条件「{one.use}」がありません。shared_criteria の id を書いてください")
        if one.model_fields_set - {"use"}:
            yield Problem(file.at(*path), "use のほかには何も書けません。別の「- 」に分けてください")
        return
    if one.says is None:
        yield Problem(file.at(*path), "says がありません。利用者に見せる条件の文を書いてください")
    if one.source is not None and one.source.id not in vocabulary.sources:
        yield Problem(file.at(*path, "source"), f"出典「{one.source.id}」は sources にありません。つづりを確かめてください")
    if one.when is not None:
        yield from _condition(file, (*path, "when"), one.when, vocabulary)


def _condition(file: LoadedFile, path: _Path, one: models.Condition, vocabulary: _Vocabulary) -> Iterator[Problem]:
    asked = one.__pydantic_extra__ or {}
    if not asked and one.all is None and one.any is None and one.not_ is None and one.program is None:
        yield Problem(file.at(*path), "条件が空です。「項目: [答え]」の形で書いてください")
    for slot, wanted in asked.items():
        if isinstance(wanted, models.Bounds):
            if wanted.only:
                yield from _told(file, (*path, slot), slot, wanted.only, vocabulary, bounded=True)
            else:
                yield from _bounds(file, (*path, slot), slot, wanted, vocabulary)
        else:
            yield from _told(file, (*path, slot), slot, wanted, vocabulary, bounded=True)
    for name, parts in (("all", one.all), ("any", one.any)):
        for number, part in enumerate(parts or ()):
            yield from _condition(file, (*path, name, number), part, vocabulary)
    if one.not_ is not None:
        yield from _condition(file, (*path, "not"), one.not_, vocabulary)
    if one.program is not None and one.program not in vocabulary.entries:
        yield _unknown_entry(file, (*path, "program"), one.program)


def _bounds(file: LoadedFile, path: _Path, slot_id: str, one: models.Bounds, vocabulary: _Vocabulary) -> Iterator[Problem]:
    slot = vocabulary.slots.get(slot_id)
    if slot is None:
        yield _unknown_slot(file, path, slot_id)
    elif slot.kind not in _NUMBERS:
        yield Problem(file.at(*path), f"「{slot.label}」は数ではありません。答えを [ ] で書いてください")
    if not one.model_fields_set:
        yield Problem(file.at(*path), "min、max、over、below、only のどれかを書いてください")


def _told(
    file: LoadedFile,
    path: _Path,
    slot_id: str,
    values: Sequence[int | str],
    vocabulary: _Vocabulary,
    *,
    bounded: bool = False,
) -> Iterator[Problem]:
    """Answers that a slot cannot have; with ``bounded`` also those that stand for a span of numbers."""
    slot = vocabulary.slots.get(slot_id)
    if slot is None and (slot_id not in DERIVED or not bounded):
        yield _unknown_slot(file, path, slot_id)
        return
    possible = {"yes", "no"} if slot is None else {one.id for one in slot.options} | set(vocabulary.named.get(slot.kind, ()))
    spans = {one.id for one in slot.options if one.from_ is not None or one.below is not None} if slot is not None else set()
    for value in values:
        text = str(value)
        if slot is not None and slot.kind in _NUMBERS and not bounded and text.replace(".", "", 1).isdigit():
            continue
        stem = text.removesuffix(ANY)
        if text not in possible and not (text.endswith(ANY) and any(one.startswith(stem) for one in possible)):
            yield Problem(file.at(*path), f"「{slot_id}: {text}」という答えはありません。つづりを確かめてください")
        elif bounded and text in spans:
            yield Problem(file.at(*path), f"「{text}」は幅のある答えです。min や below で、数の範囲を書いてください")


def _unknown_slot(file: LoadedFile, path: _Path, slot_id: str) -> Problem:
    return Problem(file.at(*path), f"聞き取る項目「{slot_id}」がありません。dialogs/ の slots にある id を書いてください")


def _unknown_entry(file: LoadedFile, path: _Path, entry_id: str) -> Problem:
    return Problem(file.at(*path), f"「{entry_id}」という id の項目はありません。つづりを確かめてください")

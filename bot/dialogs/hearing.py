"""Reads slots out of an utterance: everything that is marked as a slot's own, and a bare answer to the question asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from bot.advisor import desks
from bot.advisor.conversation import Entity
from bot.dialogs.declaration import Option, Slot, Value
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold
from bot.nlp.values.amounts import amounts
from bot.nlp.values.dates import days
from bot.nlp.values.numbers import NUMBER, number, whole
from bot.nlp.values.periods import months, people, percents

_CLAUSE = re.compile(r"[。、,;\n?!]|ですが|ますが|けど|だけど|けれど|それと|あと")
_REACH = 14
"""Characters between a label and the number that it marks."""

_NONE = re.compile(r"(?:は|が|も)?(?:ありません|ない(?:です)?|ゼロ|なし|いません|おりません|0(?!\d))")
_MOST_TIMES = 10_000


def hear(kb: KnowledgeBase, slots: Sequence[Slot], asked: str, text: str, today: date, entity: Entity) -> dict[str, Value]:
    """What ``text`` says about ``slots``; for the slot ``asked`` a bare answer counts too."""
    folded = fold(text)
    heard: dict[str, Value] = {}
    for slot in slots:
        value = _read(kb, slot, slots, folded, today, entity, direct=slot.id == asked)
        if value is not None:
            heard[slot.id] = value
    return heard


def _read(
    kb: KnowledgeBase, slot: Slot, slots: Sequence[Slot], text: str, today: date, entity: Entity, *, direct: bool
) -> Value | None:
    match slot.kind:
        case "choice":
            return _choice(slot.options, text, direct=direct)
        case "choices":
            chosen = tuple(option.id for option in slot.options if _says(option, text, direct=direct))
            return chosen or None
        case "yen":
            return _yen(slot, slots, text, direct=direct)
        case "people":
            return _people(slot, text, direct=direct)
        case "months":
            return _months(slot, text, direct=direct)
        case "percent" | "times":
            return _ratio(slot, text, direct=direct)
        case "date":
            return _date(slot, text, today, direct=direct)
        case "place":
            return _place(kb, text, entity)
        case "industry":
            return industry_of(kb, text)
        case "country":
            return country_of(kb, text)


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _says(option: Option, text: str, *, direct: bool) -> bool:
    if option.cue and _pattern(option.cue).search(text):
        return True
    if not direct:
        return False
    return fold(option.label) in text or bool(option.short and _pattern(option.short).search(text))


def _choice(options: Iterable[Option], text: str, *, direct: bool) -> str | None:
    """The first option that the text says; where several are said the first declared wins."""
    return next((option.id for option in options if _says(option, text, direct=direct)), None)


def _marked(near: str, text: str, position: int) -> int | None:
    """How far before or after ``position`` the slot's label stands in the same clause; ``None`` when it does not."""
    if not near:
        return None
    starts = [0, *(match.end() for match in _CLAUSE.finditer(text) if match.end() <= position)]
    ends = [match.start() for match in _CLAUSE.finditer(text) if match.start() >= position]
    start, end = starts[-1], ends[0] if ends else len(text)
    distances = [
        position - match.end() if match.end() <= position else match.start() - position + 4
        for match in _pattern(near).finditer(text, start, end)
    ]
    return min((one for one in distances if one <= _REACH), default=None)


def _yen(slot: Slot, slots: Sequence[Slot], text: str, *, direct: bool) -> int | None:
    """The amount that this slot's label marks, or one that no other money slot's label does."""
    others = [one for one in slots if one.kind == "yen" and one.id != slot.id and one.near]
    loose: int | None = None
    for amount in amounts(text):
        own = _marked(slot.near, text, amount.start)
        rivals = [distance for one in others if (distance := _marked(one.near, text, amount.start)) is not None]
        if own is not None and (not rivals or own <= min(rivals)) and (direct or not amount.bare):
            return amount.yen * (10_000 if amount.bare and amount.yen < 100_000 else 1)
        if not rivals and loose is None and (direct or not amount.bare):
            loose = amount.yen * (10_000 if amount.bare and amount.yen < 100_000 else 1)
    if loose is None and slot.near:
        for label in _pattern(slot.near).finditer(text):
            if _NONE.match(text, label.end()):
                return 0
    if direct and loose is None and _NONE.search(text):
        return 0
    return loose if direct or (slot.id == "amount" and loose is not None) else None


def _people(slot: Slot, text: str, *, direct: bool) -> int | None:
    found = [
        (value, start)
        for value, start in people(text)
        if not re.search(r"(?:役員|家族|ボランティア|取締役|顧客|お客)[^、。]{0,4}$", text[:start])
    ]
    for value, start in found:
        if _marked(slot.near, text, start) is not None:
            return value
    if found:
        return found[0][0]
    for label in _pattern(slot.near).finditer(text):
        if _NONE.match(text, label.end()):
            return 0
        bare = re.match(rf"(?:数)?(?:は|が|:)?\s*({NUMBER})(?![万億円年月日%0-9])", text[label.end() :])
        if bare and (count := whole(bare[1])) is not None:
            return count
    if direct:
        bare = re.fullmatch(rf"\s*(?:約|およそ)?({NUMBER})(?:人|名)?(?:です|くらい|ぐらい|ほど)*[。!]?", text)
        if bare and (count := whole(bare[1])) is not None and count < 1_000_000:
            return count
        if _NONE.search(text) or re.search(r"自分(?:だけ|一人|1人)|一人で|ひとりで", text):
            return 0
    return None


def _months(slot: Slot, text: str, *, direct: bool) -> int | None:
    found = months(text)
    for value, start in found:
        if _marked(slot.near, text, start) is not None:
            return value
    if direct and found:
        return found[0][0]
    if direct and (bare := re.fullmatch(rf"\s*({NUMBER})(?:回|か月)?(?:です)?[。!]?", text)):
        count = whole(bare[1])
        return count if count is not None and 0 < count <= 1200 else None
    return None


def _ratio(slot: Slot, text: str, *, direct: bool) -> str | None:
    """A percentage or a multiple, as decimal text."""
    if slot.kind == "percent":
        found = [(str(value), start) for value, start in percents(text)]
    else:
        found = [
            (str(value), match.start())
            for match in re.finditer(rf"({NUMBER})\s*倍", text)
            if (value := number(match[1])) is not None and value < _MOST_TIMES
        ]
    for ratio, start in found:
        if _marked(slot.near, text, start) is not None:
            return ratio
    if direct and found:
        return found[0][0]
    if direct and (bare := re.fullmatch(rf"\s*({NUMBER})(?:です)?[。!]?", text)):
        value = number(bare[1])
        return str(value) if value is not None and value < _MOST_TIMES else None
    return None


def _date(slot: Slot, text: str, today: date, *, direct: bool) -> str | None:
    found = days(text, today)
    for day in found:
        if _marked(slot.near, text, day.start) is not None:
            return day.date.isoformat()
    return found[0].date.isoformat() if direct and found else None


def _place(kb: KnowledgeBase, text: str, entity: Entity) -> str | None:
    branches = {one.branch for one in kb.content.municipalities}
    names = [fold(entry.name) for entry in kb.entries(kb.index.named(text)) if entry.id in branches]
    places = [place for place in kb.gazetteer.find(text) if not any(place.said in name for name in names)]
    located = desks.locate(text, places, desks.entity_of(text) or entity)
    return located.municipality.name if located.municipality is not None else None


def industry_of(kb: KnowledgeBase, text: str) -> str | None:
    """The kind of business said; longer words win (ソフトウェア業 over 業), the first among equals."""
    best: tuple[int, int, str] | None = None
    for industry in kb.content.rules.industries:
        for word in industry.words:
            position = text.find(word)
            if position >= 0 and not re.match(r"(?:に|へ)?(?:を)?(?:作|出し|設立)", text[position + len(word) :]):
                candidate = (-len(word), position, industry.id)
                best = min(best, candidate) if best else candidate
    return best[2] if best else None


def country_of(kb: KnowledgeBase, text: str) -> str | None:
    """The country or region named first."""
    found = [
        (text.find(fold(word)), names[0])
        for names in kb.content.rules.countries
        for word in names
        if (fold(word) in text if not word.isascii() else re.search(rf"(?<![a-z]){re.escape(fold(word))}(?![a-z])", text))
        and not re.search(rf"{re.escape(fold(word))}(?:料理|人|語|産|ドル)", text)
    ]
    return min(found)[1] if found else None

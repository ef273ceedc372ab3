"""The value that some words tell for a slot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Slot
from bot.knowledge.locating import locate
from bot.nlp.values.amounts import Amount
from bot.nlp.values.dates import Day
from bot.nlp.values.people import People
from bot.nlp.values.periods import Period
from bot.nlp.values.quantities import quantities
from bot.nlp.values.shares import Figure
from bot.nlp.values.years import Year
from bot.talk.acts import Value
from bot.understanding.mentions import Mention, places
from bot.understanding.options import chosen
from bot.understanding.utterance import Utterance

_MAN = 10_000
_PLAINLY_YEN = 100_000
"""A bare number below this, said for an amount, is meant in 万円."""

_MOST_YEARS = 15
"""A bare number up to this, said for a length of time, is meant in years."""

_CLOSE = 12
"""Signs between a number and the word that marks whose it is."""

_NONE = (
    "なし",
    "ない",
    "無し",
    "無い",
    "ゼロ",
    "ありません",
    "いません",
    "おりません",
    "ございません",
    "ねえ",
    "ねぇ",
    "あらへん",
    "なか",
)
"""Ways of saying that there is nothing."""

_ALONE = ("一人で", "ひとりで", "1人で", "自分だけ", "私だけ", "俺だけ", "僕だけ", "ひとりだけ", "自分のみ", "ワンオペ", "一人親方", "自分一人", "自分ひとり", "私一人", "ひとりぼっち")  # fmt: skip
"""Ways of saying that somebody works alone, with no employees."""

_UNCOUNTED = ("役員", "家族", "取締役", "妻", "嫁", "夫", "母", "父", "息子", "娘", "社長", "お客", "顧客", "ボランティア")
"""Whoever stands right before a number of people that are no employees."""

_PART_TIMERS = ("パート", "バイト", "ぱーと", "ばいと")
_TOTAL = ("全部で", "合計", "あわせて", "合わせて", "総勢", "計", "全員で", "込みで", "入れて", "含めて")
_LAST = 10_000_000_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """A value as it was read; ``value`` is ``None`` where the words are no value that the slot knows."""

    value: Value | None = None
    low: int | None = None
    vague: bool = False
    ambiguous: tuple[str, ...] = ()
    outside: str = ""
    impossible: str = ""


def value(kb: KnowledgeBase, slot: Slot, utterance: Utterance, span: tuple[int, int], today: date, entity: str) -> Read:
    """What stands between two places of an utterance, read as the value of a slot."""
    said = utterance.text[span[0] : span[1]]
    inside = utterance.overlapping(*span) or utterance.mentions
    match slot.kind:
        case "yen":
            return _yen(said, inside)
        case "people":
            return _people(utterance, span, slot)
        case "months":
            return _months(said, inside)
        case "age":
            return _age(slot, utterance, inside, said, today)
        case "percent" | "times":
            return _figure(slot.kind, inside, said)
        case "number":
            return _number(slot, said)
        case "date":
            return _day(inside)
        case "place":
            return _place(utterance, inside, entity)
        case "industry":
            return Read(next((str(one.value) for one in _longest(inside, "industry")), None) or f"other:{said[:20]}")
        case "country":
            return _country(slot, inside, said)
        case "choice":
            return Read(next(iter(chosen(slot, said) or chosen(slot, utterance.text)), None))
        case "choices":
            return Read(chosen(slot, said) or chosen(slot, utterance.text) or None)


def marked(
    kb: KnowledgeBase, slot: Slot, utterance: Utterance, taken: Iterable[tuple[int, int]], today: date
) -> tuple[int, int] | None:
    """The stretch of a value that a word of the slot stands close to, if there is one that no other slot has taken."""
    kinds = _KINDS_OF.get(slot.kind, ())
    for word in sorted(slot.words, key=len, reverse=True):
        place = utterance.text.find(word)
        while place >= 0:
            end = place + len(word)
            near = [
                one
                for one in utterance.mentions
                if one.kind in kinds
                and (end <= one.start <= end + _CLOSE or one.end <= place <= one.end + 3)
                and not any(start < one.end and one.start < stop for start, stop in taken)
            ]
            if near:
                first = min(near, key=lambda one: abs(one.start - end))
                return first.start, first.end
            place = utterance.text.find(word, place + 1)
    return None


_KINDS_OF: dict[str, tuple[str, ...]] = {
    "yen": ("yen", "number"),
    "people": ("people",),
    "months": ("period",),
    "percent": ("percent", "number"),
    "times": ("times", "number"),
    "date": ("day",),
    "number": ("number",),
}
"""The mentions that a slot's value may be."""


def _yen(said: str, inside: Sequence[Mention]) -> Read:
    found = [one.value for one in inside if isinstance(one.value, Amount)]
    if not found:
        return Read(0) if _says_none(said) else Read()
    last = found[-1]
    scale = _MAN if last.bare and last.high < _PLAINLY_YEN else 1
    if last.high <= 0 or last.high * scale >= _LAST:
        return Read(0) if last.high == 0 else Read()
    return Read(last.high * scale, last.low * scale if last.low != last.high else None, last.vague)


def _says_none(said: str) -> bool:
    return any(word in said for word in _NONE)


def _people(utterance: Utterance, span: tuple[int, int], slot: Slot) -> Read:
    """Employees: not officers and family; part-timers only for the slot that asks for them, a total as it is."""
    text = utterance.text
    counts = [one for one in utterance.mentions if isinstance(one.value, People)]
    inside = [one for one in counts if one.start < span[1] and span[0] < one.end] or counts
    wants_part_timers = "パート" in slot.words
    for mention in inside:
        if any(word in text[max(0, mention.start - 8) : mention.start] for word in _TOTAL) and not wants_part_timers:
            return _of_people(mention)
    fitting = [
        one
        for one in inside
        if _stands_before(text, one.start, _PART_TIMERS) == wants_part_timers and not _stands_before(text, one.start, _UNCOUNTED)
    ]
    if any(word in text for word in _ALONE) and all(_count(one) <= 1 for one in fitting):
        return Read(0)
    if fitting:
        summed = [one for one in fitting if one.start >= span[0] and one.end <= span[1]]
        return _of_people(fitting[-1]) if len(summed) < 2 or wants_part_timers else Read(sum(map(_count, summed)))
    if inside or wants_part_timers:
        return Read(0) if inside and not wants_part_timers else Read()
    bare = [one for one in quantities(text[span[0] : span[1]]) if one.bare and one.high == one.high.to_integral_value()]
    if bare:
        return Read(int(bare[-1].high), int(bare[-1].low) if bare[-1].low != bare[-1].high else None, bare[-1].vague)
    return Read(0) if _says_none(text[span[0] : span[1]]) else Read()


def _stands_before(text: str, place: int, words: Iterable[str]) -> bool:
    before = text[max(0, place - 8) : place]
    for stop in "、,。・ と":
        before = before.rpartition(stop)[2]
    return any(word in before for word in words)


def _count(mention: Mention) -> int:
    return mention.value.high if isinstance(mention.value, People) else 0


def _of_people(mention: Mention) -> Read:
    one = mention.value
    return Read(one.high, one.low if one.low != one.high else None, one.vague) if isinstance(one, People) else Read()


def _months(said: str, inside: Sequence[Mention]) -> Read:
    found = [one.value for one in inside if isinstance(one.value, Period)]
    if found:
        last = found[-1]
        return Read(last.high, last.low if last.low != last.high else None, last.vague)
    bare = [one for one in quantities(said) if one.bare and one.high == one.high.to_integral_value() and one.high > 0]
    if bare:
        scale = 12 if bare[-1].high <= _MOST_YEARS else 1
        return Read(int(bare[-1].high) * scale, int(bare[-1].low) * scale if bare[-1].low != bare[-1].high else None, vague=True)
    return Read(0) if _says_none(said) else Read()


def _age(slot: Slot, utterance: Utterance, inside: Sequence[Mention], said: str, today: date) -> Read:
    """Months in business, or ``before``; of a year in a row (3年目) the middle of it."""
    options = chosen(replace(slot, kind="choice"), said)
    if options == ("before",):
        return Read("before")
    for mention in reversed(inside):
        one = mention.value
        if isinstance(one, Year) and not one.impossible:
            months = (today.year - one.year) * 12
            return Read("before") if months < 0 else Read(max(1, months))
        if isinstance(one, Period) and not one.later:
            return Read(max(1, one.high - 6) if one.ordinal else one.high, one.low if one.low != one.high else None, one.vague)
        if isinstance(one, Day) and one.date is not None:
            months = (today.year - one.date.year) * 12 + today.month - one.date.month
            return Read("before") if months < 0 else Read(max(1, months))
    bare = [one for one in quantities(said) if one.bare and 0 < one.high <= 100]
    if bare:
        return Read(int(bare[-1].high * 12), vague=True)
    return Read(next(iter(options), None))


def _figure(kind: str, inside: Sequence[Mention], said: str) -> Read:
    found = [one.value for one in inside if one.kind == kind and isinstance(one.value, Figure)]
    if found:
        return Read(str(found[-1].high), vague=found[-1].vague)
    bare = [one for one in quantities(said) if one.bare]
    return Read(str(bare[-1].high), vague=bare[-1].vague) if bare else Read()


def _number(slot: Slot, said: str) -> Read:
    for one in reversed(quantities(said)):
        if one.high == one.high.to_integral_value() and one.low == one.high:
            number = int(one.high)
            if (slot.least is None or number >= slot.least) and (slot.most is None or number <= slot.most):
                return Read(number)
    return Read()


def _day(inside: Sequence[Mention]) -> Read:
    days = [(one, one.value) for one in inside if isinstance(one.value, Day)]
    for _, day in days:
        if day.date is not None:
            return Read(day.date.isoformat(), vague=day.vague)
    return Read(impossible="yes") if any(day.impossible for _, day in days) else Read()


def _place(utterance: Utterance, inside: Sequence[Mention], entity: str) -> Read:
    located = locate(utterance.text, places(utterance.mentions) or places(inside), entity)
    if located.municipality is not None:
        return Read(located.municipality.name)
    return Read(ambiguous=tuple(one.name for one in located.candidates), outside=located.outside)


def _country(slot: Slot, inside: Sequence[Mention], said: str) -> Read:
    named = [str(one.value) for one in inside if one.kind == "country"]
    if named:
        return Read(named[0])
    if chosen(replace(slot, kind="choice"), said):
        return Read("undecided")
    return Read(f"other:{said[:20]}") if said else Read()


def _longest(inside: Iterable[Mention], kind: str) -> list[Mention]:
    return sorted((one for one in inside if one.kind == kind), key=lambda one: one.start - one.end)

"""The value that some words tell for a slot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Slot
from bot.knowledge.locating import locate, role_of
from bot.knowledge.saying import OTHER
from bot.nlp.values.amounts import Amount
from bot.nlp.values.dates import Day
from bot.nlp.values.periods import Period
from bot.nlp.values.quantities import quantities
from bot.nlp.values.shares import Figure
from bot.nlp.values.years import Year
from bot.understanding.headcount import headcount
from bot.understanding.mentions import Mention, places
from bot.understanding.options import chosen as options_chosen
from bot.understanding.options import learned, likelihoods, surely, unlearned
from bot.understanding.spoken import TOTAL, Read, says_none
from bot.understanding.stated import clause_of, stated, wishes
from bot.understanding.utterance import Utterance
from bot.understanding.weights import shipped


def chosen(kb: KnowledgeBase, slot: Slot, text: str) -> tuple[str, ...]:
    """The options that words mean, by the weights and by what staff wrote."""
    return options_chosen(slot, text, shipped().arrays, kb.encoder, text)


_MAN = 10_000
_PLAINLY_YEN = 100_000
"""A bare number below this, said for an amount, is meant in 万円."""

_MOST_YEARS = 15
"""A bare number up to this, said for a length of time, is meant in years."""

_MOST_MONTHS = 600
"""A bare number above this is no length of time."""

_MOST_FIGURE = 1000
"""A bare number from here on is no percentage and no multiple."""

_SURE_OF_TRADE = 0.3
"""Probability from which the kind of business that words mean is taken."""

_LONGEST_NAME = 16
"""Signs up to which words that are in no table are the name of a trade or a country."""

_CLOSE = 18
"""Signs between a number and the word that marks whose it is."""


_LAST = 10_000_000_000_000


def value(kb: KnowledgeBase, slot: Slot, utterance: Utterance, span: tuple[int, int], today: date, entity: str) -> Read:
    """What stands between two places of an utterance, read as the value of a slot."""
    span = _corrected(utterance, span)
    said = utterance.text[span[0] : span[1]]
    inside = utterance.overlapping(*span) or utterance.mentions
    if (
        slot.options and len(said) >= _NAMES and said in slot.label
    ):  # what is asked for is named, and told behind it (困りごとは、…)
        said = utterance.text[span[0] :].partition("。")[0]
    elif slot.no and slot.options:
        said = _with_denial(utterance.text, span)
    match slot.kind:
        case "yen":
            return _bounded(slot, _yen(utterance.text, said, _with_total(utterance, inside)))
        case "people":
            return headcount(utterance, span, slot)
        case "months":
            return _months(utterance, said, inside)
        case "rounds":
            return _rounds(utterance.text, inside)
        case "age":
            return _age(kb, slot, utterance, inside, said, today)
        case "percent" | "times":
            return _figure(slot.kind, inside, said)
        case "number":
            return _number(slot, said)
        case "date":
            return _day([one for one in inside if not utterance.text.startswith("から", one.end)])
        case "place":
            return _place(utterance, inside, entity)
        case "industry":
            return _industry(kb, inside, said)
        case "country":
            return _country(kb, slot, utterance.text, inside, said)
        case "choice":
            meant = next(iter(_meant(kb, slot, said, utterance.text)), None)
            only_wished = meant is not None and meant == slot.yes and wishes(clause_of(utterance.text, span[0]))
            return Read(None if only_wished else meant)
        case "choices":
            return Read(_settled(slot, _meant(kb, slot, said, utterance.text), utterance.text, span) or None)


def _meant(kb: KnowledgeBase, slot: Slot, said: str, text: str) -> tuple[str, ...]:
    """The options meant: what staff added since the weights were learned first, wherever it stands in the text."""
    return unlearned(slot, text, shipped().arrays) or options_chosen(slot, said, shipped().arrays, kb.encoder, text)


def _settled(slot: Slot, meant: tuple[str, ...], text: str, span: tuple[int, int]) -> tuple[str, ...]:
    """The options meant, or that there is none where the sentence goes on to say that it is over (破産は免責まで終わっています)."""
    rest = text[span[0] :].partition("。")[0]
    for word in slot.settled if meant and slot.no not in meant else ():
        place = rest.find(word)
        if place >= 0 and not says_none(rest[place + len(word) :][:_DENIED_CLOSE]):
            return (slot.no,)
    return meant


def surely_meant(kb: KnowledgeBase, slot: Slot, text: str) -> Read | None:
    """The options that a sentence surely means, whatever else was found; what is only wished for is no yes."""
    meant = surely(slot, text, shipped().arrays, kb.encoder)
    if slot.yes in meant and (said := stated(text)) != text:
        meant = tuple(
            one for one in meant if one != slot.yes or (said and one in surely(slot, said, shipped().arrays, kb.encoder))
        )
    meant = _settled(slot, meant, text, (0, len(text))) if slot.kind == "choices" else meant
    if not meant or (slot.kind == "industry" and meant[0] == "other"):
        return None
    return Read(meant if slot.kind == "choices" else meant[0])


_OR = ("か", "とか", "または", "それとも")
"""What stands between two things of which neither is chosen yet (台湾かハワイ)."""

_OPEN_WITHIN = 24
"""Signs behind a country in which it may be said that nothing is settled yet."""

_SHORT_DENIAL = 16
"""Signs of a text up to which "there is none" is said of a number."""

_NAMES = 3
"""Signs of a slot's own name that stand for no answer."""

_DENIED_CLOSE = 5
"""Signs right behind a word in which it is denied (終わっていない)."""

_DENIED_WITHIN = 16
"""Signs after a list of things in which all of them may be denied (滞納も不渡りも、どちらもありません)."""


def _with_denial(text: str, span: tuple[int, int]) -> str:
    """What stands in a stretch, with the words behind it that deny it."""
    rest = text[span[1] : span[1] + _DENIED_WITHIN]
    end = next((place for place, sign in enumerate(rest) if sign in "。\n!?"), len(rest))
    return text[span[0] : span[1] + end] if says_none(rest[:end]) else text[span[0] : span[1]]


_TAKING_BACK = (
    "いや",
    "いえ",
    "じゃな",
    "でな",
    "ではな",
    "違",
    "ちが",
    "ちゃう",
    "やっぱ",
    "訂正",
    "→",
    "ごめん",
    "間違",
    "まちが",
    "もとい",
    "やめ",
    "だったの",
    "だったけど",
)
_TAKEN_BACK_WITHIN = 30
"""Signs between a value and the one that takes its place in the same text."""


def _corrected(utterance: Utterance, span: tuple[int, int]) -> tuple[int, int]:
    """The stretch of the value that takes the place of the one in a stretch (800、いや1200万), or the stretch itself."""
    inside = utterance.overlapping(*span)
    kinds = {one.kind for one in inside}
    related = kinds | ({"yen", "number"} if kinds & {"yen", "number", "people", "period"} else set())
    current = span
    for one in utterance.mentions:
        between = utterance.text[current[1] : one.start]
        if (
            one.start >= current[1]
            and len(between) <= _TAKEN_BACK_WITHIN
            and one.kind in related
            and any(word in between for word in _TAKING_BACK)
        ):
            current = (one.start, one.end)
    return current


def marked(
    kb: KnowledgeBase, slot: Slot, utterance: Utterance, taken: Iterable[tuple[int, int]], today: date
) -> tuple[int, int] | None:
    """The stretch of a value that a word of the slot stands close to, if there is one that no other slot has taken."""
    kinds = _KINDS_OF.get(slot.kind, ())
    candidates = [(one.start, one.end) for one in utterance.mentions if one.kind in kinds]
    if slot.kind in ("percent", "times"):
        candidates += [(one.start, one.end) for one in quantities(utterance.text) if one.bare]
    free = [one for one in candidates if not any(start < one[1] and one[0] < stop for start, stop in taken)]
    others = [word for one in kb.content.slots.values() for word in one.words]
    for word in sorted(slot.words, key=len, reverse=True):
        longer = [other for other in others if word in other and len(other) > len(word)]
        place = utterance.text.find(word)
        while place >= 0:
            end = place + len(word)
            near = [
                one
                for one in free
                if end <= one[0] <= end + _CLOSE or (one[1] <= place <= one[1] + 3 and "。" not in utterance.text[one[1] : place])
            ]
            inside = any(utterance.text.startswith(other, place - other.index(word)) for other in longer)
            if near and not inside:
                return min(near, key=lambda one: abs(one[0] - end))
            place = utterance.text.find(word, place + 1)
    return None


_KINDS_OF: dict[str, tuple[str, ...]] = {
    "yen": ("yen", "number"),
    "people": ("people",),
    "months": ("period",),
    "rounds": ("period",),
    "percent": ("percent", "number"),
    "times": ("times", "number"),
    "date": ("day",),
    "number": ("number",),
}
"""The mentions that a slot's value may be."""


def _yen(text: str, said: str, inside: Sequence[Mention]) -> Read:
    found = [(one.start, one.value) for one in inside if isinstance(one.value, Amount)]
    if not found:
        return Read(0) if says_none(said) and len(said) <= _SHORT_DENIAL else Read()
    total = [value for start, value in found if any(word in text[max(0, start - 6) : start] for word in TOTAL)]
    last = total[-1] if total else found[-1][1]
    scale = _MAN if last.bare and last.high < _PLAINLY_YEN else 1
    if last.high <= 0 or last.high * scale >= _LAST:
        return Read(0) if last.high == 0 else Read()
    return Read(last.high * scale, last.low * scale if last.low != last.high else None, last.vague)


def _bounded(slot: Slot, read: Read) -> Read:
    """A value within the slot's bounds; 0 is none of what was asked for, and allowed."""
    number = read.value if isinstance(read.value, int) else 0
    outside = (slot.least is not None and number < slot.least) or (slot.most is not None and number > slot.most)
    return Read() if number and outside else read


def _with_total(utterance: Utterance, inside: Sequence[Mention]) -> Sequence[Mention]:
    """Amounts of a stretch, and the total of them behind it (売掛が100万と手形が50万、合わせて150万)."""
    end = max((one.end for one in inside), default=0)
    behind = [
        one
        for one in utterance.mentions
        if one.kind == "yen"
        and one.start >= end
        and any(word in utterance.text[max(0, one.start - 6) : one.start] for word in TOTAL)
    ]
    return (*inside, *behind)


def _months(utterance: Utterance, said: str, inside: Sequence[Mention]) -> Read:
    counted_in_months = any(one.kind == "period" and "月" in utterance.text[one.start : one.end] for one in utterance.mentions)
    found = [one.value for one in inside if isinstance(one.value, Period)]
    if found:
        last = found[-1]
        return Read(last.high, last.low if last.low != last.high else None, last.vague)
    bare = [
        one for one in quantities(said) if one.bare and one.high == one.high.to_integral_value() and 0 < one.high <= _MOST_MONTHS
    ]
    if bare:
        scale = 12 if bare[-1].high <= _MOST_YEARS and not counted_in_months else 1
        return Read(int(bare[-1].high) * scale, int(bare[-1].low) * scale if bare[-1].low != bare[-1].high else None, vague=True)
    return Read(0) if says_none(said) and len(said) <= _SHORT_DENIAL else Read()


def _rounds(text: str, inside: Sequence[Mention]) -> Read:
    """A number of payments, where it stands beside the length of time (2年、24回払い)."""
    found = [one for one in inside if isinstance(one.value, Period) and "回" in text[one.start : one.end]]
    payments = [one.value.high for one in found if isinstance(one.value, Period)]
    return Read(payments[-1]) if payments and payments[-1] > 1 else Read()


def _age(kb: KnowledgeBase, slot: Slot, utterance: Utterance, inside: Sequence[Mention], said: str, today: date) -> Read:
    """Months in business, or ``before``; of a year in a row (3年目) the middle of it."""
    options = chosen(kb, replace(slot, kind="choice"), said)
    if options == ("before",):
        return Read("before")
    for mention in reversed(inside):
        one = mention.value
        if isinstance(one, Year) and not one.impossible:
            months = (today.year - one.year) * 12
            month = _month_behind(utterance.text, mention.end)
            months += today.month - month if month else 0
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


def _month_behind(text: str, place: int) -> int:
    """The month that follows a year (2025年の12月), 0 where there is none."""
    behind = text[place : place + 4].removeprefix("の")
    number = behind[: behind.find("月")] if "月" in behind else ""
    return int(number) if number.isdecimal() and 1 <= int(number) <= 12 else 0


def _figure(kind: str, inside: Sequence[Mention], said: str) -> Read:
    found = [one.value for one in inside if one.kind == kind and isinstance(one.value, Figure)]
    if found:
        return Read(str(found[-1].high), vague=found[-1].vague)
    bare = [one for one in quantities(said) if one.bare and abs(one.high) < _MOST_FIGURE]
    return Read(str(bare[-1].high), vague=bare[-1].vague) if bare else Read()


def _number(slot: Slot, said: str) -> Read:
    for one in reversed(quantities(said)):
        if one.high == one.high.to_integral_value() and one.low == one.high:
            number = int(one.high)
            if (slot.least is None or number >= slot.least) and (slot.most is None or number <= slot.most):
                return Read(number)
    return Read()


def _day(inside: Sequence[Mention]) -> Read:
    days = [one.value for one in inside if isinstance(one.value, Day)]
    dated = [(day.date, day) for day in days if day.date is not None]
    if dated:
        at, day = next((one for one in reversed(dated) if one[1].exact), dated[0])
        return Read(at.isoformat(), vague=day.vague)
    return Read(impossible="yes") if any(day.impossible for day in days) else Read()


_NOT_THERE = ("じゃな", "ではな", "でな")
"""What follows a place that is not meant (三茶じゃなくて目黒区)."""


def _place(utterance: Utterance, inside: Sequence[Mention], entity: str) -> Read:
    found = places(utterance.mentions) or places(inside)
    found = [one for one in found if not utterance.text.startswith(_NOT_THERE, one.start + len(one.said))] or found
    if entity == "corporation" and found and all(role_of(utterance.text, one) == "residence" for one in found):
        return Read()  # where a corporation's owner lives decides nothing
    located = locate(utterance.text, found, entity)
    if located.municipality is not None:
        return Read(located.municipality.name)
    return Read(ambiguous=tuple(one.name for one in located.candidates), outside=located.outside)


def _industry(kb: KnowledgeBase, inside: Sequence[Mention], said: str) -> Read:
    """The kind of business: by the longest of staff's words, else as labelled words have taught it."""
    named = _longest(inside, "industry")
    if named and (named[0].end - named[0].start) * 2 >= len(said):
        return Read(str(named[0].value))
    known = likelihoods("industry", said, shipped().arrays, kb.encoder) if learned("industry", shipped().arrays) else []
    if known and known[0][1] >= _SURE_OF_TRADE and known[0][0] != "other":
        return Read(known[0][0])
    if named:
        return Read(str(named[0].value))
    return Read(f"{OTHER}{said}") if len(said) <= _LONGEST_NAME else Read()


def _country(kb: KnowledgeBase, slot: Slot, text: str, inside: Sequence[Mention], said: str) -> Read:
    named = [one for one in inside if one.kind == "country"]
    behind = text[named[0].end : named[0].end + _OPEN_WITHIN] if named else ""
    if len(named) > 1 and text[named[0].end : named[1].start].startswith(_OR):
        return Read("undecided")
    if named and any(word in behind for option in slot.options for word in option.words):
        return Read("undecided")
    if named:
        return Read(str(named[0].value))
    if chosen(kb, replace(slot, kind="choice"), said):
        return Read("undecided")
    if any(one.kind in ("place", "elsewhere") for one in inside):
        return Read()
    return Read(f"{OTHER}{said}") if 0 < len(said) <= _LONGEST_NAME else Read()


def _longest(inside: Iterable[Mention], kind: str) -> list[Mention]:
    return sorted((one for one in inside if one.kind == kind), key=lambda one: one.start - one.end)

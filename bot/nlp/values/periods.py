"""Lengths of time in months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.nlp.normalize import fold
from bot.nlp.values.eras import ERA_WORDS
from bot.nlp.values.quantities import RANGE, Bound, Quantity, after, quantities

_LONGEST_MONTHS = 1200
_LONGEST_YEARS = 100
_FACTORS = {"years": 12, "months": 1, "rounds": 1}
_WORDS = {"半年": 6, "はんとし": 6, "ひと月": 1, "ふた月": 2, "半期": 6}
_JOINTS = ("", "と", " ", "、", "と、")


@dataclass(frozen=True, slots=True)
class Period:
    """``low``–``high`` months; ``vague`` is said only roughly, as a range or as a bound.

    ``ordinal`` is one year of a row (5年目), ``ago`` a time in the past (2年前), ``later`` one to come (3か月後).
    """

    start: int
    end: int
    low: int
    high: int
    vague: bool = False
    bare: bool = False
    bound: Bound = ""
    ordinal: bool = False
    ago: bool = False
    later: bool = False

    @property
    def months(self) -> int:
        """The length as said; of a range the longer end."""
        return self.high

    @property
    def is_length(self) -> bool:
        """Whether it says how long something takes, not when it was or is."""
        return not (self.ordinal or self.ago or self.later)


def months(text: str) -> list[Period]:
    """Lengths of time in months: 3年半, 24か月, 24回, 半年. Calendar years (2026年, 令和7年) and 7年3月 are none.

    >>> [(one.months, one.start) for one in months("3年半か24回払い、または1年と6か月")]
    [(42, 0), (24, 4), (18, 13)]
    >>> [(one.low, one.high, one.vague) for one in months("5〜7年")], months("5年目")[0].ordinal
    ([(60, 84, True)], True)
    """
    folded = fold(text)
    kinds = [one for one in quantities(folded) if one.kind in _FACTORS or one.unit == "月"]
    found: list[Period] = []
    taken = 0
    for place, one in enumerate(kinds):
        following = kinds[place + 1] if place + 1 < len(kinds) else None
        if one.start < taken or one.unit == "月" or one.low < 0 or (one.kind == "years" and _is_calendar(folded, one, following)):
            continue
        period = _period(folded, one, following)
        taken = period.end
        if period.high <= _LONGEST_MONTHS:
            found.append(_placed(folded, period))
    found += _without_numerals(folded, found)
    return _ranges(folded, sorted(found, key=lambda one: one.start))


def _ranges(text: str, found: list[Period]) -> list[Period]:
    """Ends of a range that 半 keeps from being one number: 半年から1年, 1年〜1年半."""
    joined: list[Period] = []
    for one in found:
        before = joined[-1] if joined else None
        exact = before is not None and before.low == before.high < one.low == one.high and before.is_length and one.is_length
        if before is not None and exact and text[before.end : one.start] in RANGE:
            joined[-1] = replace(one, start=before.start, low=before.low, vague=True)
        else:
            joined.append(one)
    return joined


def _is_calendar(text: str, one: Quantity, following: Quantity | None) -> bool:
    before = text[max(0, one.start - 7) : one.start].rstrip()
    month_follows = following is not None and following.unit == "月" and text[one.next : following.start].strip() in ("", "の")
    return one.high > _LONGEST_YEARS or before.endswith(ERA_WORDS) or month_follows


def _period(text: str, one: Quantity, following: Quantity | None) -> Period:
    low, high = one.low * _FACTORS[one.kind], one.high * _FACTORS[one.kind]
    period = Period(one.start, one.end, int(low), int(high), one.vague or int(high) != high, False, one.bound, one.ordinal)
    if one.ordinal:
        return replace(period, end=one.end + text.startswith("目", one.end))
    if text.startswith("半", one.next) and not text.startswith(("半ば", "半期"), one.next):
        return _longer(text, period, one.next + 1, Decimal(6) if one.kind == "years" else Decimal("0.5"))
    if one.kind == "years":
        gap = text[one.next : following.start] if following is not None else None
        if following is not None and following.kind == "months" and gap in _JOINTS and not following.ordinal:
            longer = _longer(text, period, following.next, following.high)
            return replace(longer, vague=longer.vague or following.vague)
        if text.startswith("と半年", one.next):
            return _longer(text, period, one.next + 3, Decimal(6))
    return period


def _longer(text: str, period: Period, position: int, by: Decimal) -> Period:
    said = after(text, position)
    exact = period.low == period.high
    high = period.high + by
    whole = high == int(high)
    low = period.low + int(by) if exact else period.low
    return replace(
        period,
        low=low,
        high=int(high) + (not whole),
        end=said.end,
        vague=period.vague or said.vague or not whole,
        bound=said.bound,
    )


def _placed(text: str, period: Period) -> Period:
    before = text.startswith(("前", "まえ"), period.end) and not text.startswith(("前後", "前半"), period.end)
    return replace(
        period, ago=before, later=text.startswith(("後", "あと"), period.end) and not text.startswith("後半", period.end)
    )


def _without_numerals(text: str, found: list[Period]) -> list[Period]:
    more: list[Period] = []
    spans = {position for one in found for position in range(one.start, one.end)}
    for word, count in _WORDS.items():
        position = text.find(word)
        while position >= 0:
            end = position + len(word)
            if position not in spans and text[position - 1 : position] not in ("上", "下", "四", "大", "前", "後"):
                said = after(text, end)
                more.append(_placed(text, Period(position, said.end, count, count, said.vague, bound=said.bound)))
            position = text.find(word, end)
    return more


def length(value: int) -> str:
    """Months as people say them.

    >>> length(24), length(42), length(5)
    ('2年', '3年6か月', '5か月')
    """
    years, rest = divmod(value, 12)
    return (f"{years}年" if years else "") + (f"{rest}か月" if rest or not years else "")

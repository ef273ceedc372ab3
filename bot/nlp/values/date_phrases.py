"""The ways in which people name days, each read at one position of a folded text.

Every function takes the text, a position and today, and gives a :class:`Said`, or ``None`` where its phrase does not begin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.nlp.values.calendar_days import (
    FIGURES,
    NUMERALS,
    Phrase,
    Said,
    add_months,
    integer,
    longest_word,
    month_day,
    month_span,
    number_end,
    skip,
)
from bot.nlp.values.eras import ERA_WORDS, has_year, within, year_of
from bot.nlp.values.numbers import LARGE
from bot.nlp.values.relative_days import RELATIVE, UNITS, from_now

YEARS = {"今年": 0, "本年": 0, "去年": -1, "昨年": -1, "来年": 1, "一昨年": -2, "おととし": -2, "再来年": 2, "翌年": 1}
_FISCAL = {"今年度": 0, "本年度": 0, "昨年度": -1, "前年度": -1, "来年度": 1, "翌年度": 1, "再来年度": 2, "年度": 0}
_ENDS = ("年内", "年末", "月内", "月末")
_YEAR_ENDS = ("末", "内", "中", "いっぱい")


@dataclass(frozen=True, slots=True)
class _Year:
    year: int
    end: int
    era: str = ""
    exists: bool = True
    sign: str = ""


def _year(text: str, position: int, today: date) -> _Year | None:
    """A year: 来年, 令和9年, R9/, 2027年, 2027-."""
    word = longest_word(text, position, YEARS)
    if word:
        return _Year(today.year + YEARS[word], position + len(word))
    era = longest_word(text, position, ERA_WORDS)
    if era:
        if era.isascii() and text[position - 1 : position].isascii() and text[position - 1 : position].isalnum():
            return None
        start = skip(text, position + len(era))
        number = (1, start + 1) if text.startswith("元", start) else integer(text, start)
        if number is None:
            return None
        sign = text[number[1] : number[1] + 1]
        if sign not in ("年", "/", ".", "-"):
            return None
        exists = has_year(era, number[0])
        return _Year(year_of(era, number[0]) if exists else 1, number[1] + 1, era, exists, sign)
    number = integer(text, position)
    if number is None:
        return None
    value, end = number
    sign = text[end : end + 1]
    if 1900 <= value < 2200 and sign in ("年", "/", ".", "-") and end - position == 4:
        return _Year(value, end + 1, "", exists=True, sign=sign)
    if value < 100 and sign == "年" and _has_day(text, end + 1):
        either = (year_of("令和", value), 2000 + value)  # 8年 is 令和8年, 27年 is 2027年: the nearer one
        return _Year(min(either, key=lambda year: abs(year - today.year)), end + 1, "", exists=value > 0, sign=sign)
    return None


def _has_day(text: str, position: int) -> bool:
    month = month_day(text, skip(text, position), "")
    return month is not None and (month[1] is not None or bool(month[2]))


def in_year(text: str, position: int, today: date) -> Said | None:
    """令和9年3月31日, R9.3.31, 2027/3, 来年1月10日, 来年末, 2027年度末."""
    year = _year(text, position, today)
    if year is None:
        return None
    if text.startswith("度", year.end) and year.sign in ("年", ""):
        return _fiscal_part(text, year.end + 1, year.year) if year.exists else Said(year.end + 1)
    start = skip(text, year.end)
    month = month_day(text, start, "" if year.sign in ("年", "") else year.sign)
    if month is not None:
        number, day, part, end = month
        return _days(year, number, day, part, end) if year.exists else Said(end)
    ending = longest_word(text, start, _YEAR_ENDS)
    if ending and year.sign in ("年", "") and year.exists:
        return Said(
            start + len(ending), date(year.year, 12, 31) if ending == "末" else date(year.year, 1, 1), date(year.year, 12, 31)
        )
    return None


def _days(year: _Year, month: int, day: int | None, part: str, end: int) -> Said:
    span = month_span(year.year, month, day, part)
    if span is None or (year.era and not within(year.era, *span)):
        return Said(end)
    return Said(end, *span)


def with_slashes(text: str, position: int, today: date) -> Said | None:
    """27/3/31, 3/31/2027 and 3/31."""
    first = integer(text, position, 2)
    if first is None or text[position] not in FIGURES or text[first[1] : first[1] + 1] not in ("/", "."):
        return None
    sign = text[first[1]]
    second = integer(text, first[1] + 1, 2)
    if second is None or text[position - 1 : position] in ("/", ".", "¥") or text[first[1] + 1] not in FIGURES:
        return None
    third = integer(text, second[1] + 1, 4) if text[second[1] : second[1] + 1] == sign else None
    if third is not None:
        if third[0] > 1900:
            return _days(_Year(third[0], 0), first[0], second[0], "", third[1])
        if third[0] > 99 or (sign == "." and first[0] < 20):
            return None
        return _days(_Year(2000 + first[0], 0), second[0], third[0], "", third[1])
    if (
        sign == "."
        or not 1 <= first[0] <= 12
        or not 1 <= second[0] <= 31
        or text[second[1] : second[1] + 1] in ("%", "/", *LARGE)
    ):
        return None
    return Said(second[1], open_year=(first[0], second[0], ""))


def in_one_number(text: str, position: int, today: date) -> Said | None:
    """20270331; eight figures that make no day are another number."""
    number = integer(text, position, 8)
    if (
        number is None
        or number[1] - position != 8
        or text[position] not in FIGURES
        or text[number[1] : number[1] + 1] in ("円", "-")
    ):
        return None
    year, rest = divmod(number[0], 10_000)
    span = month_span(year, rest // 100, rest % 100, "") if 1990 <= year < 2100 else None
    return Said(number[1], *span) if span else None


def without_year(text: str, position: int, today: date) -> Said | None:
    """12月の25日, 3月末, 13月1日; a month alone is the whole month."""
    month = month_day(text, position, "")
    return Said(month[3], open_year=month[:3]) if month is not None else None


def fiscal(text: str, position: int, today: date) -> Said | None:
    """今年度末, 来年度の4月, 年度内: fiscal years begin in April."""
    word = longest_word(text, position, _FISCAL)
    if not word:
        return None
    return _fiscal_part(text, position + len(word), today.year - (today.month < 4) + _FISCAL[word])


def _fiscal_part(text: str, position: int, year: int) -> Said | None:
    start = skip(text, position)
    ending = longest_word(text, start, _YEAR_ENDS)
    if ending:
        return Said(start + len(ending), date(year + 1, 3, 31) if ending == "末" else date(year, 4, 1), date(year + 1, 3, 31))
    if beginning := longest_word(text, start, ("初め", "はじめ", "始め", "当初", "頭")):
        return Said(start + len(beginning), date(year, 4, 1), date(year, 4, 1))
    month = month_day(text, start, "")
    return _days(_Year(year + (month[0] < 4), 0), *month) if month is not None else None


def end_of(text: str, position: int, today: date) -> Said | None:
    """年内, 年末 and 月末."""
    word = longest_word(text, position, _ENDS)
    before = text[position - 1 : position]
    if not word or before in FIGURES or before in NUMERALS:
        return None
    last = date(today.year, 12, 31) if word[0] == "年" else add_months(today.replace(day=1), 1) - timedelta(1)
    return Said(position + 2, last if word.endswith("末") else today, last)


_WORDED: tuple[tuple[Phrase, Iterable[str]], ...] = (
    (fiscal, _FISCAL), *RELATIVE, (in_year, [*YEARS, *ERA_WORDS]), (from_now, ["半年", "半月"]), (end_of, _ENDS),
)  # fmt: skip
_AFTER_NUMBER: tuple[tuple[Phrase, str], ...] = (
    (in_year, "年/.-"),
    (with_slashes, "/."),
    (without_year, "月"),
    (from_now, ",、・~-" + "".join(unit[0] for unit in UNITS)),
)
"""Phrases that begin with a number, with what may follow it."""


def _by_beginning(phrases: Iterable[tuple[Phrase, Iterable[str]]]) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase, words in phrases:
        for beginning in {word[:2] for word in words}:
            found[beginning].append(phrase)
    return {beginning: tuple(group) for beginning, group in found.items()}


_BY_WORD = _by_beginning(_WORDED)
_BY_FOLLOWING = _by_beginning(_AFTER_NUMBER)


def phrase_at(text: str, position: int, today: date) -> Said | None:
    """The phrase for a day that begins at a position, if one does."""
    for phrase in (*_BY_WORD.get(text[position : position + 2], ()), *_BY_WORD.get(text[position], ())):
        if (said := phrase(text, position, today)) is not None:
            return said
    end = number_end(text, position)
    if end == position:
        return None
    if end - position == 8 and (said := in_one_number(text, position, today)) is not None:
        return said
    for phrase in _BY_FOLLOWING.get(text[end : end + 1], ()):
        if (said := phrase(text, position, today)) is not None:
            return said
    return None

"""Days of the calendar as the phrases for them are made of: numbers, months with their days, and parts of months."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot.nlp.values.numbers import DIGITS, LARGE, SMALL, whole


@dataclass(frozen=True, slots=True)
class Said:
    """The days from ``first`` to ``last`` were meant, said up to ``end``; no days where they do not exist.

    ``open_year`` is the month and day when no year was said.
    """

    end: int
    first: date | None = None
    last: date | None = None
    open_year: tuple[int, int | None, str] | None = None


Phrase = Callable[[str, int, date], Said | None]
"""Reads a phrase at a position of a folded text, given today."""

PARTS = {"末日": (-1, -1), "末": (-1, -1), "いっぱい": (-1, -1), "中旬": (11, 20), "中": (1, -1), "頭": (1, 1), "初め": (1, 1), "はじめ": (1, 1), "初旬": (1, 10), "上旬": (1, 10), "下旬": (21, -1), "半ば": (15, 15), "なかば": (15, 15)}  # fmt: skip
"""First and last day of a part of a month; -1 is the month's last."""

NUMERALS = frozenset([*DIGITS, *SMALL])
FIGURES = frozenset("0123456789")


def integer(text: str, position: int, longest: int = 4) -> tuple[int, int] | None:
    """A whole number at a position and where it ends: figures or kanji, no longer than ``longest``."""
    signs = FIGURES if text[position : position + 1] in FIGURES else NUMERALS
    end = position
    while end < len(text) and text[end] in signs and end - position <= longest + 1:
        end += 1
    if end == position or end - position > longest or text[end : end + 1] in LARGE:
        return None
    value = whole(text[position:end])
    return None if value is None else (value, end)


def number_end(text: str, position: int) -> int:
    """Where the figures or the kanji numerals at a position end; the position itself where there are none."""
    signs = FIGURES if text[position] in FIGURES else NUMERALS
    while position < len(text) and text[position] in signs:
        position += 1
    return position


def longest_word(text: str, position: int, words: Iterable[str]) -> str:
    """The longest of the words that stands at a position, or an empty text."""
    longest = ""
    for word in words:
        if len(word) > len(longest) and text.startswith(word, position):
            longest = word
    return longest


def skip(text: str, position: int) -> int:
    """Past spaces and one の."""
    while text.startswith((" ", "の"), position):
        position += 1
    return position


def month_span(year: int, month: int, day: int | None, part: str) -> tuple[date, date] | None:
    """The days that a month, a part of it or one day of it is; ``None`` when there is no such day."""
    if not (1 <= month <= 12 and 1 <= year < 9000):
        return None
    length = calendar.monthrange(year, month)[1]
    first, last = (day, day) if day is not None else PARTS.get(part, (1, -1))
    first, last = (length if one == -1 else one for one in (first, last))
    return (date(year, month, first), date(year, month, last)) if 1 <= first <= last <= length else None


def month_day(text: str, position: int, sign: str) -> tuple[int, int | None, str, int] | None:
    """A month with its day or part: 3月31日, 12月の25日, 3月末; with ``sign`` between them 3/31."""
    month = integer(text, position, 3)
    if month is None:
        return None
    number, end = month
    if text.startswith("月", end) and not sign.strip("年") and not text.startswith(("月間", "月分"), end):
        day = integer(text, skip(text, end + 1), 4)
        if day is not None and (text.startswith("日", day[1]) and not text.startswith("日間", day[1])):
            return number, day[0], "", day[1] + 1
        if (
            day is not None
            and text[day[1] : day[1] + 1] in ("", " ", "、", "。", "に", "ま", "の", "で", ",")
            and text[end + 1] in FIGURES
        ):
            return number, day[0], "", day[1]
        part = longest_word(text, skip(text, end + 1), PARTS)
        return number, None, part, (skip(text, end + 1) + len(part) if part else end + 1)
    if not sign or text[position] not in FIGURES or end - position > 2:
        return None
    following = text[end : end + 1]
    if following == sign and (day := integer(text, end + 1, 2)) is not None and text[end + 1] in FIGURES:
        return number, day[0], "", day[1] + text.startswith("日", day[1])
    if following in (*"-/.%年人円倍", *LARGE, *SMALL) or not 1 <= number <= 12:
        return None
    return number, None, "", end


def add_months(day: date, by: int) -> date:
    """The same day some months on; the last day of a shorter month.

    >>> str(add_months(date(2026, 11, 30), 3))
    '2027-02-28'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

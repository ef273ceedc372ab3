"""Calendar years: 創業2010年, 平成20年, 大正六年, from which an age can be computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.nlp.normalize import fold
from bot.nlp.values.calendar_days import FIGURES, NUMERALS, integer, skip
from bot.nlp.values.eras import ERA_STARTS, ERA_WORDS, has_year, year_of

_FOUNDED = (
    "創業",
    "設立",
    "創立",
    "開業",
    "起業",
    "開店",
    "独立",
    "始め",
    "はじめ",
    "スタート",
    "立ち上げ",
    "法人化",
    "法人成り",
)
_FOLLOWS = ("から", "に", "創業", "設立", "開業", "~", "創立", "起業")
_AROUND = 8
"""Characters before and after a year in which a word of founding tells what the year was."""


@dataclass(frozen=True, slots=True)
class Year:
    """The year from ``start`` to ``end`` of the folded text; ``founding`` where the business began in it.

    An era's year that never was (平成40年) is ``impossible``.
    """

    start: int
    end: int
    low: int
    high: int
    vague: bool = False
    bare: bool = False
    founding: bool = False
    impossible: bool = False

    @property
    def year(self) -> int:
        return self.high

    def age(self, today: date) -> int:
        """Full calendar years since then."""
        return today.year - self.year


def years(text: str) -> list[Year]:
    """Calendar years in their order, those of dates too.

    >>> [(one.year, one.founding) for one in years("大正六年創業、2010年から法人。令和7年3月31日")]
    [(1917, True), (2010, False), (2025, False)]
    """
    folded = fold(text)
    found: list[Year] = []
    position = 0
    while position < len(folded):
        one = _at(folded, position)
        if one is not None:
            found.append(one)
            position = one.end
            continue
        signs = next((signs for signs in (FIGURES, NUMERALS) if folded[position] in signs), frozenset())
        position += 1
        while position < len(folded) and folded[position] in signs:
            position += 1
    return found


def _at(text: str, position: int) -> Year | None:
    era = (
        max((word for word in ERA_WORDS if text.startswith(word, position)), key=len, default="")
        if text[position] in ERA_STARTS
        else ""
    )
    if era:
        start = skip(text, position + len(era))
        number = (1, start + 1) if text.startswith("元", start) else integer(text, start)
        spelt = not era.isascii() or not text[max(0, position - 1) : position].isalnum()
        if number is None or not spelt or not text.startswith(("年", "/", "."), number[1]):
            return None
        exists = has_year(era, number[0])
        year, end = year_of(era, number[0]) if exists else 0, number[1] + text.startswith("年", number[1])
        return Year(position, end, year, year, founding=_founding(text, position, end), impossible=not exists)
    if text[position] not in FIGURES and text[position] not in NUMERALS:
        return None
    number = integer(text, position)
    if number is None or not 1850 <= number[0] < 2200 or number[1] - position != 4:
        return None
    value, end = number
    if text.startswith("年", end):
        end += 1
    elif not text.startswith(_FOLLOWS, end) or text.startswith("~", end):
        return None
    return Year(position, end, value, value, founding=_founding(text, position, end))


def _founding(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _AROUND) : start].replace("、", "。").rpartition("。")[2]
    following = text[end : end + _AROUND].replace("、", "。").partition("。")[0]
    return any(word in before or word in following for word in _FOUNDED)

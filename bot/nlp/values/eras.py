"""Years of the Japanese eras: which there are, and which days belong to them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from japanera import ERA_DATA_GENERAL

_NAMES = {"r": "令和", "h": "平成", "s": "昭和", "t": "大正", "m": "明治", "reiwa": "令和", "heisei": "平成", "showa": "昭和", "taisho": "大正"}  # fmt: skip
ERA_WORDS = tuple(sorted(["令和", "平成", "昭和", "大正", "明治", *_NAMES], key=len, reverse=True))
"""How an era is written in folded text, longest first."""

ERA_STARTS = frozenset(word[0] for word in ERA_WORDS)


@lru_cache(maxsize=1)
def _spans() -> dict[str, tuple[date, date]]:
    """First and last day of each era. ``EraDate.strptime`` is no help here: it goes on counting after an era's end."""
    kinds = set(_NAMES.values())
    eras = [era for era in ERA_DATA_GENERAL if era.kanji in kinds]
    return {era.kanji: (era.since, era.until - timedelta(1) if era.until else date.max) for era in eras}


def year_of(era: str, number: int) -> int:
    """The year that an era's year is (also after its end).

    >>> year_of("令和", 9), year_of("h", 20)
    (2027, 2008)
    """
    return _spans()[_NAMES.get(era, era)][0].year + number - 1


def within(era: str, first: date, last: date) -> bool:
    """Whether an era has any of the days from ``first`` to ``last``."""
    since, until = _spans()[_NAMES.get(era, era)]
    return since <= last and first <= until


def has_year(era: str, number: int) -> bool:
    """Whether an era had that year.

    >>> has_year("平成", 31), has_year("平成", 32)
    (True, False)
    """
    year = year_of(era, number)
    return number > 0 and year < date.max.year and within(era, date(year, 1, 1), date(year + 1, 1, 1) - timedelta(1))

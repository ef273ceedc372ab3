"""Dates as people write them: 令和8年11月, R9.3.31, 来月末, 去年の4月, 12/25, 3か月後, 来週の金曜."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.nlp.normalize import fold
from bot.nlp.values.calendar_days import Said, add_months, month_span, number_end
from bot.nlp.values.date_phrases import phrase_at

__all__ = ["Day", "add_months", "days", "japanese"]

_Date = date  # within the class the name is a field's
_ABOUT = ("頃", "ごろ", "くらい", "ぐらい", "あたり", "前後")
_MOST = 100
"""Dates that are looked for in one text."""

_LEAP = 8
"""Years between the 29th of February and the next one, at most."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date from ``start`` to ``end`` of the folded text; where a month or a week was said, the last of its days.

    ``low``–``high`` are the days that may be meant, ``exact`` says that it is one; ``vague`` is 頃 or more than one day. A day that
    never comes (2月30日, 平成31年5月1日) is ``impossible`` and has no date.
    """

    start: int
    end: int
    date: date | None
    low: _Date | None
    high: _Date | None
    exact: bool = True
    vague: bool = False
    bare: bool = False
    impossible: bool = False


def days(text: str, today: date, *, nearest: bool = False) -> list[Day]:
    """Dates in a text. A month without a year is the next one, or with ``nearest`` the one nearest to today.

    >>> [str(one.date) for one in days("来月末か令和9年2月10日", date(2026, 11, 23))]
    ['2026-12-31', '2027-02-10']
    >>> [(one.date, one.impossible) for one in days("2月30日", date(2026, 11, 23))]
    [(None, True)]
    """
    folded = fold(text)
    found: list[Day] = []
    position = 0
    while position < len(folded) and len(found) < _MOST:
        said = phrase_at(folded, position, today)
        if said is None:
            position = max(position + 1, number_end(folded, position))  # nothing begins within a number
            continue
        found.append(_day(folded, position, said, today, nearest=nearest))
        position = said.end
    return found


def _day(text: str, position: int, said: Said, today: date, *, nearest: bool) -> Day:
    span = (said.first, said.last) if said.first and said.last else None
    if said.open_year is not None:
        span = _in_open_year(said.open_year, today, nearest=nearest)
    if span is None:
        return Day(position, said.end, None, None, None, impossible=True)
    first, last = span
    about = text.startswith(_ABOUT, said.end)
    return Day(position, said.end, last, first, last, exact=first == last, vague=about or first != last)


def _in_open_year(said: tuple[int, int | None, str], today: date, *, nearest: bool) -> tuple[date, date] | None:
    """The next such days, or the nearest ones; the 29th of February waits for its year."""
    spans = [month_span(today.year + by, *said) for by in range(-_LEAP if nearest else 0, _LEAP + 1)]
    known = [span for span in spans if span is not None]
    if nearest:
        return min(known, key=lambda span: abs(span[1] - today), default=None)
    return next((span for span in known if span[1] >= today), None)


def japanese(day: date) -> str:
    """A date with its weekday.

    >>> japanese(date(2026, 11, 23))
    '2026年11月23日（月）'
    """
    return f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"

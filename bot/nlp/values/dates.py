"""Dates as people write them: 令和8年11月, 来月末, 去年の4月, 12/25, 3か月後."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from japanera import EraDate

from bot.nlp.normalize import fold
from bot.nlp.values.numbers import NUMBER, whole


@dataclass(frozen=True, slots=True)
class Day:
    """A date; ``exact`` is false where only the month was said (then it is the month's last day)."""

    date: date
    exact: bool
    start: int


_ERAS = r"令和|平成|昭和|reiwa|r|h"
_YEAR = rf"(?:(?P<era>{_ERAS})\s*(?P<era_year>元|{NUMBER})\s*年?|(?P<year>20\d\d|19\d\d)\s*[年/.-]|(?P<word>今年|本年|去年|昨年|来年|一昨年|おととし|再来年)の?)"
_MONTH_DAY = rf"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*(?:月|/|\.|-)\s*(?:(?P<day>3[01]|[12]\d|0?[1-9]|{NUMBER})\s*日?(?!\d))?"
_FULL = re.compile(rf"(?:{_YEAR}\s*)?{_MONTH_DAY}\s*(?P<part>末|頭|初め|はじめ|上旬|中旬|下旬|半ば)?")
_RELATIVE_MONTH = re.compile(
    rf"(?P<which>今月|来月|再来月|先月|先々月)の?(?:(?P<part>末|頭|初め|はじめ|上旬|中旬|下旬|半ば)|(?P<day>{NUMBER})日)?"
)
_FROM_NOW = re.compile(rf"(?P<number>{NUMBER}|半)\s*(?P<unit>日|週間?|[ヶかカヵケ箇]?月|年)\s*(?P<way>後|まえ|前)")
_WORDS = {"今日": 0, "本日": 0, "きょう": 0, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2, "昨日": -1, "きのう": -1}
_YEAR_END = re.compile(r"年内|年末")
_FISCAL_END = re.compile(r"年度(?:末|内)")
_MONTH_WORDS = {"今月": 0, "来月": 1, "再来月": 2, "先月": -1, "先々月": -2}
_YEAR_WORDS = {"今年": 0, "本年": 0, "去年": -1, "昨年": -1, "来年": 1, "一昨年": -2, "おととし": -2, "再来年": 2}
_PARTS = {"頭": 1, "初め": 1, "はじめ": 1, "上旬": 10, "中旬": 20, "半ば": 15}
_JAPANESE_ERAS = {"令和": "令和", "reiwa": "令和", "r": "令和", "平成": "平成", "h": "平成", "昭和": "昭和"}


def days(text: str, today: date, *, nearest: bool = False) -> list[Day]:
    """Dates in a text. A month without a year is the next one, or with ``nearest`` the one nearest to today.

    >>> [str(one.date) for one in days("来月末か令和9年2月10日", date(2026, 11, 23))]
    ['2026-12-31', '2027-02-10']
    """
    folded = fold(text)
    found: list[Day] = []
    taken: list[tuple[int, int]] = []

    def keep(match: re.Match[str], day: date | None, *, exact: bool) -> None:
        if day is not None and not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            found.append(Day(day, exact, match.start()))

    for match in _FULL.finditer(folded):
        day, exact = _full(match, today, nearest=nearest)
        keep(match, day, exact=exact)
    for match in _RELATIVE_MONTH.finditer(folded):
        year, month = _shift(today.year, today.month, _MONTH_WORDS[match["which"]])
        number = whole(match["day"]) if match["day"] else None
        keep(match, _day(year, month, number, match["part"]), exact=number is not None)
    for match in _FROM_NOW.finditer(folded):
        keep(match, _from_now(match, today), exact=match["unit"] == "日")
    for word, offset in _WORDS.items():
        for match in re.finditer(word, folded):
            keep(match, today + timedelta(offset), exact=True)
    for match in _FISCAL_END.finditer(folded):
        keep(match, date(today.year + (today.month > 3), 3, 31), exact=False)
    for match in _YEAR_END.finditer(folded):
        keep(match, date(today.year, 12, 31), exact=False)
    return sorted(found, key=lambda one: one.start)


def _full(match: re.Match[str], today: date, *, nearest: bool) -> tuple[date | None, bool]:
    month = whole(match["month"])
    if month is None or ("/" not in match[0] and "月" not in match[0] and not match["year"]):
        return None, False
    number = whole(match["day"]) if match["day"] else None
    year = _year(match, today)
    if year is not None:
        return _day(year, month, number, match["part"]), number is not None
    days_ = [_day(year, month, number, match["part"]) for year in (today.year - 1, today.year, today.year + 1)]
    known = [day for day in days_ if day is not None]
    if nearest:
        return min(known, key=lambda day: abs(day - today), default=None), number is not None
    return next((day for day in known if day >= today), None), number is not None


def _year(match: re.Match[str], today: date) -> int | None:
    if match["era"]:
        number = 1 if match["era_year"] == "元" else whole(match["era_year"])
        return _era_year(_JAPANESE_ERAS[match["era"]], number) if number else None
    if match["year"]:
        return int(match["year"])
    return today.year + _YEAR_WORDS[match["word"]] if match["word"] else None


def _era_year(era: str, number: int) -> int | None:
    try:
        return int(EraDate.strptime(f"{era}{number:02d}年12月31日", "%-K%-y年%m月%d日")[0].year)
    except (ValueError, IndexError, TypeError):
        return None


def _day(year: int, month: int, number: int | None, part: str | None) -> date | None:
    last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 and 1 <= year <= 9998 else 0
    day = number or _PARTS.get(part or "", last)
    return date(year, month, day) if last and 1 <= day <= last else None


def _shift(year: int, month: int, by: int) -> tuple[int, int]:
    years, zero_based = divmod(year * 12 + month - 1 + by, 12)
    return years, zero_based + 1


def add_months(day: date, by: int) -> date:
    """The same day some months on; the last day of a shorter month.

    >>> str(add_months(date(2026, 11, 30), 3))
    '2027-02-28'
    """
    year, month = _shift(day.year, day.month, by)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _from_now(match: re.Match[str], today: date) -> date | None:
    unit = match["unit"]
    number = 0.5 if match["number"] == "半" else whole(match["number"])
    if number is None or number > 1200:
        return None
    sign = 1 if match["way"] == "後" else -1
    if unit == "日":
        return today + timedelta(sign * int(number))
    if unit.startswith("週"):
        return today + timedelta(sign * int(number * 7))
    by = sign * int(number * (12 if unit == "年" else 1))
    year = today.year + by // 12
    return add_months(today, by) if 1 < year < 9000 else None


def japanese(day: date) -> str:
    """A date with its weekday.

    >>> japanese(date(2026, 11, 23))
    '2026年11月23日（月）'
    """
    return f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"

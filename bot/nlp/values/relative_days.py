"""Days named by their distance from today: 来月末, 来週の金曜, 明後日, 3か月後."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bot.nlp.values.calendar_days import PARTS, Phrase, Said, add_months, integer, longest_word, month_span, skip

_MONTHS = {"今月": 0, "当月": 0, "来月": 1, "翌月": 1, "再来月": 2, "先月": -1, "先々月": -2}
_WEEKS = {"今週": 0, "来週": 1, "再来週": 2, "先週": -1, "先々週": -2, "次": None, "今度": None}
_DAYS = {"今日": 0, "本日": 0, "きょう": 0, "明日": 1, "あした": 1, "あす": 1, "明後日": 2, "あさって": 2, "明々後日": 3, "しあさって": 3, "昨日": -1, "きのう": -1, "一昨日": -2, "おととい": -2}  # fmt: skip
_WEEKDAYS = "月火水木金土日"
UNITS = {"日": "d", "週間": "w", "週": "w", "年": "y", **{f"{sign}月": "m" for sign in "ヶかカヵケ箇"}}
_AFTER = {"後": 1, "ご": 1, "あと": 1, "前": -1, "まえ": -1}


def relative_month(text: str, position: int, today: date) -> Said | None:
    """来月末, 再来月10日, 先月."""
    word = longest_word(text, position, _MONTHS)
    if not word:
        return None
    years, month = divmod(today.year * 12 + today.month - 1 + _MONTHS[word], 12)
    end = position + len(word)
    start = skip(text, end)
    day = integer(text, start, 3)
    if day is not None and text.startswith("日", day[1]) and not text.startswith("日間", day[1]):
        return Said(day[1] + 1, *(month_span(years, month + 1, day[0], "") or (None, None)))
    part = longest_word(text, start, PARTS)
    return Said(start + len(part) if part else end, *(month_span(years, month + 1, None, part) or (None, None)))


def relative_week(text: str, position: int, today: date) -> Said | None:
    """来週の金曜, 今度の月曜日; a week begins on Monday."""
    word = longest_word(text, position, _WEEKS)
    if not word:
        return None
    end = position + len(word)
    start = skip(text, end)
    weeks = _WEEKS[word]
    weekday = _WEEKDAYS.find(text[start : start + 1]) if text.startswith("曜", start + 1) else -1
    if weekday >= 0:
        stop = start + 2 + text.startswith("日", start + 2)
        if weeks is None:
            day = today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
        else:
            day = today + timedelta(weeks * 7 + weekday - today.weekday())
        return Said(stop, day, day)
    if weeks is None:
        return None
    monday = today + timedelta(weeks * 7 - today.weekday())
    return Said(end, monday, monday + timedelta(6))


def relative_day(text: str, position: int, today: date) -> Said | None:
    """明後日, 昨日."""
    word = longest_word(text, position, _DAYS)
    day = today + timedelta(_DAYS[word]) if word else None
    return Said(position + len(word), day, day) if day else None


def from_now(text: str, position: int, today: date) -> Said | None:
    """3か月後, 十日前, 2、3日後, 半年後, 1年半後. Months and years are not meant to the day."""
    if text.startswith(("半年", "半月"), position):
        amount = (6, 6, "m", position + 2) if text.startswith("半年", position) else (15, 15, "w", position + 2)
    else:
        counted = _counted(text, position)
        if counted is None:
            return None
        amount = counted
    low, high, unit, end = amount
    way = longest_word(text, end, _AFTER)
    if not way or text.startswith(("前後", "後半", "前半"), end) or high > 1200:
        return None
    ends = sorted(_moved(today, _AFTER[way] * count, unit) for count in (low, high))
    slack = {"d": 0, "w": 3, "m": 15}[unit] if low == high else 0
    return Said(end + len(way), ends[0] - timedelta(slack), ends[1])


def _counted(text: str, position: int) -> tuple[int, int, str, int] | None:
    """The least and the most of a length in days or months, which of them, and where it ends."""
    number = integer(text, position)
    if number is None or text[position - 1 : position] in (".", ",", "/", "第"):
        return None
    low = number[0]
    if text[number[1] : number[1] + 1] in (*",、・~-",):
        second = integer(text, number[1] + 1) if number[1] + 1 < len(text) else None
        if second is None or second[0] <= low or (text[number[1]] in ",、・" and second[0] != low + 1):
            return None
        number = second
    word = longest_word(text, number[1], UNITS)
    if not word:
        return None
    unit, high, end = UNITS[word], number[0], number[1] + len(word)
    if unit == "y":
        half = text.startswith("半", end)
        return low * 12 + 6 * half, high * 12 + 6 * half, "m", end + half
    return (low * 7, high * 7, unit, end) if unit == "w" else (low, high, unit, end)


def _moved(today: date, by: int, unit: str) -> date:
    return add_months(today, by) if unit == "m" else today + timedelta(by)


RELATIVE: tuple[tuple[Phrase, Iterable[str]], ...] = (
    (relative_day, _DAYS),
    (relative_month, _MONTHS),
    (relative_week, _WEEKS),
)
"""These phrases with the words that they begin with."""

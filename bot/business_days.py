"""Days on which offices in Japan are open: not Saturdays, Sundays, public holidays, nor the days around New Year. Pure."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
"""The clock that every day and hour of the product goes by, wherever the server stands."""

_NEW_YEAR = ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3))


def is_business_day(day: date) -> bool:
    """Whether offices are open.

    >>> is_business_day(date(2026, 11, 23)), is_business_day(date(2026, 11, 24)), is_business_day(date(2026, 12, 30))
    (False, True, False)
    """
    if day.weekday() >= 5 or (day.month, day.day) in _NEW_YEAR:
        return False
    import holidays  # noqa: PLC0415  # a quarter of a second that few questions need

    return day not in holidays.country_holidays("JP", years=day.year)

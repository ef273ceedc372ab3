"""Days that matter when borrowing through Tokyo's institutional loans. Pure date arithmetic on Japanese business days.

Source: commercial guide, about 2025 (申請から受給までの流れ): referral 2 to 3 weeks, double screening 1 to 2 months, subsidies to be
applied for within 3 months after the loan.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.business_days import is_business_day
from bot.nlp.values.dates import add_months

SUBSIDY_MONTHS = 3


def business_day_before(day: date) -> date:
    """The day itself, or the last Japanese business day before it.

    >>> str(business_day_before(date(2026, 11, 23)))
    '2026-11-20'
    """
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def deadline(executed: date) -> date:
    """The last day to apply for subsidies after a loan: three months on, on a day when desks are open."""
    return business_day_before(add_months(executed, SUBSIDY_MONTHS))


def reminders(last: date) -> list[date]:
    """When to remind of a deadline: two months, two weeks, three days and a day before, on business days."""
    days = (add_months(last, -2), last - timedelta(weeks=2), last - timedelta(days=3), last - timedelta(days=1))
    return sorted({business_day_before(day) for day in days})


def schedule(needed: date) -> list[tuple[date, str]]:
    """Back from the day that funds are needed: the latest days, with the longest times that the source gives."""
    screening = add_months(needed, -2)
    referral = screening - timedelta(weeks=3)
    return [
        (
            business_day_before(referral),
            "取引のある銀行や信用金庫に相談し、区市町村の窓口か商工会議所で「あっせん」の相談を始める（2～3週間）",
        ),
        (business_day_before(screening), "あっ旋状と書類を出して申し込む（金融機関と保証協会の審査に1～2か月）"),
        (needed, "融資の実行（入金）"),
        (deadline(needed), "補助（保証料・利子）の申請の期限。1日でも過ぎると受けられません"),
    ]


def shortest(needed: date) -> date:
    """The last day to apply if every step takes the shortest time that the source gives, about a month and a half in all."""
    return add_months(needed, -1) - timedelta(days=15)


def durations() -> tuple[str, ...]:
    """How long each step takes, where no day is known to count from."""
    return (
        "金融機関への相談と区市町村の「あっせん」：2～3週間",
        "金融機関と保証協会の審査：1～2か月",
        "補助（保証料・利子）の申請：融資実行から3か月以内",
    )

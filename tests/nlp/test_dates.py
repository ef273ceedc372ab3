"""Dates as people write them, read on a given day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.values.amounts import amounts
from bot.nlp.values.dates import add_months, days
from bot.nlp.values.people import people
from bot.nlp.values.periods import months
from bot.nlp.values.shares import numbers, percents, times
from bot.nlp.values.years import years

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            (text, date(2027, 3, 31))
            for text in (
                "R9/3/31",
                "R9.3.31",
                "令和9.3.31",
                "令和九年三月三十一日",
                "27/3/31",
                "20270331",
                "2027-03-31",
                "2027.3.31",
                "3/31",
                "３月３１日",
                "3/31/2027",
            )
        ],
        ("令和8年12月25日", date(2026, 12, 25)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("2027/2/10", date(2027, 2, 10)),
        ("2027/3", date(2027, 3, 31)),
        ("来月末", date(2026, 12, 31)),
        ("再来月10日", date(2027, 1, 10)),
        ("来年3月末", date(2027, 3, 31)),
        ("来年1月10日", date(2027, 1, 10)),
        ("去年の4月", date(2025, 4, 30)),
        ("12月25日", date(2026, 12, 25)),
        ("12月の25日", date(2026, 12, 25)),
        ("3月10日", date(2027, 3, 10)),
        ("2月29日", date(2028, 2, 29)),
        ("明日", date(2026, 11, 24)),
        ("明後日", date(2026, 11, 25)),
        ("昨日入金", date(2026, 11, 22)),
        ("来週の金曜", date(2026, 12, 4)),
        ("2週間後", date(2026, 12, 7)),
        ("十日後", date(2026, 12, 3)),
        ("3か月後", date(2027, 2, 23)),
        ("年内", date(2026, 12, 31)),
        ("月末", date(2026, 11, 30)),
        ("8年12月25日", date(2026, 12, 25)),
        ("27年3月末", date(2027, 3, 31)),
        ("2、3日後", date(2026, 11, 26)),
        ("年末", date(2026, 12, 31)),
        ("年度末まで", date(2027, 3, 31)),
        ("今年度末", date(2027, 3, 31)),
        ("来年度末", date(2028, 3, 31)),
        ("令和9年度末", date(2028, 3, 31)),
        ("来年度の4月", date(2027, 4, 30)),
    ],
)
def test_dates(text: str, expected: date) -> None:
    assert [one.date for one in days(text, TODAY)] == [expected]


@pytest.mark.parametrize(
    "text",
    ["13月1日", "2月30日", "令和9年2月29日", "平成31年5月1日", "平成40年3月31日", "令和元年4月30日", "2027-02-29", "27/2/30"],
)
def test_days_that_never_come_are_said_to_be_impossible(text: str) -> None:
    assert [(one.date, one.impossible) for one in days(text, TODAY)] == [(None, True)]


@pytest.mark.parametrize(
    "text",
    [
        "03-1234-5678",
        "1,200万円",
        "3.5%",
        "2000-3000万",
        "3か月",
        "12345678円",
        "20261301",
        "百人町",
        "s30",
        "2026年",
        "192.168.1.1",
    ],
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert days(text, TODAY) == []


def test_a_month_is_all_its_days_and_counts_as_its_last() -> None:
    (day,) = days("3月頃", TODAY)

    assert (day.low, day.high, day.date, day.exact, day.vague) == (
        date(2027, 3, 1),
        date(2027, 3, 31),
        date(2027, 3, 31),
        False,
        True,
    )


def test_fiscal_years_begin_in_april() -> None:
    assert [one.date for one in days("年度末", date(2027, 2, 1))] == [date(2027, 3, 31)]


def test_dates_come_in_their_order_with_where_they_stand() -> None:
    assert [(one.start, one.end) for one in days("来月末か、令和9年2月10日です", TODAY)] == [(0, 3), (5, 14)]


def test_a_month_without_a_year_can_mean_the_nearest() -> None:
    assert days("10月30日", TODAY, nearest=True)[0].date == date(2026, 10, 30)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.integers(min_value=-60, max_value=60))
def test_adding_months_never_leaves_the_month_meant(day: date, by: int) -> None:
    later = add_months(day, by)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == by
    assert later.day <= day.day


_ANYTHING = st.text(max_size=200) | st.text(
    st.sampled_from("0123456789,./-~〜 一二三十百千万億兆年月日か人円%数何第令和平成来今末度後前rhs▲週曜金の半目弱以上内"),
    max_size=30,
)


@given(_ANYTHING)
def test_nothing_makes_the_readers_fail(text: str) -> None:
    for read in (amounts, people, months, percents, times, numbers, years):
        found = read(text)
        assert all(one.start < one.end and one.low <= one.high for one in found)
    assert all(one.start < one.end and (one.date is None) == one.impossible for one in days(text, TODAY))


@pytest.mark.parametrize(
    "text", ["9", "十", "1億", "台東区", "ﷺ", "年", "2,3", "1,", "1.", "千", "来", "3月", "3/", "令和", "1,000,000円"]
)
def test_endless_texts_are_read_in_one_go(text: str) -> None:
    """A reader that can go back over a stretch would not come to an end here."""
    for read in (amounts, people, months, percents, times, numbers, years):
        read(text * 4096)
    days(text * 4096, TODAY)

"""Values as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kanjize import number2kanji

from bot.nlp.values.amounts import amounts, yen
from bot.nlp.values.dates import add_months, days
from bot.nlp.values.numbers import number
from bot.nlp.values.periods import length, months, people, percents

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三千万円", 30_000_000),
        ("3千万", 30_000_000),
        ("30,000千円", 30_000_000),
        ("３００万", 3_000_000),
        ("1億2千万", 120_000_000),
        ("一千五百万円です", 15_000_000),
        ("500〜600万", 6_000_000),
        ("1.5億円", 150_000_000),
        ("約800万円くらい", 8_000_000),
        ("12,000,000円", 12_000_000),
        ("百万円", 1_000_000),
        ("2億", 200_000_000),
    ],
)
def test_amounts_of_money(text: str, expected: int) -> None:
    assert [one.yen for one in amounts(text)] == [expected]


@pytest.mark.parametrize("text", ["15人です", "3年目", "平成19年10月", "5号", "24か月", "1.15%", "2倍", "上野1-2-3の5階"])
def test_other_numbers_are_no_money(text: str) -> None:
    assert not [one for one in amounts(text) if not one.bare]


def test_a_range_keeps_both_ends() -> None:
    (amount,) = amounts("500万円から600万円")

    assert (amount.low, amount.yen) == (5_000_000, 6_000_000)


@given(st.integers(min_value=1, max_value=10**12))
def test_kanji_numerals_are_read_as_they_are_written(value: int) -> None:
    assert number(number2kanji(value)) == value


@given(st.integers(min_value=0, max_value=10**12))
def test_an_amount_is_read_as_it_is_shown(value: int) -> None:
    assert [one.yen for one in amounts(yen(value))] == [value]


@given(st.text(max_size=200))
def test_nothing_makes_the_readers_fail(text: str) -> None:
    amounts(text)
    people(text)
    months(text)
    percents(text)
    days(text, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15名", [15]), ("十五人くらい", [15]), ("従業員は２０人", [20]), ("ひとりでやってます", [1]), ("名古屋", [])],
)
def test_numbers_of_people(text: str, expected: list[int]) -> None:
    assert [value for value, _ in people(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3年半", [42]), ("24か月", [24]), ("24回払い", [24]), ("1年6ヶ月", [18]), ("半年", [6]), ("5年", [60]), ("二年", [24])],
)
def test_lengths_of_time(text: str, expected: list[int]) -> None:
    assert [value for value, _ in months(text)] == expected


@given(st.integers(min_value=1, max_value=1200))
def test_a_length_is_read_as_it_is_shown(value: int) -> None:
    assert [months_ for months_, _ in months(length(value))] == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和8年12月25日", date(2026, 12, 25)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("2027/2/10", date(2027, 2, 10)),
        ("来月末", date(2026, 12, 31)),
        ("来年3月末", date(2027, 3, 31)),
        ("去年の4月", date(2025, 4, 30)),
        ("12月25日", date(2026, 12, 25)),
        ("3月10日", date(2027, 3, 10)),
        ("明日", date(2026, 11, 24)),
        ("2週間後", date(2026, 12, 7)),
        ("3か月後", date(2027, 2, 23)),
        ("年内", date(2026, 12, 31)),
        ("年度末まで", date(2027, 3, 31)),
        ("2月30日", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert next((one.date for one in days(text, TODAY)), None) == expected


def test_a_month_without_a_year_can_mean_the_nearest() -> None:
    assert days("10月30日", TODAY, nearest=True)[0].date == date(2026, 10, 30)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.integers(min_value=-60, max_value=60))
def test_adding_months_never_leaves_the_month_meant(day: date, by: int) -> None:
    later = add_months(day, by)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == by
    assert later.day <= day.day


@pytest.mark.parametrize("text", ["9" * 1000, "1," * 500, "1." * 500, "千" * 1000, "1万" * 500, "1,000,000円" * 90])
def test_endless_numbers_are_read_in_one_go(text: str) -> None:
    """A pattern that can read a stretch in many ways would not come to an end here."""
    for read in (people, months, percents, amounts):
        read(text)
    days(text, TODAY)

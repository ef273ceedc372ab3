"""Lengths of time, and years that are none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.values.periods import length, months
from bot.nlp.values.years import years


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3年半", 42),
        ("24か月", 24),
        ("24ヵ月", 24),
        ("24ヶ月", 24),
        ("24カ月", 24),
        ("24ケ月", 24),
        ("36回", 36),
        ("24回払い", 24),
        ("1年6ヶ月", 18),
        ("2年と3か月", 27),
        ("半年", 6),
        ("1年半", 18),
        ("5年", 60),
        ("二年", 24),
        ("十年", 120),
        ("1.5年", 18),
    ],
)
def test_lengths_said_exactly(text: str, expected: int) -> None:
    assert [(one.low, one.months, one.vague, one.is_length) for one in months(text)] == [(expected, expected, False, True)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5〜7年", 60, 84),
        ("3,4年", 36, 48),
        ("2、3年", 24, 36),
        ("数年", 24, 108),
        ("半年から1年", 6, 12),
        ("1年〜1年半", 12, 18),
        ("3年半ぐらい", 42, 42),
        ("1200万円を2,3年", 24, 36),
    ],
)
def test_lengths_said_roughly(text: str, low: int, high: int) -> None:
    assert [(one.low, one.high, one.vague) for one in months(text)] == [(low, high, True)]


def test_an_upper_bound_is_marked() -> None:
    assert [(one.months, one.bound) for one in months("5年以内")] == [(60, "most")]


def test_years_of_a_row_and_times_past_or_to_come_are_no_lengths() -> None:
    (ordinal,), (ago,), (later,) = months("5年目"), months("2年前"), months("3か月後")

    assert (ordinal.ordinal, ago.ago, later.later) == (True, True, True)
    assert not any(one.is_length for one in (ordinal, ago, later))


@pytest.mark.parametrize(
    "text",
    [
        "創業2010年",
        "2010年から",
        "平成20年創業",
        "大正六年",
        "令和7年3月31日",
        "R7年3月",
        "2026年",
        "27年3月末",
        "3年生",
        "2026年度",
    ],
)
def test_calendar_years_are_no_lengths(text: str) -> None:
    assert months(text) == []


@pytest.mark.parametrize(
    ("text", "year", "founding"),
    [
        ("創業2010年", 2010, True),
        ("2010年から", 2010, False),
        ("平成20年創業", 2008, True),
        ("大正六年に創業", 1917, True),
        ("昭和四五年設立", 1970, True),
        ("令和元年", 2019, False),
        ("二〇一〇年", 2010, False),
        ("2026年度", 2026, False),
    ],
)
def test_calendar_years(text: str, year: int, founding: bool) -> None:
    assert [(one.year, one.founding) for one in years(text)] == [(year, founding)]


def test_a_year_gives_an_age_and_one_that_never_was_is_impossible() -> None:
    assert years("平成20年創業")[0].age(date(2026, 11, 23)) == 18
    assert years("平成40年")[0].impossible


@pytest.mark.parametrize("text", ["20年", "2000万円", "昭和通り", "12010年"])
def test_other_numbers_are_no_years(text: str) -> None:
    assert years(text) == []


@given(st.integers(min_value=1, max_value=1200))
def test_a_length_is_read_as_it_is_shown(value: int) -> None:
    assert [one.months for one in months(length(value))] == [value]

"""Amounts of money as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.values.amounts import amounts, yen

_MAN = 10_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三千万円", 30_000_000),
        ("3千万", 30_000_000),
        ("30,000千円", 30_000_000),
        ("3,000千円", 3_000_000),
        ("10百万円", 10_000_000),
        ("３００万", 3_000_000),
        ("1億2千万", 120_000_000),
        ("1億2千", 120_000_000),
        ("1億 2000万円", 120_000_000),
        ("300 万円", 3_000_000),
        ("一千五百万円です", 15_000_000),
        ("三千五百万", 35_000_000),
        ("5千万", 50_000_000),
        ("1.5億円", 150_000_000),
        ("１．５億", 150_000_000),
        ("12,000,000円", 12_000_000),
        ("12 000 000円", 12_000_000),
        ("¥500,000", 500_000),
        ("百万円", 1_000_000),
        ("2億", 200_000_000),
        ("金伍百万円也", 5_000_000),
        ("壱億伍千萬円", 150_000_000),
        ("参拾万円", 300_000),
        ("三田で三百万円", 3_000_000),
        ("1200万円を2,3年", 12_000_000),
    ],
)
def test_amounts_said_exactly(text: str, expected: int) -> None:
    assert [(one.low, one.yen, one.vague) for one in amounts(text)] == [(expected, expected, False)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("500〜600万", 500, 600),
        ("500万円から600万円", 500, 600),
        ("500か600万", 500, 600),
        ("300-500万", 300, 500),
        ("1〜2億", 10_000, 20_000),
        ("2〜3百万円", 200, 300),
        ("2千〜3千万", 2000, 3000),
        ("300万円以上500万円以下", 300, 500),
        ("数百万", 200, 900),
        ("数千万", 2000, 9000),
        ("四、五百万", 400, 500),
        ("百万単位", 100, 900),
        ("億単位", 10_000, 90_000),
        ("2,3百万円", 200, 300),
        ("約1000万", 1000, 1000),
        ("1000万前後", 1000, 1000),
        ("3000万ぐらい", 3000, 3000),
        ("1000万弱", 800, 1000),
    ],
)
def test_amounts_said_roughly_keep_both_ends(text: str, low: int, high: int) -> None:
    assert [(one.low, one.high, one.vague, one.bare) for one in amounts(text)] == [(low * _MAN, high * _MAN, True, False)]


@pytest.mark.parametrize(
    ("text", "bound"),
    [("300万以上", "least"), ("300万円〜", "least"), ("最大300万", "most"), ("300万円以内", "most"), ("300万", "")],
)
def test_at_least_and_at_most(text: str, bound: str) -> None:
    assert [(one.yen, one.bound) for one in amounts(text)] == [(3_000_000, bound)]


@pytest.mark.parametrize(
    ("text", "expected"), [("300〜500", (300, 500, True)), ("500ちょい", (500, 500, True)), ("800", (800, 800, False))]
)
def test_numbers_without_a_unit_are_bare(text: str, expected: tuple[int, int, bool]) -> None:
    (one,) = amounts(text)

    assert one.bare
    assert (one.low, one.high, one.vague) == expected


def test_two_amounts_stay_two() -> None:
    assert [one.yen for one in amounts("500万円+200万円")] == [5_000_000, 2_000_000]


def test_a_loss_is_below_zero() -> None:
    assert [one.yen for one in amounts("▲500万")] == [-5_000_000]


def test_a_comma_in_the_wrong_place_makes_no_exact_amount() -> None:
    assert all(one.vague for one in amounts("1,2000万円"))


@pytest.mark.parametrize(
    "text",
    [
        "15人です",
        "3年目",
        "平成19年10月",
        "5号",
        "24か月",
        "1.15%",
        "2倍",
        "上野1-2-3の5階",
        "500万ドル",
        "300万人",
        "一緒に",
        "2027/3/31",
    ],
)
def test_other_numbers_are_no_money(text: str) -> None:
    assert not [one for one in amounts(text) if not one.bare]


@given(st.integers(min_value=0, max_value=10**12))
def test_an_amount_is_read_as_it_is_shown(value: int) -> None:
    assert [one.yen for one in amounts(yen(value))] == [value]

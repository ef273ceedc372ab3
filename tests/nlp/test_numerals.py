"""Numbers in texts, and numerals that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kanjize import number2kanji

from bot.nlp.normalize import fold
from bot.nlp.values.numbers import number
from bot.nlp.values.numerals import MOST, numerals
from bot.nlp.values.shares import numbers, percents, times


@pytest.mark.parametrize(
    "word",
    """千代田区 千駄木 八百屋 百貨店 百人町 三田 五反田 二子玉川 八王子 四谷 一緒に 一番 十分 万が一 三菱 九州 六本木 百均 一人前 一括
    統一 一応 千葉 億劫 四日市 三軒茶屋 十条""".split(),  # noqa: SIM905  # a list would take a page
)
def test_numerals_inside_words_are_no_numbers(word: str) -> None:
    assert numerals(word) == []
    assert numerals(f"{word}で相談しました") == []


@pytest.mark.parametrize("text", ["第一に", "第2期"])
def test_a_place_in_a_row_is_marked(text: str) -> None:
    assert [one.ordinal for one in numerals(text)] == [True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2,3人", [(2, 3, True)]),
        ("2、3人", [(2, 3, True)]),
        ("二、三人", [(2, 3, True)]),
        ("五六人", [(5, 6, True)]),
        ("2,3百万円", [(2_000_000, 3_000_000, True)]),
        ("1,200万円", [(12_000_000, 12_000_000, False)]),
        ("1,2000", [(1, 1, True), (2000, 2000, True)]),
        ("1,2000万", [(1, 1, True), (20_000_000, 20_000_000, True)]),
        ("12 000 000円", [(12_000_000, 12_000_000, False)]),
        ("１ ２００万", [(12_000_000, 12_000_000, False)]),
        ("03 1234 5678", [(3, 3, False), (1234, 1234, False), (5678, 5678, False)]),
        ("二〇二六年", [(2026, 2026, False)]),
        ("十数人", [(11, 19, True)]),
        ("何十人", [(20, 90, True)]),
        ("数千", [(2000, 9000, True)]),
        ("人数3人、回数十回", [(3, 3, False), (10, 10, False)]),
        ("1億1億", [(10**8, 10**8, False)] * 2),
    ],
)
def test_commas_spaces_and_open_digits(text: str, expected: list[tuple[int, int, bool]]) -> None:
    assert [(int(one.low), int(one.high), one.vague) for one in numerals(fold(text))] == expected


@pytest.mark.parametrize(
    ("text", "negative"), [("▲500万", True), ("−500万", True), ("＋200万", False), ("300-500", False), ("マイナス3", True)]
)
def test_signs(text: str, negative: bool) -> None:
    assert numerals(fold(text))[-1].negative is negative


@given(st.integers(min_value=1, max_value=10**12))
def test_kanji_numerals_are_read_as_they_are_written(value: int) -> None:
    assert number(number2kanji(value)) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [("自己資本比率は２５．５％", ["25.5"]), ("3割", ["30"]), ("3割5分", ["35"]), ("▲3%", ["-3"]), ("2倍", []), ("3割引き", [])],
)
def test_shares(text: str, expected: list[str]) -> None:
    assert [str(one.value) for one in percents(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [("2.5倍", [("2.5", "2.5")]), ("2〜3倍", [("2", "3")]), ("25%", [])])
def test_multiples(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(one.low), str(one.high)) for one in times(text)] == expected


@pytest.mark.parametrize("text", ["一級建築士", "二重", "一石二鳥", "九段下", "1-2-3", "2027/3/31"])
def test_parts_of_words_addresses_and_dates_count_nothing(text: str) -> None:
    assert numbers(text) == []


def test_all_numbers_come_with_what_they_count() -> None:
    found = numbers("3店舗で12人、八百屋は500、3年度目")

    assert [(int(one.value), one.unit, one.bare) for one in found] == [
        (3, "店舗", False),
        (12, "人", False),
        (500, "", True),
        (3, "年", False),
    ]


@pytest.mark.parametrize(
    "text", ["1", "十", "1億", "台東区", "ﷺ", "年", "2,3", "1,", "1.", " 123", "3人", "三人と", "1,000,000円", "数"]
)
def test_a_text_of_numbers_alone_gives_a_bounded_number_of_them(text: str) -> None:
    assert len(numerals(fold(text * 4096))) <= MOST

"""Numbers of people."""

from __future__ import annotations

import pytest

from bot.nlp.values.people import people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15名", 15),
        ("3人", 3),
        ("３名", 3),
        ("三名様", 3),
        ("十五人", 15),
        ("従業員は２０人", 20),
        ("2人と自分", 2),
        ("ひとりでやってます", 1),
        ("ふたり", 2),
        ("一人", 1),
        ("お一人様", 1),
        ("ワンオペです", 1),
        ("社長1人", 1),
        ("1人もいない", 0),
        ("ひとりもいません", 0),
        ("自分だけ", 1),
    ],
)
def test_people_counted_exactly(text: str, expected: int) -> None:
    assert [(one.low, one.count, one.vague) for one in people(text)] == [(expected, expected, False)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2,3人", 2, 3),
        ("2、3人", 2, 3),
        ("3人から5人", 3, 5),
        ("十人弱", 8, 10),
        ("二十人弱", 16, 20),
        ("十数人", 11, 19),
        ("何十人", 20, 90),
        ("数人", 2, 9),
        ("十五人くらい", 15, 15),
        ("10人以上", 10, 10),
    ],
)
def test_people_counted_roughly(text: str, low: int, high: int) -> None:
    assert [(one.low, one.high, one.vague) for one in people(text)] == [(low, high, True)]


@pytest.mark.parametrize(
    "text", ["名古屋", "名義", "人気", "何人", "3店舗", "3人前", "3人目", "百人町", "一人暮らし", "一人前", "1人当たり"]
)
def test_what_is_no_number_of_people(text: str) -> None:
    assert people(text) == []

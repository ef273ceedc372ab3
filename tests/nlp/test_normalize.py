"""Folding brings what people type into one form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.normalize import MAX_CHARACTERS, clean, fold, is_kana_only, romaji_to_hiragana, squeeze


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＡＢＬ　保証料率", "abl 保証料率"),
        ("ﾎｼｮｳﾘｮｳ", "ホショウリョウ"),
        ("６４２−２５１１", "642-2511"),
        ("２～３ヶ月", "2~3ヶ月"),
        ("海外投資アドバイザ―", "海外投資アドバイザー"),
        ("信用保證", "信用保証"),
        ("すごーーーい", "すごーい"),
    ],
)
def test_widths_dashes_and_old_characters_become_one_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_control_and_bidirectional_characters_are_dropped() -> None:
    assert clean("\u202e保証\x00料\u200b\nいくら") == "保証料 いくら"


def test_squeezed_names_ignore_brackets_and_spaces() -> None:
    assert squeeze("創業融資（創業）") == squeeze("創業融資 (創業)")


def test_latin_spelling_of_japanese_becomes_hiragana() -> None:
    assert romaji_to_hiragana("rit jigyou") == "rit じぎょう"


@pytest.mark.parametrize(("text", "expected"), [("ほしょうりょうって？", True), ("保証料", False), ("ABL", False), ("12", False)])
def test_kana_only_texts_are_recognised(text: str, expected: bool) -> None:
    assert is_kana_only(text) is expected


@given(st.text(max_size=6000))
def test_folding_is_bounded_and_stable(text: str) -> None:
    once = fold(text)
    assert len(clean(text)) <= MAX_CHARACTERS
    assert fold(once) == once or unicodedata.normalize("NFKC", once) != once
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in once)

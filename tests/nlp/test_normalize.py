"""Folding brings what people type into one form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.normalize import MAX_CHARACTERS, bounded, clean, fold, is_kana_only, romaji_to_hiragana, squeeze


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
        ("葛\U000e0100飾区", "葛飾区"),
        ("⻄東京市", "西東京市"),
        ("⽇本", "日本"),
        ("豐島區と澁谷區と濱松町", "豊島区と渋谷区と浜松町"),
        ("金伍百萬圓也", "金伍百万円也"),
        ("／ｈｅｌｐ！", "/help!"),
        ("㈱と㍿と㌔と①", "(株)と株式会社とキロと1"),
        ("①300万円②500万円", "1:300万円2:500万円"),
        ("はい👍\ufe0f", "はい👍"),
        ("3\ufe0f\u20e3人", "3人"),
    ],
)
def test_widths_dashes_and_old_characters_become_one_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("character", ["ﷺ", "㍿", "①", "⑳1", "葛\U000e0100", "あ-", "1"])
def test_what_grows_when_it_is_folded_stays_bounded(character: str) -> None:
    assert len(fold(character * 4096)) <= MAX_CHARACTERS


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


@given(st.text(alphabet=st.sampled_from("ﷺ㍿①⑳あｶﾞǘ\u0323İß1 "), max_size=60), st.integers(0, 40))
def test_a_beginning_is_as_long_as_it_may_be_when_it_is_folded(text: str, most: int) -> None:
    beginning = bounded(clean(text), most)

    assert clean(text).startswith(beginning)
    assert len(fold(beginning)) <= most

"""A text in kana alone is written as the knowledge base writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.base import KnowledgeBase
from bot.nlp.spelling import Speller, Spelling, spellings


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("しほんきんは さんびゃくまんえんです", "資本金は3000000円です"),
        ("じゅうぎょういん 6にん", "従業員6人"),
        ("せつびしきんをかりたい", "設備資金を借りたい"),
        ("こじんじぎょうぬしで、みたかしです", "個人事業主で、三鷹市です"),
        ("りしほきゅうってなに?", "利子補給ってなに?"),
        ("ぐろーばるじんざい", "グローバル人材"),
        ("ﾎｼｮｳﾘｮｳ", "保証料"),
        ("ホショウリョウハイクラ", "保証料はいくら"),
        ("シホンキンハ サンビャクマンエンデス", "資本金は3000000円です"),
    ],
)
def test_words_of_the_knowledge_base_places_and_numbers_are_spelt(kb: KnowledgeBase, typed: str, spelt: str) -> None:
    assert kb.speller.spell(typed) == spelt


@pytest.mark.parametrize(
    "typed",
    [
        "こんにちは",
        "ありがとうございました",
        "はい",
        "やめる",
        "いくらでしょう",
        "保証料のけいさん",
        "ABLってなに",
        "?!",
        "",
        "メルカリ",
        "コロナ",
        "ハイ",
    ],
)
def test_greetings_answers_and_texts_with_kanji_stay(kb: KnowledgeBase, typed: str) -> None:
    assert kb.speller.spell(typed) == typed


def test_of_two_spellings_the_one_that_is_much_more_frequent_counts() -> None:
    speller = Speller([Spelling("ほしょう", "保証")] * 4 + [Spelling("ほしょう", "補償")])

    assert speller.spell("ほしょうを") == "保証を"


def test_where_two_spellings_are_alike_frequent_the_kana_stay() -> None:
    speller = Speller([Spelling("きかん", "期間"), Spelling("きかん", "機関")])

    assert speller.spell("きかんは") == "きかんは"


def test_a_short_word_inside_something_unknown_is_none() -> None:
    speller = Speller([Spelling("した", "下"), Spelling("かし", "貸し")])

    assert speller.spell("むかしむかし") == "むかしむかし"


def test_words_that_stand_together_are_learnt_together() -> None:
    learnt = {one.reading: one.written for one in spellings([("信用", "しんよう"), ("保証", "ほしょう"), ("は", "は")])}

    assert learnt == {"しんよう": "信用", "ほしょう": "保証", "しんようほしょう": "信用保証"}


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x30FF) | st.sampled_from("0123 。、"), max_size=60))
def test_any_kana_are_spelt_without_failing_and_nothing_is_lost(kb: KnowledgeBase, typed: str) -> None:
    assert bool(kb.speller.spell(typed).strip()) == bool(typed.strip())

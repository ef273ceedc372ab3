"""BM25, names and synonyms, each on its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.bm25 import Bm25, weigh
from bot.nlp.names import Name, NameIndex
from bot.nlp.synonyms import Synonyms, document_terms, query_terms
from bot.nlp.tokenizer import reading, tokenize


def test_the_document_with_the_rarer_word_wins() -> None:
    index = Bm25([weigh({"text": terms}, {"text": 1.0}) for terms in (["融資", "保証"], ["融資", "共済"], ["融資"])])

    scores = index.scores({"融資": 1.0, "共済": 1.0})

    assert int(np.argmax(scores)) == 1


def test_a_heavier_field_counts_more() -> None:
    index = Bm25([weigh(fields, {"name": 3.0, "body": 1.0}) for fields in ({"name": ["保証"]}, {"body": ["保証"]})])

    scores = index.scores({"保証": 1.0})

    assert scores[0] > scores[1]


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), max_size=8), st.lists(st.sampled_from("abcxyz"), max_size=5))
def test_scores_are_never_negative_and_coverage_never_exceeds_one(documents: list[list[str]], query: list[str]) -> None:
    index = Bm25([weigh({"text": document}, {"text": 1.0}) for document in documents])
    terms = dict.fromkeys(query, 1.0)

    assert (index.scores(terms) >= 0).all()
    assert (index.coverage(terms) <= 1 + 1e-9).all()


@pytest.mark.parametrize(
    "typed", ["信用保障協会の電話", "しんようほしょうきょうかい", "信用保証協会", "新用保証教会のこと", "信用保協会"]
)
def test_a_misspelt_or_wrongly_converted_name_is_found(typed: str) -> None:
    names = NameIndex([(0, Name.of("信用保証協会")), (1, Name.of("経営セーフティ共済"))])

    mentions = names.mentions(typed)

    assert mentions[0].owner == 0


def test_of_two_names_the_longer_one_written_out_wins() -> None:
    names = NameIndex([(0, Name.of("特定社債保証")), (1, Name.of("社債保証"))])

    assert names.exact("特定社債保証の限度額") == [0]


def test_names_that_are_not_meant_are_not_found() -> None:
    names = NameIndex([(0, Name.of("経営セーフティ共済"))])

    assert names.mentions("明日の天気は") == []


def test_a_phrase_of_a_group_stands_for_the_whole_group() -> None:
    synonyms = Synonyms([["借換", "借り換え"], ["倒産", "潰れた"]])

    asked = query_terms("ローンを借り換えたい", synonyms)
    written = document_terms("借換の保証", synonyms)

    assert set(asked) & set(written) & {"@0"}


def test_latin_phrases_match_whole_words_only() -> None:
    synonyms = Synonyms([["融資", "loan"]])

    assert synonyms.groups_in("any loans?") == {0}
    assert synonyms.groups_in("loanword") == set()


def test_readings_and_normal_forms_come_from_sudachi() -> None:
    assert reading("保証料は？") == "ほしょうりょうは"
    assert [token.normal for token in tokenize("附属") if token.is_content] == ["付属"]

"""Of two entries that both fit, the one that knows what was asked answers, and it leads with that."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.advisor.compose import Asker, compose
from bot.advisor.judging import judge
from bot.knowledge.base import KnowledgeBase

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _first_screen(kb: KnowledgeBase, entry_id: str, question: str) -> str:
    entry = kb.entry(entry_id)
    assert entry is not None
    return compose(entry, question, kb, Asker(None, NOW)).text


def test_a_detail_is_answered_by_the_entry_about_it_even_when_another_one_is_named(kb: KnowledgeBase) -> None:
    assert judge(kb, "ABL保証 在庫の担保に登記は要るか").outcome.hits[0].id == "abl-rules"


def test_a_variant_with_a_name_of_its_own_does_not_take_the_place_of_the_one_named(kb: KnowledgeBase) -> None:
    assert judge(kb, "当貸1 限度").outcome.hits[0].id == "tgc-toukashi1"


def test_a_word_that_stands_in_one_line_only_brings_that_line_to_the_first_screen(kb: KnowledgeBase) -> None:
    assert "夜逃げ" in _first_screen(kb, "keiei-safety-kyosai", "得意先の夜逃げにセーフティ共済は効く？")

"""Which part of an entry a question asks for."""

from __future__ import annotations

import pytest

from bot.advisor.pointing import ranked
from bot.knowledge.base import KnowledgeBase
from bot.understanding.parts import Candidate, likelihoods, rank
from bot.understanding.weights import shipped


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("限度額はいくら？", "limit"),
        ("最高でなんぼまで貸してくれますか", "limit"),
        ("電話番号を教えてください", "phone"),
        ("担保や保証人は要りますか", "security"),
        ("何年で返せばいいの", "term"),
    ],
)
def test_what_is_asked_is_told_by_the_question_alone(kb: KnowledgeBase, question: str, part: str) -> None:
    likely = likelihoods(question, shipped().arrays, kb.encoder)

    assert max(likely, key=lambda one: likely[one]) == part


def test_the_parts_that_an_entry_has_share_what_is_likely() -> None:
    likely = {"limit": 0.6, "rate": 0.3, "summary": 0.1}
    order = rank(likely, [Candidate("summary", 0, None, 1), Candidate("rate", 0, None, 1)], shipped().arrays)

    assert next(one.part for one, _ in order) == "rate"
    assert sum(share for _, share in order) == pytest.approx(1.0)


def test_words_that_stand_in_one_part_only_point_at_it() -> None:
    likely = {"limit": 0.5, "gives": 0.5}
    order = rank(likely, [Candidate("limit", 0, None, 1), Candidate("gives", 2, None, 1)], shipped().arrays)

    assert order[0][0].part == "gives"


def test_where_it_stands_on_the_web_comes_last_unless_asked(kb: KnowledgeBase) -> None:
    entry = next(one for one in kb.content.entries.values() if one.section("web") and one.section("limit"))

    assert ranked(entry, "限度額は？", kb)[-1][0] in ("web", "older")

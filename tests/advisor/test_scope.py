"""What a question is about that the entry found for it is not."""

from __future__ import annotations

import pytest

from bot.advisor import scope
from bot.advisor.branches import Question
from bot.advisor.outcome import Outcome
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.search import Evidence, Hit

SURE = 0.9


def _outcome(entry: str, *others: str, kind: str = "answer", sure: float = SURE) -> Outcome:
    hits = tuple(Hit(one, 1.0, Evidence(1, 1, 1, 1, 1, 1, 1)) for one in (entry, *others))
    return Outcome(kind, hits, sure)  # type: ignore[arg-type]


def _kind(kb: KnowledgeBase, text: str, outcome: Outcome, doubt: float = 0.0) -> str:
    return scope.within(kb, Question(text, tuple(kb.gazetteer.find(text)), doubt), outcome).kind


def test_a_desk_of_another_organisation_does_not_answer(kb: KnowledgeBase) -> None:
    assert _kind(kb, "日本公庫の渋谷支店の番号", _outcome("branch-shibuya")) == "unknown"
    assert _kind(kb, "保証協会の渋谷支店の番号", _outcome("branch-shibuya")) == "answer"


def test_what_another_ward_gives_does_not_answer(kb: KnowledgeBase) -> None:
    entry = next(one.id for one in kb.content.entries.values() if one.kind == "example" and "中央区" in one.text)

    assert _kind(kb, "荒川区は保証料を補助してくれる？", _outcome(entry)) == "unknown"
    assert _kind(kb, "中央区は保証料を補助してくれる？", _outcome(entry)) == "answer"


@pytest.mark.parametrize(("sure", "kind"), [(0.9, "answer"), (0.6, "unknown")])
def test_in_doubt_whether_it_is_covered_only_a_sure_entry_answers(kb: KnowledgeBase, sure: float, kind: str) -> None:
    assert _kind(kb, "還付の申告はいつまで？", _outcome("tokyo-loan", sure=sure), doubt=0.4) == kind


def test_of_two_answers_the_one_that_stands_is_given_alone(kb: KnowledgeBase) -> None:
    outcome = scope.within(kb, Question("日本公庫の番号", ()), _outcome("branch-shibuya", "contact-jfc-dial", kind="either"))

    assert (outcome.kind, [hit.id for hit in outcome.hits]) == ("answer", ["contact-jfc-dial"])


def test_a_name_that_is_not_covered_bars_what_is_called_alike(kb: KnowledgeBase) -> None:
    assert scope.barred(kb, "中小企業退職金共済の掛金は？") is not None
    assert scope.barred(kb, "小規模企業共済の掛金は？") is None
    assert scope.barred(kb, "経営セーフティ共済の掛金は？") is None

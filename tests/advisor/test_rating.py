"""A user says what an answer was worth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.taken import Rated, Step
from bot.talk.turns import Pressed, Said

NOW = datetime(2026, 11, 1, tzinfo=UTC)
QUESTION = "責任共有制度とは何ですか"


def _press(kb: KnowledgeBase, taken: Step, label: str) -> Step:
    action = next(button.action for button in taken.replies[-1].buttons if button.label == label)
    return step(kb, taken.conversation, Pressed(action), NOW)


@pytest.fixture
def answered(kb: KnowledgeBase) -> Step:
    return step(kb, Conversation(), Said(QUESTION), NOW)


def test_every_answer_asks_how_it_was(answered: Step) -> None:
    assert [button.label for button in answered.replies[-1].buttons][-2:] == [phrases.GOOD, phrases.BAD]


@pytest.mark.parametrize("text", ["今日の天気は", "こんにちは", "/help", "/fee"])
def test_what_is_no_answer_does_not(kb: KnowledgeBase, text: str) -> None:
    taken = step(kb, Conversation(), Said(text), NOW)

    assert phrases.GOOD not in {button.label for reply in taken.replies for button in reply.buttons}


def test_praise_is_counted(kb: KnowledgeBase, answered: Step) -> None:
    assert _press(kb, answered, phrases.GOOD).rated == Rated("good", answered.conversation.subject.entry)


@pytest.mark.parametrize(("rating", "label"), list(phrases.SHORTCOMINGS.items()))
def test_blame_asks_what_was_wrong_and_keeps_the_question(kb: KnowledgeBase, answered: Step, rating: str, label: str) -> None:
    asked = _press(kb, answered, phrases.BAD)

    rated = _press(kb, asked, label).rated

    assert asked.rated is None
    assert rated == Rated(rating, answered.conversation.subject.entry, QUESTION)  # type: ignore[arg-type]


def test_a_question_that_is_no_longer_talked_about_is_not_kept(kb: KnowledgeBase, answered: Step) -> None:
    later = step(kb, answered.conversation, Said("台東区の担当支店は？"), NOW)

    rated = step(kb, later.conversation, Pressed(f"v:wrong:{answered.conversation.subject.entry}"), NOW).rated

    assert rated == Rated("wrong", answered.conversation.subject.entry, "")

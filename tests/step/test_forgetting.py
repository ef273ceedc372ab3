"""The wish to have everything erased is carried out, or asked about once; it never passes in silence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Commanded, Forwarded, Pressed, Said, Turn
from tests.talking import knowing

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
KNOWN = knowing(municipality="台東区", employees=15)


def _take(kb: KnowledgeBase, *turns: Turn) -> Step:
    """The last of several steps."""
    conversation, taken = KNOWN, None
    for turn in turns:
        taken = step(kb, conversation, turn, NOW)
        conversation = taken.conversation
    assert taken is not None
    return taken


@pytest.mark.parametrize(
    "turn",
    [
        Commanded("forget"),
        Commanded("forget", "お願いします"),
        Said("/forget"),
        Said("／forget"),
        Said("／ＦＯＲＧＥＴ"),
        Said("/forget@michishirube_bot"),
        Said("/forget 全部お願いします"),
        Said("/forgetお願いします"),
        Said("/forget。"),
        Said("/for\u200bget"),
        Said("\u2060/forget\u200b"),
    ],
)
def test_the_command_erases_however_it_is_written(kb: KnowledgeBase, turn: Turn) -> None:
    taken = _take(kb, turn)

    assert taken.forgets
    assert taken.replies[-1].text == phrases.FORGOTTEN
    assert not taken.conversation.facts


@pytest.mark.parametrize(
    "text",
    [
        "全部消して",
        "ぜんぶ、消してください！",
        "私の情報を消してほしい",
        "個人情報の削除をお願いします",
        "お預かりしているデータを削除していただけますか",
        "会話の履歴って消せますか",
        "今までの会話を忘れて",
        "退会したいです",
        "delete my data",
        "/ forget",
        "/delete",
        "/forget_me",
        "/forget 港区だけ",
    ],
)
def test_the_wish_in_ones_own_words_is_asked_about_once(kb: KnowledgeBase, text: str) -> None:
    asked = _take(kb, Said(text))

    assert not asked.forgets
    assert asked.conversation.facts == KNOWN.facts
    assert "まだ何も消していません" in asked.replies[-1].text
    press = next(one.action for one in asked.replies[-1].buttons if one.label == phrases.FORGET_ALL)
    assert _take(kb, Said(text), Pressed(press)).forgets


@pytest.mark.parametrize("again", ["全部消して", "はい", "お願いします", phrases.FORGET_ALL])
def test_who_agrees_in_words_is_not_asked_again(kb: KnowledgeBase, again: str) -> None:
    assert _take(kb, Said("全部消して"), Said(again)).forgets


@pytest.mark.parametrize("no", ["いいえ", "やめます", phrases.FORGET_NOTHING])
def test_who_declines_is_told_that_nothing_was_erased(kb: KnowledgeBase, no: str) -> None:
    taken = _take(kb, Said("全部消して"), Said(no))

    assert taken.replies[-1].text == phrases.NOT_FORGOTTEN
    assert taken.conversation.facts == KNOWN.facts


def test_within_a_task_one_can_begin_it_anew_instead(kb: KnowledgeBase) -> None:
    asked = _take(kb, Commanded("fee"), Said("全部消して"))

    restart = next(one.action for one in asked.replies[-1].buttons if one.label == phrases.FORGET_RESTART)
    taken = _take(kb, Commanded("fee"), Said("全部消して"), Pressed(restart))
    assert not taken.forgets
    assert taken.conversation.facts


@pytest.mark.parametrize(
    "text", ["全部消して最初から", "ぜんぶ忘れて。一からお願い", "信用情報を消したい", "リセット", "従業員数を消して"]
)
def test_a_text_that_says_something_else_is_not_taken_for_the_wish(kb: KnowledgeBase, text: str) -> None:
    taken = _take(kb, Said(text))

    assert not taken.forgets
    assert phrases.FORGET_ALL not in [button.label for button in taken.replies[-1].buttons]


def test_a_command_that_somebody_else_wrote_erases_nothing(kb: KnowledgeBase) -> None:
    assert not _take(kb, Forwarded("/forget")).forgets


def test_an_unknown_conversation_can_be_erased_too(kb: KnowledgeBase) -> None:
    assert step(kb, Conversation(), Said("／forget"), NOW).forgets

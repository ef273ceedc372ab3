"""A whole step: something is always said, once, and nothing stays that was to be forgotten."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.nlp.encoder import Encoder, Vectors
from bot.nlp.sentence_model import Pieces
from bot.step import step
from bot.step.looking import LONGEST
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.taken import Step
from bot.talk.turns import Commanded, Forwarded, Pressed, Said, Turn

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
FEE: tuple[Turn | str, ...] = (Commanded("fee"), "1200万円を24か月", "均等分割で返します", "区分5", "責任共有の対象です", "港区")
BRANCH: tuple[Turn | str, ...] = (Commanded("desk"), "台東区です")


@dataclass
class Noting:
    """An encoder that notes what it is given."""

    encoder: Encoder
    texts: list[str]
    name: str = "noting"

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return self.encoder.encode(texts)

    def read(self, text: str) -> Pieces:
        self.texts.append(text)
        return self.encoder.read(text)

    def __hash__(self) -> int:
        return id(self)


def _take(kb: KnowledgeBase, *turns: Turn | str) -> Step:
    """The last of several turns of one conversation."""
    conversation = Conversation()
    for turn in turns:
        taken = step(kb, conversation, Said(turn) if isinstance(turn, str) else turn, NOW)
        conversation = taken.conversation
    return taken


def _text(taken: Step) -> str:
    return "\n".join(reply.text for reply in taken.replies)


@pytest.mark.parametrize("before", [(), (Commanded("fee"),), FEE, BRANCH], ids=["at first", "asked", "fee told", "branch told"])
@pytest.mark.parametrize(
    "text",
    ["わからない", "はい", "いいえ", "戻る", "やめる", "最初から", "結果", "答えたくない", "なぜ？", "それって何？", "…あ", "OK"],
)
def test_nothing_leaves_the_bot_without_a_word(kb: KnowledgeBase, before: tuple[Turn | str, ...], text: str) -> None:
    taken = _take(kb, *before, text)

    assert taken.replies
    assert all(reply.text.strip() for reply in taken.replies)


def test_a_task_that_is_done_is_changed_by_a_correction(kb: KnowledgeBase) -> None:
    assert "165,600円" in _text(_take(kb, *FEE))

    taken = _take(kb, *FEE, "やっぱり一括でした")

    assert "返済方法を「均等の分割」から「一括」に直しました" in _text(taken)
    assert "276,000円" in _text(taken)


def test_an_answer_after_a_result_names_its_source(kb: KnowledgeBase) -> None:
    assert "出典：" in _text(_take(kb, *BRANCH, "責任共有制度とは何ですか"))


def test_an_answer_within_a_task_is_short_and_leads_back(kb: KnowledgeBase) -> None:
    taken = _take(kb, Commanded("fee"), "責任共有制度とは何ですか")

    assert "責任共有制度" in taken.replies[0].text
    assert taken.conversation.asked.slot == "amount"
    assert "必要ですか" in taken.replies[-1].text


def test_a_branch_that_is_asked_for_is_told_once(kb: KnowledgeBase) -> None:
    assert _text(_take(kb, "台東区の窓口は？")).count("03-3847-3171") == 1


def test_of_a_place_in_several_municipalities_each_is_a_button(kb: KnowledgeBase) -> None:
    asked = _take(kb, Commanded("desk"), "本町です")
    labels = [button.label for reply in asked.replies for button in reply.buttons]

    assert {"渋谷区", "中野区"} <= set(labels)


def test_after_forgetting_nothing_is_left(kb: KnowledgeBase) -> None:
    assert _take(kb, *FEE, Commanded("forget")).conversation == Conversation()


def test_the_same_message_twice_says_that_it_is_said_again(kb: KnowledgeBase) -> None:
    taken = _take(kb, Commanded("help"), Commanded("help"))

    assert taken.replies[0].text.startswith(phrases.AGAIN)


def test_what_is_to_be_passed_on_is_never_prefixed(kb: KnowledgeBase) -> None:
    forwarded = _take(kb, Forwarded("責任共有制度とは何ですか"))
    plain = next(button for button in forwarded.replies[0].buttons if button.label == phrases.FORWARD_PLAIN)

    again = step(kb, forwarded.conversation, Pressed(plain.action), NOW)

    assert again.replies[0].text == forwarded.replies[0].text


def test_a_decision_is_told_with_the_step(kb: KnowledgeBase) -> None:
    assert _take(kb, Commanded("fee"), "500万円").why == ("facts",)
    assert _take(kb, Commanded("fee")).why == ()


@pytest.mark.parametrize("sign", ["ﷺ", "㍿", "あ", "十"])
@pytest.mark.parametrize(
    "as_turn", [Said, Forwarded, lambda text: Commanded("search", text), lambda text: Commanded("branch", text)]
)
def test_of_a_text_without_end_so_much_is_read_as_when_it_is_folded(
    kb: KnowledgeBase, sign: str, as_turn: Callable[[str], Turn]
) -> None:
    read: list[str] = []
    noting = replace(kb, encoder=Noting(kb.encoder, read), index=copy.copy(kb.index))
    noting.index._encoder = noting.encoder

    step(noting, Conversation(), as_turn(f"台東区の窓口は{sign * 4096}"), NOW)

    assert read
    assert max(map(len, read)) <= LONGEST + len(" 担当支店")


def test_who_writes_more_than_is_read_is_told_so(kb: KnowledgeBase) -> None:
    assert phrases.LONG_TEXT in _text(_take(kb, f"台東区の窓口は{'ﷺ' * 100}"))
    assert phrases.LONG_TEXT not in _text(_take(kb, f"台東区の窓口は{'ﷺ' * 40}"))

"""How a plan is carried out: every part of it gets its due, in one order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogs import wording
from bot.knowledge.base import KnowledgeBase
from bot.step import acting
from bot.step.reading import Understood
from bot.talk.acts import Reading, Told, Value
from bot.talk.conversation import Asked, Conversation, Task
from bot.talk.plan import Plan
from bot.talk.taken import Step
from bot.understanding.utterance import Utterance
from tests.talking import knowing

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


def _told(slot: str, value: Value) -> Told:
    return Told(slot, "…", 0, 1, value)


def _act(kb: KnowledgeBase, conversation: Conversation, plan: Plan, text: str = "…") -> Step:
    reading = Reading(text, ("ask",) if plan.answer else ())
    return acting.act(Understood(kb, text, Utterance.of(kb, text, NOW.date()), reading, plan, NOW), conversation)


def _in_fee(**facts: Value) -> Conversation:
    return replace(knowing(**facts), tasks=(Task("fee"),), asked=Asked("months", 1))


def _text(taken: Step) -> str:
    return "\n".join(reply.text for reply in taken.replies)


def _in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_an_answer_comes_before_the_task_goes_on(kb: KnowledgeBase) -> None:
    plan = Plan(keep=(_told("months", 24),), answer=True)

    text = _text(_act(kb, _in_fee(amount=12_000_000), plan, "責任共有制度とは何ですか"))

    assert _in_order(text, "責任共有制度】", "借入期間：2年（24か月）", "料率の区分")


def test_what_changes_is_said_before_what_follows_from_it(kb: KnowledgeBase) -> None:
    plan = Plan(keep=(_told("amount", 12_000_000), _told("months", 24)), corrects=True, result=True)

    text = _text(_act(kb, _in_fee(amount=5_000_000), plan))

    changed = wording.CHANGED.format(label="借りたい額", before="500万円", after="1,200万円")
    assert _in_order(text, changed, "信用保証料は 108,000円", "料率の区分（1～9）はわかりますか")


def test_thanks_are_returned_before_everything_else(kb: KnowledgeBase) -> None:
    text = _text(_act(kb, _in_fee(), Plan(social=("thank",), keep=(_told("amount", 5_000_000),))))

    assert _in_order(text, "どういたしまして", "借りたい額：500万円", "どれくらいの期間")


def test_a_correction_takes_the_place_of_several_answers(kb: KnowledgeBase) -> None:
    talk = replace(knowing(needs=("fairs", "ip")), tasks=(Task("roadmap"),), asked=Asked("municipality", 1))

    after = _act(kb, talk, Plan(keep=(_told("needs", ("info",)),), corrects=True)).conversation

    assert after.value("needs") == ("info",)


def test_several_answers_add_up_where_nothing_is_corrected(kb: KnowledgeBase) -> None:
    talk = replace(knowing(needs=("fairs",)), tasks=(Task("roadmap"),), asked=Asked("municipality", 1))

    after = _act(kb, talk, Plan(keep=(_told("needs", ("info",)),))).conversation

    assert after.value("needs") == ("fairs", "info")


def test_another_task_lies_on_top_and_uses_what_is_known(kb: KnowledgeBase) -> None:
    taken = _act(kb, _in_fee(amount=5_000_000, municipality="港区"), Plan(begin="loan"))

    assert [task.id for task in taken.conversation.tasks] == ["fee", "loan"]
    assert "前にうかがった内容を使います" in _text(taken)
    assert "借りたい額：500万円" in _text(taken)


def test_stopping_leaves_the_facts_and_goes_on_below(kb: KnowledgeBase) -> None:
    talk = replace(_in_fee(amount=5_000_000), tasks=(Task("loan"), Task("fee")))

    taken = _act(kb, talk, Plan(move="cancel"))

    assert [task.id for task in taken.conversation.tasks] == ["loan"]
    assert taken.conversation.value("amount") == 5_000_000
    assert _in_order(_text(taken), "終わりました", "何に使うお金ですか")


def test_going_back_takes_the_last_answer_away(kb: KnowledgeBase) -> None:
    talk = replace(_in_fee(amount=5_000_000), tasks=(Task("fee", order=("amount",)),))

    taken = _act(kb, talk, Plan(move="back"))

    assert taken.conversation.value("amount") is None
    assert taken.conversation.asked.slot == "amount"
    assert wording.BACK in _text(taken)


def test_what_is_not_known_is_left_open_and_what_that_costs_is_said(kb: KnowledgeBase) -> None:
    talk = _in_fee(amount=5_000_000)

    taken = _act(kb, talk, Plan(leave="unknown"))

    assert taken.conversation.task is not None
    assert taken.conversation.task.open_ == ("months",)
    assert kb.content.slots["months"].matters in _text(taken)
    assert taken.conversation.asked.slot == "fee_class"


def test_the_third_time_that_nothing_is_understood_the_question_is_passed_over(kb: KnowledgeBase) -> None:
    talk, texts = _in_fee(amount=5_000_000), []
    for _ in range(3):
        taken = _act(kb, talk, Plan(missed=True))
        talk = taken.conversation
        texts.append(_text(taken))

    assert len(set(texts)) == 3
    assert [button.action for button in taken.replies[-1].buttons if button.action == "h:ask"] == []
    assert talk.asked.slot == "fee_class"
    assert talk.task is not None
    assert talk.task.open_ == ("months",)


def test_a_value_still_to_be_told_is_asked_for(kb: KnowledgeBase) -> None:
    taken = _act(kb, _in_fee(amount=5_000_000), Plan(corrects=True, change="amount"))

    assert taken.conversation.value("amount") is None
    assert taken.conversation.asked.slot == "amount"
    assert "「借りたい額」を直します" in _text(taken)


def test_a_question_is_explained_with_its_source_and_asked_again(kb: KnowledgeBase) -> None:
    talk = replace(Conversation(), tasks=(Task("size"),), asked=Asked("employees", 1))

    why, clarified = _act(kb, talk, Plan(explain="why")), _act(kb, talk, Plan(explain="clarify"))

    assert kb.content.slots["employees"].why in _text(why)
    assert "出典：" in _text(clarified)
    assert why.conversation.asked.slot == clarified.conversation.asked.slot

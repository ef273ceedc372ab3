"""How a task goes on: the result so far, the next question, and what fits a phone's screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.dialogs import agenda, asking, wording
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog
from bot.step import step
from bot.talk.acts import Value
from bot.talk.conversation import Asked, Conversation, Task
from bot.talk.replies import Reply
from bot.talk.screen import LINES, lines_of
from bot.talk.turns import Pressed
from tests.talking import knowing

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
RICH: dict[str, dict[str, Value]] = {
    "fee": {
        "amount": 12_000_000,
        "months": 24,
        "fee_class": 5,
        "sharing": "shared",
        "repayment": "equal",
        "municipality": "中央区",
    },
    "loan": {
        "purpose": ("working", "equipment"),
        "trouble": ("sales-down", "prices"),
        "business_age": 40,
        "amount": 8_000_000,
        "industry": "retail-food",
        "employees": 3,
        "barriers": ("none",),
        "collateral": ("none",),
        "municipality": "中央区",
    },
    "size": {"industry": "manufacturing", "employees": 15, "capital": 10_000_000, "barriers": ("none",), "municipality": "港区"},
    "roadmap": {
        "country": "タイ",
        "bases": "no",
        "plan_ready": "making",
        "needs": ("info", "ip", "fairs", "funds"),
        "municipality": "台東区",
    },
    "bond": {
        "net_assets": 600_000_000,
        "equity": "25",
        "multiple": "2",
        "return": "11",
        "coverage": "2.5",
        "amount": 100_000_000,
        "municipality": "港区",
    },
    "kyosai": {"premium": 100_000, "paid_months": 30, "loss": 20_000_000},
    "plan": {"which": "executed", "day": "2026-10-31", "municipality": "港区"},
}


def _dialog(kb: KnowledgeBase, name: str) -> Dialog:
    found = agenda.dialog_of(kb, name)
    assert found is not None
    return found


def _in_task(name: str, **facts: Value) -> Conversation:
    return replace(knowing(**facts), tasks=(Task(name),))


def _onward(kb: KnowledgeBase, conversation: Conversation, *lead: str, answered: bool = False) -> tuple[Conversation, Reply]:
    assert conversation.task is not None
    return asking.onward(kb, conversation, _dialog(kb, conversation.task.id), NOW, lead, answered=answered)


def _conclude(kb: KnowledgeBase, conversation: Conversation, *lead: str) -> tuple[Conversation, Reply]:
    assert conversation.task is not None
    return asking.conclude(kb, conversation, _dialog(kb, conversation.task.id), NOW, lead)


def test_the_first_question_is_asked_plainly(kb: KnowledgeBase) -> None:
    following, reply = _onward(kb, _in_task("fee"))

    assert reply.text == _dialog(kb, "fee").asks[0].question
    assert following.asked == Asked("amount", 1)
    assert [button.label for button in reply.buttons] == [wording.BUTTON_UNKNOWN]


def test_what_was_said_comes_first_then_the_result_so_far_then_one_question(kb: KnowledgeBase) -> None:
    following, reply = _onward(kb, _in_task("fee", amount=12_000_000), "承知しました。")

    lead, so_far, question = reply.text.split("\n")
    assert lead == "承知しました。"
    assert so_far.startswith(wording.SO_FAR.format(head="信用保証料は、1年あたり"))
    assert question == _dialog(kb, "fee").asks[1].question
    assert following.asked == Asked("months", 1)
    assert wording.BUTTON_RESULT in [button.label for button in reply.buttons]


def test_without_anything_useful_there_is_no_result_so_far(kb: KnowledgeBase) -> None:
    _, reply = _onward(kb, _in_task("fee"), "承知しました。")

    assert wording.SO_FAR.partition("{")[0] not in reply.text
    assert wording.BUTTON_RESULT not in [button.label for button in reply.buttons]


def test_a_question_asked_again_comes_in_other_words_every_time(kb: KnowledgeBase) -> None:
    talk, texts = _in_task("fee"), []
    for _ in range(1 + len(wording.AGAIN)):
        talk, reply = _onward(kb, talk)
        texts.append(reply.text)

    assert len(set(texts)) == len(texts)
    assert talk.asked == Asked("amount", len(texts))
    assert wording.BUTTON_UNKNOWN in texts[-1]


def test_after_an_answer_the_question_is_led_back_to_in_other_words_every_time(kb: KnowledgeBase) -> None:
    talk, _ = _onward(kb, _in_task("loan", purpose=("working",)))
    texts = []
    for _ in range(len(wording.ANSWERED)):
        talk, reply = _onward(kb, talk, answered=True)
        texts.append(reply.text)

    assert len(set(texts)) == len(texts)
    assert all(wording.SO_FAR.partition("{")[0] not in text for text in texts)


def test_another_question_is_not_one_asked_again(kb: KnowledgeBase) -> None:
    following, reply = _onward(kb, replace(_in_task("fee", amount=5_000_000), asked=Asked("amount", 3, 1)))

    assert reply.text.endswith(_dialog(kb, "fee").asks[1].question)
    assert following.asked == Asked("months", 1)


def test_with_nothing_left_to_ask_the_whole_result_comes(kb: KnowledgeBase) -> None:
    following, reply = _onward(kb, _in_task("fee", **RICH["fee"]))

    assert "信用保証料は 165,600円です。" in reply.text
    assert following.task is not None
    assert following.task.done
    assert following.asked == Asked()


def test_the_result_before_the_end_names_what_is_open_and_asks_on(kb: KnowledgeBase) -> None:
    known = _in_task("fee", amount=12_000_000, months=24, repayment="lump", municipality="港区")
    talk = replace(known, tasks=(Task("fee", ("fee_class",)),))

    following, reply = _conclude(kb, talk)

    assert "信用保証料は 108,000円～456,000円です。" in reply.text
    assert f"■ {wording.OPEN_POINTS}" in reply.text
    assert "・料率の区分：" in reply.text
    assert reply.text.endswith(kb.content.slots["sharing"].question)
    assert following.asked == Asked("sharing", 1)
    assert following.task is not None
    assert not following.task.done


def test_where_nothing_can_be_said_yet_it_is_said_what_is_needed(kb: KnowledgeBase) -> None:
    talk, first = _conclude(kb, _in_task("bond"))
    _, second = _conclude(kb, talk)

    assert _dialog(kb, "bond").asks[0].question in first.text
    assert first.text != second.text


@pytest.mark.parametrize("dialog", RICH)
def test_a_result_fits_the_screen_or_holds_notes_and_desks_back(kb: KnowledgeBase, dialog: str) -> None:
    _, reply = _conclude(kb, _in_task(dialog, **RICH[dialog]))

    held_back = not any(block.kind == "desk" for block in reply.blocks)
    assert lines_of(reply.text) <= LINES or held_back
    assert any(block.kind == "source" for block in reply.blocks)


def test_what_does_not_fit_comes_with_the_next_press(kb: KnowledgeBase) -> None:
    following, reply = _conclude(kb, _in_task("loan", **RICH["loan"]))
    more = next(button for button in reply.buttons if button.action == "more")

    rest = step(kb, following, Pressed(more.action), NOW)

    assert reply.more
    assert rest.replies[0].blocks[: len(reply.more)] == reply.more
    assert not set(reply.more) & set(reply.blocks)


def test_what_fits_has_nothing_behind_it(kb: KnowledgeBase) -> None:
    following, reply = _conclude(kb, _in_task("sharing", guarantee="starting"))

    assert lines_of(reply.text) <= LINES
    assert not reply.more
    assert not following.subject.more


def test_buttons_say_what_they_answer_wherever_they_are_pressed(kb: KnowledgeBase) -> None:
    loan = _dialog(kb, "loan")
    purpose = kb.content.slots["purpose"]

    buttons = asking.option_buttons(loan, purpose)

    assert [button.label for button in buttons] == [
        *(option.label for option in purpose.options if option.shown),
        wording.BUTTON_UNKNOWN,
    ]
    assert buttons[0].action == f"s:loan:purpose:{purpose.options[0].id}"
    assert buttons[-1].action == "u:loan:purpose"


def test_what_was_told_offers_the_dialogs_that_ask_for_it(kb: KnowledgeBase) -> None:
    offered = asking.fitting(kb, Conversation(), ("months", "fee_class"))

    assert offered[0].id == "fee"
    assert len(offered) <= 3
    assert asking.fitting(kb, Conversation(), ("no-such-slot",)) == []


def test_what_few_dialogs_use_tells_which_is_wanted(kb: KnowledgeBase) -> None:
    general = knowing(industry="wholesale", employees=32, capital=15_000_000)
    abroad = knowing(industry="wholesale", employees=32, capital=15_000_000, needs=("local-staff",))

    assert asking.fitting(kb, general, ("capital",))[0].id == "loan"
    assert asking.fitting(kb, abroad, ("capital",))[0].id == "roadmap"
    assert asking.told_for(kb, general) is None
    assert asking.told_for(kb, abroad) == _dialog(kb, "roadmap")


def test_a_result_asks_its_open_question_in_other_words_the_second_time(kb: KnowledgeBase) -> None:
    first, reply = _conclude(kb, _in_task("fee", amount=5_000_000))
    _, again = _conclude(kb, first)

    assert reply.blocks[-1].text != again.blocks[-1].text

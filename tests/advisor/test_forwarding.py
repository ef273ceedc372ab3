"""A desk forwards customers' questions and passes the answers on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.step.passing import MOST_PASSED
from bot.talk import phrases
from bot.talk.replies import Reply
from bot.talk.turns import Forwarded, Pressed, Said, Turn
from tests.talking import knowing

NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Desk:
    """A desk's conversation with the bot."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.conversation = knowing(municipality="港区")

    def take(self, turn: Turn) -> Reply:
        taken = step(self.kb, self.conversation, turn, NOW)
        self.conversation = taken.conversation
        (reply,) = taken.replies
        return reply

    def press(self, label: str, reply: Reply) -> Reply:
        return self.take(Pressed(next(button.action for button in reply.buttons if button.label == label)))


@pytest.fixture
def desk(kb: KnowledgeBase) -> Desk:
    return Desk(kb)


def test_the_answer_can_be_read_by_the_customer(desk: Desk) -> None:
    reply = desk.take(Forwarded("信用保証料の計算方法を教えてください"))

    assert reply.text.startswith(phrases.FORWARD_OPENING)
    assert "出典：" in reply.text
    assert "情報の最終確認：" in reply.text
    assert "送っていただくと" not in reply.text
    assert [button.label for button in reply.buttons] == ["そのまま転送用", "詳しく", "別の候補"]


def test_the_desk_is_that_of_the_customers_ward_not_of_ones_own(desk: Desk) -> None:
    reply = desk.take(Forwarded("台東区の会社です。担当の支店はどこですか"))

    assert "上野支店" in reply.text
    assert desk.conversation.municipality == "港区"


def test_the_plain_text_has_no_buttons(desk: Desk) -> None:
    reply = desk.take(Forwarded("信用保証料の計算方法を教えてください"))

    plain = desk.press("そのまま転送用", reply)

    assert plain.text == reply.text
    assert not plain.buttons


def test_in_detail_it_says_all_that_would_follow(desk: Desk) -> None:
    reply = desk.take(Forwarded("マル経融資とは何ですか"))

    detail = desk.press("詳しく", reply)

    assert len(detail.text) >= len(reply.text)
    assert detail.text.index("出典：") > detail.text.index("【")


def test_another_entry_can_be_chosen(desk: Desk) -> None:
    reply = desk.take(Forwarded("信用保証料の計算方法を教えてください"))
    others = desk.press("別の候補", reply)

    other = desk.take(Pressed(others.buttons[0].action))

    assert others.buttons[0].label in other.text
    assert desk.press("そのまま転送用", other).text == other.text


def test_what_is_not_sure_is_for_the_desk_to_choose(desk: Desk) -> None:
    reply = desk.take(Forwarded("台東区で飲食店をやっています。店を広げたいのですが、何か補助はありますか？"))

    assert phrases.FORWARD_OPENING not in reply.text
    assert "上野支店（台東区の担当）" in reply.text


def test_of_several_in_a_row_each_keeps_its_buttons(desk: Desk) -> None:
    first = desk.take(Forwarded("信用保証料の計算方法を教えてください"))
    desk.take(Forwarded("台東区の担当支店はどこですか"))

    assert desk.press("そのまま転送用", first).text == first.text


def test_very_old_buttons_say_so(desk: Desk) -> None:
    first = desk.take(Forwarded("信用保証料の計算方法を教えてください"))
    for _ in range(MOST_PASSED):
        desk.take(Forwarded("台東区の担当支店はどこですか"))

    assert desk.press("そのまま転送用", first).text == phrases.OLD_BUTTON


def test_thanks_are_no_question(desk: Desk) -> None:
    assert desk.take(Forwarded("ありがとうございました！")).text == phrases.FORWARD_NO_QUESTION


@pytest.mark.parametrize(
    "action", ["f:p:x", "f:e:1", "f:e:1:nothing", "f:", "f:z:1", "y:", "n:nothing", "v:good:abl-hosho", "v:wrong:"]
)
def test_forged_buttons_are_old_ones(desk: Desk, action: str) -> None:
    desk.take(Forwarded("信用保証料の計算方法を教えてください"))

    assert desk.take(Pressed(action)).text == phrases.OLD_BUTTON


def test_a_command_in_a_forwarded_text_is_not_obeyed(desk: Desk) -> None:
    desk.take(Said("/forget"))
    desk.conversation = knowing(municipality="港区")

    desk.take(Forwarded("/forget"))

    assert desk.conversation.municipality == "港区"

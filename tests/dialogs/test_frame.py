"""The frame of facts: what is kept, what changes, what adds up."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs import frame, wording
from bot.dialogs.frame import Taken
from bot.knowledge.base import KnowledgeBase
from bot.talk.acts import Told, Value
from bot.talk.conversation import Asked, Conversation, Fact
from tests.talking import knowing

NOW = "2026-11-23T10:00:00+09:00"


def _told(slot: str, value: Value | None, *, low: int | None = None, vague: bool = False) -> Told:
    return Told(slot, "…", 0, 1, value, low, vague)


def _take(kb: KnowledgeBase, conversation: Conversation, *told: Told, corrects: bool = False) -> Taken:
    return frame.take(kb, conversation, told, NOW, corrects=corrects)


def test_a_fact_is_kept_with_its_time_and_named(kb: KnowledgeBase) -> None:
    taken = _take(kb, Conversation(), _told("amount", 5_000_000), _told("municipality", "台東区"))

    assert taken.conversation.facts == {"amount": Fact(5_000_000, NOW), "municipality": Fact("台東区", NOW)}
    assert taken.heard == ("借りたい額：500万円", "区市町村：台東区")
    assert taken.slots == ("amount", "municipality")
    assert taken.changes == ()


def test_a_range_and_a_rough_number_stay_what_they_are(kb: KnowledgeBase) -> None:
    taken = _take(kb, Conversation(), _told("employees", 3, low=2, vague=True), _told("amount", 8_000_000, vague=True))

    assert taken.conversation.facts["employees"] == Fact(3, NOW, vague=True, low=2)
    assert taken.heard == ("従業員数：2人～3人", "借りたい額：約800万円")


def test_another_value_takes_the_place_of_the_one_before(kb: KnowledgeBase) -> None:
    taken = _take(kb, knowing(amount=5_000_000), _told("amount", 8_000_000))

    assert taken.conversation.value("amount") == 8_000_000
    assert taken.changes == (wording.CHANGED.format(label="借りたい額", before="500万円", after="800万円"),)
    assert taken.heard == ()


def test_the_same_value_again_is_no_change(kb: KnowledgeBase) -> None:
    taken = _take(kb, knowing(amount=5_000_000), _told("amount", 5_000_000))

    assert taken.changes == ()
    assert taken.heard == ("借りたい額：500万円",)


def test_where_several_answers_are_possible_they_add_up(kb: KnowledgeBase) -> None:
    taken = _take(kb, knowing(needs=("info",)), _told("needs", ("ip", "info")))

    assert taken.conversation.value("needs") == ("info", "ip")
    assert taken.changes == ()


def test_none_of_them_goes_with_no_other_answer(kb: KnowledgeBase) -> None:
    none = kb.content.slots["trouble"].no
    assert none

    asked = replace(knowing(trouble=("prices",)), asked=Asked("trouble"))
    nothing = _take(kb, asked, _told("trouble", (none,)))
    something = _take(kb, knowing(trouble=(none,)), _told("trouble", ("prices",)))

    assert nothing.conversation.value("trouble") == (none,)
    assert something.conversation.value("trouble") == ("prices",)
    assert len(nothing.changes) == len(something.changes) == 1


def test_one_of_several_things_denied_in_passing_leaves_what_was_told_of_another(kb: KnowledgeBase) -> None:
    trouble, bases = kb.content.slots["trouble"], kb.content.slots["bases"]

    dear = _take(kb, knowing(trouble=("prices",)), _told("trouble", (trouble.no,)))
    exporting = _take(kb, knowing(bases=bases.yes), replace(_told("bases", bases.no), confidence=0.7))
    corrected = _take(kb, knowing(bases=bases.yes), _told("bases", bases.no), corrects=True)

    assert dear.conversation.value("trouble") == ("prices",)
    assert dear.heard == (f"{trouble.label}：原材料や光熱費が上がった",)
    assert exporting.conversation.value("bases") == bases.yes
    assert corrected.conversation.value("bases") == bases.no


def test_the_old_value_in_a_correction_is_told_for_nothing_else(kb: KnowledgeBase) -> None:
    taken = _take(kb, knowing(business_age=10), _told("business_age", 36), _told("paid_months", 10), corrects=True)

    assert taken.conversation.value("business_age") == 36
    assert taken.conversation.value("paid_months") is None


def test_what_has_no_value_or_no_slot_is_passed_over(kb: KnowledgeBase) -> None:
    taken = _take(kb, Conversation(), _told("amount", None), _told("no-such-slot", 3))

    assert taken == Taken(Conversation())


def test_what_follows_from_a_fact_goes_with_it(kb: KnowledgeBase) -> None:
    form = _take(kb, knowing(entity="corporation", form="npo"), _told("entity", "sole"))
    hours = _take(kb, knowing(part_timers=3, essential="yes"), _told("part_timers", 5))

    assert set(form.conversation.facts) == {"entity"}
    assert set(hours.conversation.facts) == {"part_timers"}


def test_the_conversation_before_stays_as_it_was(kb: KnowledgeBase) -> None:
    before = knowing(amount=5_000_000)

    _take(kb, before, _told("amount", 1), _told("months", 12))

    assert before == knowing(amount=5_000_000)


def test_every_fact_is_a_line(kb: KnowledgeBase) -> None:
    conversation = knowing(months=24, municipality="港区", trouble=("prices", "disaster"), capital=0)
    labels = {option.id: option.label for option in kb.content.slots["trouble"].options}

    lines = frame.lines(kb, conversation)

    assert sorted(lines) == sorted(
        ["借入期間：2年（24か月）", "区市町村：港区", f"お困りごと：{labels['prices']}、{labels['disaster']}", "資本金：なし"]
    )
    assert frame.lines(kb, conversation, [kb.content.slots["months"]]) == ["借入期間：2年（24か月）"]


def test_a_button_tells_what_its_option_says(kb: KnowledgeBase) -> None:
    one = frame.pressed(kb, Conversation(), kb.content.slots["entity"], "sole")
    several = frame.pressed(kb, Conversation(), kb.content.slots["needs"], "ip")

    assert (one.slot, one.value) == ("entity", "sole")
    assert several.value == ("ip",)

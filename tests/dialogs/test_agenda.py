"""The agenda: what lies on top, what is still to ask, what it comes to so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.dialogs import agenda
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog
from bot.talk.acts import Value
from bot.talk.conversation import Asked, Conversation, Task
from tests.talking import knowing

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


def _dialog(kb: KnowledgeBase, name: str) -> Dialog:
    found = agenda.dialog_of(kb, name)
    assert found is not None
    return found


def _asks(kb: KnowledgeBase, name: str, **facts: Value) -> list[str]:
    left = agenda.remaining(_dialog(kb, name), Task(name), knowing(**facts))
    return [slot.id for slot in left.ask]


def test_a_task_lies_on_top_of_those_before(kb: KnowledgeBase) -> None:
    talk = agenda.open_task(agenda.open_task(Conversation(), _dialog(kb, "loan")), _dialog(kb, "fee"))

    assert [task.id for task in talk.tasks] == ["loan", "fee"]
    assert talk.task == Task("fee")


def test_a_task_opened_again_comes_up_with_what_was_left_open(kb: KnowledgeBase) -> None:
    talk = Conversation(tasks=(Task("fee", ("fee_class",)), Task("loan")), asked=Asked("purpose", 2))

    again = agenda.open_task(talk, _dialog(kb, "fee"))

    assert again.tasks == (Task("loan"), Task("fee", ("fee_class",)))
    assert again.asked == Asked()


def test_what_is_done_makes_room_and_the_oldest_goes_when_there_are_too_many(kb: KnowledgeBase) -> None:
    done = agenda.open_task(Conversation(tasks=(Task("fee", done=True),)), _dialog(kb, "loan"))
    talk = Conversation()
    for name in ("fee", "loan", "bond", "plan"):
        talk = agenda.open_task(talk, _dialog(kb, name))

    assert [task.id for task in done.tasks] == ["loan"]
    assert [task.id for task in talk.tasks] == ["loan", "bond", "plan"]
    assert len(talk.tasks) == agenda.MOST_OPEN


def test_a_task_that_ends_leaves_its_facts(kb: KnowledgeBase) -> None:
    talk = agenda.open_task(knowing(amount=5_000_000), _dialog(kb, "fee"))

    closed = agenda.close_task(talk, _dialog(kb, "fee"))

    assert closed.tasks == ()
    assert closed.value("amount") == 5_000_000


def test_a_task_begun_anew_forgets_what_it_asks_and_nothing_else(kb: KnowledgeBase) -> None:
    known = knowing(amount=5_000_000, municipality="港区", employees=3)
    talk = replace(known, tasks=(Task("fee", ("months",), ("amount",)),), asked=Asked("months", 2))

    anew = agenda.restart(talk, _dialog(kb, "fee"))

    assert set(anew.facts) == {"employees"}
    assert anew.tasks == (Task("fee"),)
    assert anew.asked == Asked()


def test_a_task_of_another_version_is_passed_over(kb: KnowledgeBase) -> None:
    found = agenda.under_way(kb, Conversation(tasks=(Task("fee"), Task("of-another-version"))))

    assert found is not None
    assert found[0].id == "fee"
    assert agenda.under_way(kb, Conversation(tasks=(Task("of-another-version"),))) is None


def test_dialogs_are_found_by_command_and_by_the_entry_beside_them(kb: KnowledgeBase) -> None:
    by_command, near = agenda.by_command(kb, "eligible"), agenda.near(kb, "hoshoryo-calc")

    assert by_command is not None
    assert by_command.id == "size"
    assert near is not None
    assert near.id == "fee"
    assert agenda.by_command(kb, "nothing") is None


def test_slots_are_asked_in_the_order_of_the_dialog(kb: KnowledgeBase) -> None:
    assert _asks(kb, "fee") == [slot.id for slot in _dialog(kb, "fee").asks]
    assert _asks(kb, "fee", amount=5_000_000, repayment="lump") == ["months", "fee_class", "sharing", "municipality"]


def test_what_was_left_open_is_not_asked_and_still_known_to_be_open(kb: KnowledgeBase) -> None:
    left = agenda.remaining(_dialog(kb, "fee"), Task("fee", ("months", "amount")), knowing(amount=1_000_000))

    assert "months" not in [slot.id for slot in left.ask]
    assert [slot.id for slot in left.open_] == ["months"]


@pytest.mark.parametrize(
    ("dialog", "facts", "skipped"),
    [
        ("fee", {"payments": 24}, {"months"}),
        ("fee", {"rate": "1.15"}, {"fee_class", "sharing"}),
        ("roadmap", {"bases": "yes"}, {"plan_ready", "bases"}),
        ("roadmap", {"bases": "no"}, {"bases"}),
        ("size", {"form": "npo"}, {"capital", "essential"}),
        ("size", {"form": "union"}, {"essential"}),
        ("size", {"part_timers": 4}, set()),
        ("kyosai", {}, {"premium", "paid_months", "loss"}),
        ("kyosai", {"trouble": ("bankruptcy",)}, {"paid_months", "loss"}),
        ("kyosai", {"premium": 50_000}, {"business_age", "industry", "employees", "capital", "premium"}),
    ],
)
def test_what_a_fact_makes_needless_is_not_asked(
    kb: KnowledgeBase, dialog: str, facts: dict[str, Value], skipped: set[str]
) -> None:
    asked = set(_asks(kb, dialog, **facts))

    assert {slot.id for slot in _dialog(kb, dialog).asks} - asked == skipped


def test_there_is_a_result_from_the_first_useful_fact_on(kb: KnowledgeBase) -> None:
    fee = _dialog(kb, "fee")

    nothing = agenda.result(kb, fee, Conversation(), NOW)
    yearly = agenda.result(kb, fee, knowing(amount=12_000_000), NOW)
    whole = agenda.result(kb, fee, knowing(amount=12_000_000, months=24, fee_class=5, repayment="equal"), NOW)

    assert not nothing.useful
    assert "1年あたり" in yearly.head
    assert "165,600円" in whole.head


def test_a_result_looks_only_at_what_its_dialog_asks_or_hears(kb: KnowledgeBase) -> None:
    known = knowing(amount=12_000_000, trouble=("disaster",))

    assert agenda.answers(_dialog(kb, "fee"), known) == {"amount": 12_000_000}


@pytest.mark.parametrize("dialog", ["roadmap", "loan", "fee", "size", "bond", "kyosai", "sharing", "plan", "documents", "branch"])
def test_every_dialog_comes_to_something_without_any_fact(kb: KnowledgeBase, dialog: str) -> None:
    result = agenda.result(kb, _dialog(kb, dialog), Conversation(), NOW)

    assert result.head

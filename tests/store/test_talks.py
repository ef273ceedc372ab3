"""Conversations as text: what is written is read, and those of the version before lose nothing that is known."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.store import talks
from bot.talk.conversation import VERSION, Asked, Conversation, Fact, Offer, Passed, Subject, Task
from bot.talk.replies import Block, Button
from bot.talk.turns import Commanded, Said

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
BEFORE: dict[str, object] = {
    "municipality": "台東区",
    "entity": "corporation",
    "focus": "abl-hosho",
    "asked": "ABLとは",
    "others": ["sekinin-kyoyu"],
    "more": [{"kind": "facts", "lines": ["・一行"], "heading": "限度額"}],
    "buttons": [{"label": "続き", "action": "more", "beside": False}],
    "talked": 2,
    "profile": {"industry": "retail-food", "employees": 5, "capital": 10_000_000, "country": "タイ"},
    "dialogs": [
        {
            "id": "fee",
            "answers": {"amount": 12_000_000, "repayment": "equal", "fee_class": "5"},
            "order": ["amount", "repayment", "fee_class"],
            "open_": ["sharing"],
            "asked": "months",
            "times": 2,
            "misses": 1,
            "done": False,
            "confirming": "",
        }
    ],
    "laid_by": [
        {
            "id": "loan",
            "answers": {"amount": 3_000_000, "purpose": ["equipment"], "age": "young", "barriers": ["default"]},
            "order": [],
            "open_": [],
            "asked": "",
            "times": 0,
            "misses": 0,
            "done": True,
            "confirming": "",
        }
    ],
    "last_turn": "2026-11-20T10:00:00+09:00",
    "said": "0011223344556677",
    "ticked": {"docs-assen": [0, 2]},
    "passed": [{"number": 3, "question": "保証料は", "entry": ""}],
    "told": ["abl-hosho"],
    "desk": True,
    "wording": False,
    "quiet": True,
    "version": 2,
}
"""A conversation as version 2 stored it, with something in every field."""


def _read(**changes: object) -> Conversation:
    found = talks.load(json.dumps(BEFORE | changes, ensure_ascii=False))
    assert found is not None
    return found


def test_what_is_written_is_read() -> None:
    talk = Conversation(
        facts={"municipality": Fact("港区", "2026-11-23T10:00:00+09:00"), "needs": Fact(("info", "ip"), vague=True, low=1)},
        tasks=(Task("loan", ("trouble",), ("amount",)), Task("fee", done=True)),
        asked=Asked("purpose", 2, 1),
        offer=Offer("begin", "plan"),
        subject=Subject("abl-hosho", "ABLとは", (Block("text", ("続き",)),), ("sekinin-kyoyu",)),
        buttons=(Button("はい", "d:fee", beside=True),),
        said=("00", "11"),
        passed=(Passed(1, "質問"),),
    )

    assert talks.load(talks.dump(talk)) == talk


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '"text"', '{"facts": 3}', '{"version": "x"}', '{"version": 2, "profile": 3}']
)
def test_what_is_no_conversation_is_none(text: str) -> None:
    assert talks.load(text) is None


def test_ward_form_and_profile_of_the_version_before_are_facts() -> None:
    talk = _read(dialogs=[], laid_by=[])

    assert (talk.municipality, talk.entity) == ("台東区", "corporation")
    assert {slot: fact.value for slot, fact in talk.facts.items()} == {
        "municipality": "台東区",
        "entity": "corporation",
        "industry": "retail-food",
        "employees": 5,
        "capital": 10_000_000,
        "country": "タイ",
    }
    assert talk.version == VERSION


def test_answers_in_dialogs_are_facts_and_the_newest_count() -> None:
    talk = _read()

    assert talk.value("amount") == 12_000_000
    assert talk.value("repayment") == "equal"
    assert talk.value("fee_class") == 5
    assert talk.value("purpose") == ("equipment",)


def test_what_goes_by_another_name_now_is_found_under_it() -> None:
    roadmap = {"id": "roadmap", "answers": {"plan": "making", "decided": "both"}, "order": ["plan", "decided"], "asked": "needs"}
    eligible = {"id": "eligible", "answers": {"circumstances": ["none"], "employees": 9}, "asked": "plan"}

    talk = _read(dialogs=[roadmap, eligible])

    assert talk.value("business_age") == "young"
    assert talk.value("barriers") == ("arrears",)
    assert talk.value("plan_ready") == "making"
    assert [task.id for task in talk.tasks] == ["roadmap", "size"]
    assert talk.tasks[0].order == ("plan_ready",)
    assert talk.asked.slot == "plan_ready"
    assert not {"decided", "circumstances", "plan", "age"} & set(talk.facts)


def test_the_dialog_under_way_is_the_task_under_way() -> None:
    talk = _read()

    assert talk.tasks == (Task("fee", ("sharing",), ("amount", "repayment", "fee_class")),)
    assert talk.asked == Asked("months", 2, 1)


def test_everything_else_is_as_it_was() -> None:
    talk = _read()

    assert talk.subject == Subject("abl-hosho", "ABLとは", (Block("facts", ("・一行",), "限度額"),), ("sekinin-kyoyu",))
    assert talk.buttons == (Button("続き", "more"),)
    assert talk.ticked == {"docs-assen": (0, 2)}
    assert talk.passed == (Passed(3, "保証料は"),)
    assert (talk.told, talk.talked, talk.last_turn) == (("abl-hosho",), 2, "2026-11-20T10:00:00+09:00")
    assert (talk.desk, talk.wording, talk.quiet) == (True, False, True)
    assert talk.said == ("0011223344556677",)


def test_an_empty_conversation_of_the_version_before_is_an_empty_one() -> None:
    assert talks.load('{"version": 2}') == Conversation()


def test_every_fact_of_the_version_before_is_one_that_dialogs_know(kb: KnowledgeBase) -> None:
    assert set(_read().facts) <= set(kb.content.slots)


def test_a_dialog_of_the_version_before_goes_on(kb: KnowledgeBase) -> None:
    talk = _read(last_turn="2026-11-23T09:00:00+09:00")

    after = step(kb, talk, Said("24か月"), NOW)
    shown = step(kb, after.conversation, Commanded("profile"), NOW)

    assert after.conversation.task is not None
    assert after.conversation.task.id == "fee"
    assert after.conversation.value("months") == 24
    assert "165,600円" in after.replies[-1].text
    assert "区市町村：台東区" in shown.replies[0].text


def test_what_is_written_of_it_is_of_this_version() -> None:
    talk = _read()

    assert talks.load(talks.dump(talk)) == talk
    assert json.loads(talks.dump(talk))["version"] == VERSION

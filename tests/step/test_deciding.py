"""What follows from an utterance: every row of the table, their order, and what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.labels import ACTS, Act
from bot.step.deciding import TABLE, decide
from bot.talk.acts import Reading, Told
from bot.talk.conversation import Asked, Conversation, Fact, Offer, Subject, Task
from bot.talk.plan import Plan

ALONE = Conversation()
ASKED = Conversation(tasks=(Task("fee"),), asked=Asked("amount", 1))
OFFERED = Conversation(offer=Offer("begin", "fee"))

AMOUNT = Told("amount", "500万円", 0, 5, 5_000_000)
MONTHS = Told("months", "24か月", 6, 10, 24)
UNREAD = Told("amount", "そこそこ", 0, 4)

ROWS = [row.name for row in TABLE]


def _reading(*acts: Act, told: tuple[Told, ...] = (), begin: str = "", sure: float = 0.95) -> Reading:
    """An utterance with some acts, each as sure as told."""
    confidence = tuple((act, sure if act in acts else 0.01) for act in ACTS)
    return Reading("…", acts, begin, told, confidence)


CASES: list[tuple[tuple[str, ...], Conversation, Reading, Plan]] = [
    (("yes or no to an offer",), OFFERED, _reading("affirm"), Plan(accept=True)),
    (("yes or no to an offer",), OFFERED, _reading("deny"), Plan(accept=False)),
    (("yes or no to an offer",), Conversation(offer=Offer("cancel", "fee")), _reading("cancel"), Plan(accept=True)),
    (("greeting, thanks, small talk",), ALONE, _reading("greet"), Plan(social=("greet",))),
    (("greeting, thanks, small talk",), ASKED, _reading("chat", "thank"), Plan(social=("thank", "chat"))),
    (
        ("more of the answer",),
        Conversation(subject=Subject(entry="sekinin-kyoyu")),
        replace(_reading("ask"), text="もっと詳しく"),
        Plan(answer=True),
    ),
    (("a plea to go on",), ASKED, replace(_reading("greet"), text="お願いします"), Plan(result=True)),
    (("a person is wanted",), ASKED, _reading("handover"), Plan(move="handover")),
    (("stop",), ASKED, _reading("cancel"), Plan(move="cancel")),
    (("from the beginning",), ASKED, _reading("restart"), Plan(move="restart")),
    (("the question before",), ASKED, _reading("back"), Plan(move="back")),
    (("what was told",), ASKED, _reading("review"), Plan(move="review")),
    (
        ("a correction without the new value",),
        ASKED,
        replace(_reading("correct"), taken_back="months"),
        Plan(corrects=True, change="months"),
    ),
    (("facts",), ASKED, _reading("inform", told=(AMOUNT, MONTHS)), Plan(keep=(AMOUNT, MONTHS))),
    (("facts",), ASKED, _reading("correct", told=(AMOUNT,)), Plan(keep=(AMOUNT,), corrects=True)),
    (("not known",), ASKED, _reading("unknown"), Plan(leave="unknown")),
    (("not told",), ASKED, _reading("refuse"), Plan(leave="refuse")),
    (("a task",), ALONE, _reading("begin", begin="loan"), Plan(begin="loan")),
    (("why is it asked",), ASKED, _reading("why"), Plan(explain="why")),
    (("what is meant",), ASKED, _reading("clarify"), Plan(explain="clarify")),
    (("a question",), ALONE, _reading("ask"), Plan(answer=True)),
    (("a question",), ASKED, _reading("ask"), Plan(answer=True)),
    (("a question",), ALONE, replace(_reading("chat"), acts=(), named=("abl-hosho",)), Plan(answer=True)),
    (("a question about the question, outside a task",), ALONE, _reading("clarify"), Plan(answer=True)),
    (("a question about the question, outside a task",), ALONE, _reading("why"), Plan(answer=True)),
    (("not covered",), ASKED, _reading("outside"), Plan(outside=True)),
    (("the result",), ASKED, _reading("result"), Plan(result=True)),
    (
        ("the result of what was offered", "the result"),
        Conversation(offer=Offer("begin", "loan")),
        _reading("result"),
        Plan(begin="loan", result=True),
    ),
    (
        ("facts", "facts outside a task"),
        ALONE,
        _reading("inform", told=(AMOUNT,)),
        Plan(keep=(AMOUNT,), acknowledge=True),
    ),
    (("only a guess",), ALONE, _reading("inform", sure=0.4), Plan(answer=True)),
    (("nothing understood",), ASKED, _reading("inform"), Plan(missed=True)),
    (("facts", "nothing understood"), ASKED, _reading("inform", told=(UNREAD,)), Plan(keep=(UNREAD,), missed=True)),
]


@pytest.mark.parametrize(("why", "conversation", "reading", "plan"), CASES, ids=["+".join(case[0]) for case in CASES])
def test_what_follows_and_which_rows_say_so(
    why: tuple[str, ...], conversation: Conversation, reading: Reading, plan: Plan
) -> None:
    assert decide(conversation, reading) == replace(plan, why=why)


def test_every_row_decides_something() -> None:
    assert {name for case in CASES for name in case[0]} == set(ROWS)


def test_staff_can_read_every_row() -> None:
    assert len(set(ROWS)) == len(ROWS)
    assert all(row.says for row in TABLE)


def test_an_utterance_gets_everything_that_it_calls_for_in_the_order_of_the_table() -> None:
    reading = _reading("thank", "correct", "ask", "outside", "result", told=(MONTHS,))

    plan = decide(ASKED, reading)

    assert plan.why == ("greeting, thanks, small talk", "facts", "a question", "not covered", "the result")
    assert plan == Plan(("thank",), keep=(MONTHS,), corrects=True, answer=True, outside=True, result=True, why=plan.why)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("facts", "a question"),
        ("a correction without the new value", "a question"),
        ("facts", "a task"),
        ("stop", "facts"),
        ("facts", "the result"),
        ("a question", "the result"),
        ("the result", "nothing understood"),
    ],
)
def test_facts_come_before_answers_and_answers_before_results(earlier: str, later: str) -> None:
    assert ROWS.index(earlier) < ROWS.index(later)


@pytest.mark.parametrize(
    ("conversation", "reading", "plan"),
    [
        (OFFERED, _reading("affirm", "thank"), Plan(accept=True)),
        (ASKED, _reading("handover", "ask", "inform", told=(AMOUNT,)), Plan(move="handover")),
        (replace(ASKED, offer=Offer("cancel", "fee")), _reading("cancel"), Plan(accept=True)),
    ],
    ids=["an offer taken", "a person wanted", "stopping agreed to"],
)
def test_a_final_row_leaves_nothing_to_later_ones(conversation: Conversation, reading: Reading, plan: Plan) -> None:
    decided = decide(conversation, reading)

    assert replace(decided, why=()) == plan
    assert next(row for row in TABLE if row.name == decided.why[-1]).final


@pytest.mark.parametrize(
    "reading",
    [_reading("affirm", told=(AMOUNT,)), _reading("affirm", "ask"), _reading("affirm", "begin", begin="loan")],
    ids=["a fact", "a question", "another task"],
)
def test_a_yes_that_says_more_is_no_answer_to_the_offer(reading: Reading) -> None:
    assert decide(OFFERED, reading).accept is None


def test_the_numbers_of_a_general_question_are_not_the_users_own() -> None:
    plan = decide(ASKED, _reading("ask", told=(AMOUNT,)))

    assert plan.keep == ()
    assert plan.answer
    assert not plan.missed


@pytest.mark.parametrize("act", ["ask", "outside", "chat", "why"])
def test_what_stands_in_what_tells_nothing_is_not_kept(act: Act) -> None:
    assert decide(ASKED, _reading(act, told=(AMOUNT, MONTHS))).keep == ()


def test_what_is_told_beside_a_question_is_kept() -> None:
    plan = decide(ASKED, _reading("inform", "ask", told=(AMOUNT,)))

    assert plan.keep == (AMOUNT,)
    assert plan.answer


def test_a_wish_keeps_what_comes_with_it() -> None:
    plan = decide(ALONE, _reading("begin", begin="fee", told=(AMOUNT, MONTHS)))

    assert (plan.begin, plan.keep) == ("fee", (AMOUNT, MONTHS))


def test_the_slot_that_was_asked_is_heard_even_in_doubt() -> None:
    doubtful = (replace(AMOUNT, confidence=0.5), replace(MONTHS, confidence=0.5))

    assert decide(ASKED, _reading(told=doubtful)).keep == doubtful[:1]


def test_a_wish_for_the_result_is_no_doubtful_answer_to_what_was_asked() -> None:
    doubtful = (replace(AMOUNT, confidence=0.5),)

    assert decide(ASKED, _reading("result", told=doubtful)).keep == ()
    assert decide(ASKED, _reading("result", told=(AMOUNT,))).keep == (AMOUNT,)


def test_what_is_told_anew_is_kept_although_the_text_seems_to_be_about_something_else() -> None:
    known = replace(ALONE, facts={"amount": Fact(3_000_000)})

    plan = decide(known, _reading("outside", told=(AMOUNT,)))
    unknown = decide(ALONE, _reading("outside", told=(AMOUNT,)))

    assert (plan.keep, plan.outside, plan.acknowledge) == ((AMOUNT,), False, True)
    assert (unknown.keep, unknown.outside) == ((), True)


@pytest.mark.parametrize("text", ["お願いします", "よろしくお願いします", "お願い"])
def test_a_mere_plea_takes_an_offer_or_brings_the_result(text: str) -> None:
    plea = replace(_reading("greet"), text=text)

    assert decide(OFFERED, plea).accept
    assert decide(ASKED, plea).result
    assert decide(ALONE, plea).social == ("greet",)


def test_a_statement_in_a_task_is_no_question_where_it_asks_nothing_by_its_form() -> None:
    sure = tuple((act, {"inform": 0.6, "ask": 0.5}.get(act, 0.0)) for act in ACTS)
    states = replace(_reading("inform", "ask", told=(AMOUNT,)), confidence=sure, text="500万円を使う場合です")

    assert not decide(ASKED, states).answer
    assert decide(ASKED, replace(states, text="500万円だといくら")).answer


def test_not_knowing_means_nothing_where_nothing_was_asked() -> None:
    assert decide(ALONE, _reading("unknown")).leave == ""
    assert decide(ALONE, _reading("refuse")).leave == ""


def test_a_name_beside_an_answer_is_no_question() -> None:
    plan = decide(ASKED, replace(_reading("inform", told=(AMOUNT,)), named=("abl-hosho",)))

    assert plan.keep == (AMOUNT,)
    assert not plan.answer


@given(
    st.sampled_from([ALONE, ASKED, OFFERED]),
    st.lists(st.sampled_from(ACTS), max_size=4, unique=True),
    st.sets(st.sampled_from([AMOUNT, MONTHS, UNREAD]), max_size=2),
    st.floats(min_value=0.3, max_value=1.0),
)
def test_within_a_task_no_utterance_is_passed_over(
    conversation: Conversation, acts: list[Act], told: set[Told], sure: float
) -> None:
    reading = _reading(*acts, told=tuple(told), begin="loan" if "begin" in acts else "", sure=sure)

    plan = decide(conversation, reading)

    assert decide(conversation, reading) == plan
    assert [name for name in ROWS if name in plan.why] == list(plan.why)
    if conversation.task is not None:
        assert plan.why

"""What the network sees of an utterance, and what it says of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.talk.acts import Setting
from bot.understanding.deciding import acts_of, slots_of, task_of
from bot.understanding.features import MOST_NEAR, NEAR, WIDE, Features, features
from bot.understanding.mentions import KINDS
from bot.understanding.network import Network, Scores
from bot.understanding.utterance import Utterance
from bot.understanding.weights import shipped

TODAY = date(2026, 11, 23)
ASKED = Setting("fee", "amount")
TEXTS = [
    "1200万円を24か月借ります。保証料はいくら？",
    "こんにちは",
    "うちの店、台東区です",
    "?",
    " ",
    "a" * 1_500,
    "😀",
    "ｾｰﾌﾃｨﾈｯﾄ５号",
]


def _features(kb: KnowledgeBase, text: str, setting: Setting) -> Features:
    return features(Utterance.of(kb, text, TODAY), setting)


def _arrays(one: Features) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    return [one.pieces, one.kinds, one.near, one.sentence, one.wide]


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_text_in_the_same_setting_has_the_same_features(kb: KnowledgeBase, text: str) -> None:
    first, second = _features(kb, text, ASKED), _features(kb, text, ASKED)

    assert all(np.array_equal(one, other) for one, other in zip(_arrays(first), _arrays(second), strict=True))
    assert (first.task, first.asked) == (second.task, second.asked)


@pytest.mark.parametrize("text", TEXTS)
def test_features_keep_within_the_tables_that_they_are_looked_up_in(kb: KnowledgeBase, text: str) -> None:
    found = _features(kb, text, ASKED)
    pieces = len(found.pieces)

    assert found.kinds.shape == (pieces, 2 * len(KINDS))
    assert found.near.shape == (pieces, MOST_NEAR)
    assert found.near.min(initial=0) >= 0
    assert found.near.max(initial=0) < NEAR
    assert len(set(found.wide.tolist())) == len(found.wide)
    assert found.wide.min() >= 0
    assert found.wide.max() < WIDE


def test_the_setting_is_seen_by_its_place_and_an_unknown_one_not_at_all(kb: KnowledgeBase) -> None:
    known = _features(kb, "500万円", Setting("loan", "capital"))
    unknown = _features(kb, "500万円", Setting("of-staff", "of_staff"))

    assert (known.task, known.asked) == (TASKS.index("loan") + 1, SLOTS.index("capital") + 1)
    assert (unknown.task, unknown.asked) == (0, 0)
    assert len(known.wide) > len(unknown.wide)


def test_other_digits_are_the_same_words(kb: KnowledgeBase) -> None:
    one, other = _features(kb, "511万円です", Setting()), _features(kb, "733万円です", Setting())

    shared = len(set(one.wide.tolist()) & set(other.wide.tolist()))
    assert shared > len(one.wide) / 2


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(shipped().arrays)


def _are_probabilities(scores: Scores) -> None:
    for array in (scores.acts, scores.begin, scores.slots, scores.tags):
        assert np.isfinite(array).all()
        assert array.min(initial=0) >= 0
        assert array.max(initial=0) <= 1 + 1e-5
    assert scores.begin.sum() == pytest.approx(1, abs=1e-4)
    assert np.allclose(scores.tags.sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("text", TEXTS)
def test_the_network_gives_a_probability_for_every_label(kb: KnowledgeBase, network: Network, text: str) -> None:
    found = _features(kb, text, ASKED)

    scores = network(found)

    assert scores.acts.shape == (len(ACTS),)
    assert scores.begin.shape == (len(TASKS) + 1,)
    assert scores.slots.shape == (len(SLOTS),)
    assert scores.tags.shape == (len(found.pieces), 1 + 2 * len(SLOTS))
    _are_probabilities(scores)


@given(st.text(max_size=40), st.sampled_from(["", *TASKS]), st.sampled_from(["", *SLOTS]))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_typed_has_probabilities(kb: KnowledgeBase, network: Network, text: str, task: str, asked: str) -> None:
    _are_probabilities(network(_features(kb, text, Setting(task, asked))))


def test_the_network_says_the_same_twice(kb: KnowledgeBase, network: Network) -> None:
    found = _features(kb, TEXTS[0], ASKED)

    first, second = network(found), network(found)

    assert np.array_equal(first.acts, second.acts)
    assert np.array_equal(first.tags, second.tags)


def _scores(acts: dict[str, float], begin: dict[str, float] | None = None, slots: dict[str, float] | None = None) -> Scores:
    return Scores(
        np.array([acts.get(act, 0.01) for act in ACTS], dtype=np.float32),
        np.array([0.0, *((begin or {}).get(task, 0.0) for task in TASKS)], dtype=np.float32),
        np.array([(slots or {}).get(slot, 0.01) for slot in SLOTS], dtype=np.float32),
        np.zeros((0, 1 + 2 * len(SLOTS)), dtype=np.float32),
    )


def _taken(scores: Scores) -> set[str]:
    return {act for act, flag in zip(ACTS, acts_of(scores), strict=True) if flag}


def test_all_likely_acts_are_taken_or_else_the_likeliest() -> None:
    assert _taken(_scores({"inform": 0.9, "ask": 0.6, "thank": 0.2})) == {"inform", "ask"}
    assert _taken(_scores({"ask": 0.2, "chat": 0.1})) == {"ask"}


def test_slots_are_taken_when_they_are_likely() -> None:
    flags = slots_of(_scores({}, slots={"amount": 0.9, "months": 0.2}))

    assert {slot for slot, flag in zip(SLOTS, flags, strict=True) if flag} == {"amount"}


@pytest.mark.parametrize(
    ("acts", "begin", "under_way", "opened"),
    [
        ({"begin": 0.9}, {"loan": 0.9}, "", "loan"),
        ({"begin": 0.9}, {"loan": 0.3, "fee": 0.2}, "", "loan"),
        ({"ask": 0.9}, {"loan": 0.9}, "", ""),
        ({"begin": 0.9}, {"loan": 0.9}, "fee", "loan"),
        ({"begin": 0.9}, {"loan": 0.4, "fee": 0.3}, "fee", ""),
        ({"begin": 0.9}, {"fee": 0.9}, "fee", ""),
    ],
    ids=["wished", "likeliest", "only asked", "another surely", "another in doubt", "the same"],
)
def test_a_task_is_opened_when_it_is_wished_and_within_another_only_surely(
    acts: dict[str, float], begin: dict[str, float], under_way: str, opened: str
) -> None:
    scores = _scores(acts, begin)

    number = task_of(scores, acts_of(scores), TASKS.index(under_way) + 1 if under_way else 0)

    assert (TASKS[number - 1] if number else "") == opened

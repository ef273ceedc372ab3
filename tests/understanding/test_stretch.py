"""Where the words stand that tell a slot."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.labels import SLOTS
from bot.nlp.sentence_model import Array
from bot.understanding.stretches import stretch
from bot.understanding.utterance import Utterance

TEXT = "株式会社で1200万円を24か月借ります"
SLOT = SLOTS.index("amount")


@pytest.fixture
def utterance(kb: KnowledgeBase) -> Utterance:
    return Utterance.of(kb, TEXT, date(2026, 11, 23))


def _tags(utterance: Utterance, likely: dict[int, float]) -> Array:
    tags = np.zeros((len(utterance.pieces.spans), 1 + 2 * len(SLOTS)), dtype=np.float32)
    for piece, sure in likely.items():
        tags[piece, 1 + 2 * SLOT] = sure
    return tags


def _covering(utterance: Utterance, words: str) -> list[int]:
    start = utterance.text.index(words)
    return [number for number, (first, last) in enumerate(utterance.pieces.spans) if first < start + len(words) and start < last]


def _said(utterance: Utterance, likely: dict[int, float]) -> str:
    start, end = stretch(_tags(utterance, likely), SLOT, utterance)
    return utterance.text[start:end]


def test_it_is_around_the_likeliest_piece(utterance: Utterance) -> None:
    (*_, last) = _covering(utterance, "借ります")

    assert _said(utterance, {last: 0.9}) in "借ります"


def test_pieces_beside_it_belong_to_it_while_they_are_likely_too(utterance: Utterance) -> None:
    pieces = _covering(utterance, "株式会社")
    after = pieces[-1] + 1

    said = _said(utterance, {**dict.fromkeys(pieces, 0.9), after: 0.1})

    assert said.startswith("株式会社")
    assert "円" not in said


def test_a_value_is_never_cut_in_two(utterance: Utterance) -> None:
    first, *_ = _covering(utterance, "1200万円")

    assert "1200万円" in _said(utterance, {first: 0.9})


def test_where_no_piece_is_likely_it_is_the_whole_text(utterance: Utterance) -> None:
    assert _said(utterance, {0: 0.1}) == utterance.text
    assert _said(utterance, {}) == utterance.text


def test_both_tags_of_a_slot_count(utterance: Utterance) -> None:
    (*_, last) = _covering(utterance, "借ります")
    tags = _tags(utterance, {})
    tags[last, 2 + 2 * SLOT] = 0.9

    start, end = stretch(tags, SLOT, utterance)

    assert utterance.text[start:end] in "借ります"

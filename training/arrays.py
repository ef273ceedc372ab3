"""Examples as arrays: the features that the bot sees, and the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.examples import Example, Written
from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.nlp.normalize import fold
from bot.talk.acts import Setting
from bot.understanding.features import MOST_NEAR, Features, features
from bot.understanding.utterance import Utterance

Array = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

LONGEST = 128
"""Pieces of an example that are learned from."""

_TODAY = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class Labels:
    """What an utterance means, as arrays; ``tags`` holds for each piece 0, or 1 + 2 × slot (its first piece) or 2 + 2 × slot."""

    acts: Array
    slots: Array
    begin: int
    tags: Ints


@dataclass(frozen=True, slots=True)
class Row:
    """An example taken apart."""

    writer: str
    features: Features
    labels: Labels


def rows(kb: KnowledgeBase, examples: Sequence[Written]) -> list[Row]:
    """Every example as arrays."""
    found = []
    for one in examples:
        utterance = Utterance.of(kb, one.example.text, _TODAY)
        found.append(Row(one.writer, features(utterance, setting(one.example)), _labels(kb, utterance, one.example)))
    return found


def setting(example: Example) -> Setting:
    return Setting(example.task, example.asked)


def _labels(kb: KnowledgeBase, utterance: Utterance, example: Example) -> Labels:
    tags = np.zeros(len(utterance.pieces.spans), dtype=np.int64)
    for slot, said in example.slots.items():
        words = fold(said)
        start = utterance.text.rfind(words)
        if start < 0:  # spelt otherwise than written
            words = fold(kb.speller.spell(words))
            start = utterance.text.rfind(words)
        if start < 0 or not words:
            continue
        inside = [row for row, (first, last) in enumerate(utterance.pieces.spans) if first < start + len(words) and start < last]
        tags[inside] = 2 + 2 * SLOTS.index(slot)
        tags[inside[:1]] = 1 + 2 * SLOTS.index(slot)
    return Labels(
        np.array([act in example.acts for act in ACTS], dtype=np.float32),
        np.array([slot in example.slots for slot in SLOTS], dtype=np.float32),
        TASKS.index(example.begin) + 1 if example.begin else 0,
        tags,
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """Several rows padded to one length; ``there`` is 1 where a piece is."""

    pieces: Array
    kinds: Array
    near: Ints
    there: Array
    sentence: Array
    task: Ints
    asked: Ints
    acts: Array
    slots: Array
    begin: Ints
    tags: Ints


def batch(chosen: Sequence[Row]) -> Batch:
    """Rows side by side; lengths are powers of two, so that few of them have to be compiled for."""
    longest = max(len(row.labels.tags) for row in chosen)
    length = min(LONGEST, max(8, 1 << (longest - 1).bit_length()))
    count = len(chosen)
    made = Batch(
        np.zeros((count, length, chosen[0].features.pieces.shape[1]), dtype=np.float32),
        np.zeros((count, length, chosen[0].features.kinds.shape[1]), dtype=np.float32),
        np.zeros((count, length, MOST_NEAR), dtype=np.int64),
        np.zeros((count, length), dtype=np.float32),
        np.stack([row.features.sentence for row in chosen]),
        np.array([row.features.task for row in chosen]),
        np.array([row.features.asked for row in chosen]),
        np.stack([row.labels.acts for row in chosen]),
        np.stack([row.labels.slots for row in chosen]),
        np.array([row.labels.begin for row in chosen]),
        np.zeros((count, length), dtype=np.int64),
    )
    for place, row in enumerate(chosen):
        size = min(length, len(row.labels.tags))
        made.pieces[place, :size] = row.features.pieces[:size]
        made.kinds[place, :size] = row.features.kinds[:size]
        made.near[place, :size] = row.features.near[:size]
        made.there[place, :size] = 1
        made.tags[place, :size] = row.labels.tags[:size]
    return made


@dataclass(frozen=True, slots=True)
class Logits:
    """What a model says before it is made a probability; rows are utterances."""

    acts: Array
    begin: Array
    slots: Array

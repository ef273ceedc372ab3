"""The trained network in numpy: from features to how likely each act, task and slot is, and what each piece tells.

Two models are weighed against each other. A network over the pieces (convolutions on what the encoder makes of them) sees which
words belong to which slot; a linear model over words and sequences of signs is the better judge of short and common wording. How
much each counts, and how far a score may be trusted, was fitted on writers whom neither had learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.nlp.sentence_model import Array
from bot.understanding.features import Features

SPAN = 5
"""Neighbouring pieces that a convolution sees."""

SENTENCE = 4.0
"""What the sentence's vector, of length 1, is multiplied with to weigh as much as the rest."""

WORDS = 6.0
"""Length of the vector of a text's words and sequences."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities: of each act, of each task (0 is none), of each slot, and for each piece of each tag."""

    acts: Array
    begin: Array
    slots: Array
    tags: Array


class Network:
    """Both models with their weights, and what weighs them against each other."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights

    def __call__(self, features: Features) -> Scores:
        """Everything that the models say of an utterance."""
        tags, acts, begin, slots = self._deep(features)
        wide_acts, wide_begin, wide_slots = np.split(self._wide(features), [len(ACTS), len(ACTS) + len(TASKS) + 1])
        weights = self._weights
        acts = weights["stack_acts"][0] * acts + weights["stack_acts"][1] * wide_acts + weights["stack_acts"][2]
        begin = weights["stack_begin"][0] * begin + weights["stack_begin"][1] * wide_begin
        slots = weights["stack_slots"][0] * slots + weights["stack_slots"][1] * wide_slots + weights["stack_slots"][2]
        return Scores(_sigmoid(acts), _softmax(begin), _sigmoid(slots), tags)

    def _deep(self, features: Features) -> tuple[Array, Array, Array, Array]:
        weights = self._weights
        near = weights["near"][features.near].astype(np.float32)
        near[features.near == 0] = 0
        rows = features.pieces @ weights["pieces"] + features.kinds @ weights["kinds"]
        rows += near.sum(axis=1) * weights["near_scale"]
        rows += weights["asked"][features.asked] + weights["task"][features.task] + weights["pieces_bias"]
        rows = _normed(np.maximum(rows, 0))
        for layer in ("first", "second"):
            seen = _windows(rows) @ weights[layer] + weights[f"{layer}_bias"]
            rows = _normed(rows + np.maximum(seen, 0))
        tags = _softmax(rows @ weights["tags"] + weights["tags_bias"])
        said = (tags[:, 1::2] + tags[:, 2::2]).max(axis=0)
        asked = np.zeros(len(SLOTS) + 1, dtype=np.float32)
        asked[features.asked] = 1
        task = np.zeros(len(TASKS) + 1, dtype=np.float32)
        task[features.task] = 1
        whole = np.concatenate((rows.max(axis=0), rows.mean(axis=0), SENTENCE * features.sentence, asked, task, said))
        hidden = np.maximum(whole @ weights["hidden"] + weights["hidden_bias"], 0)
        acts, begin, slots = np.split(hidden @ weights["out"] + weights["out_bias"], [len(ACTS), len(ACTS) + len(TASKS) + 1])
        acts = acts + (rows @ weights["acts"]).max(axis=0)
        return tags, acts, begin, slots + weights["said"] * (said - 0.5)

    def _wide(self, features: Features) -> Array:
        weights = self._weights
        words = weights["wide"][features.wide].astype(np.float32).sum(axis=0) * weights["wide_scale"]
        words *= WORDS / np.sqrt(max(1, len(features.wide)))
        setting = weights["wide_asked"][features.asked] + weights["wide_task"][features.task]
        return np.asarray(
            words + setting + SENTENCE * features.sentence @ weights["wide_sentence"] + weights["wide_bias"], dtype=np.float32
        )


def _windows(rows: Array) -> Array:
    """Each row with its neighbours; beyond the ends stand zeros."""
    padded = np.zeros((len(rows) + SPAN - 1, rows.shape[1]), dtype=np.float32)
    padded[SPAN // 2 : SPAN // 2 + len(rows)] = rows
    return np.concatenate([padded[place : place + len(rows)] for place in range(SPAN)], axis=1)


def _normed(rows: Array) -> Array:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-5), dtype=np.float32)


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def _sigmoid(scores: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)

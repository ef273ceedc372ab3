"""The linear model over words and sequences of signs of the whole text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.understanding.features import WIDE
from bot.understanding.network import SENTENCE, WORDS
from training.arrays import Array, Logits, Row

_SEEN = 2
"""Examples in which a feature must stand to be learned from."""


def _matrix(rows: Sequence[Row]) -> csr_matrix:
    """A row an example: hashed features, one of the setting, the sentence's vector."""
    counts = [len(row.features.wide) for row in rows]
    values = np.repeat([WORDS / np.sqrt(max(1, count)) for count in counts], counts)
    columns = np.concatenate([row.features.wide for row in rows])
    words = csr_matrix((values, columns, np.concatenate(([0], np.cumsum(counts)))), shape=(len(rows), WIDE))
    asked = np.eye(len(SLOTS) + 1)[[row.features.asked for row in rows]]
    task = np.eye(len(TASKS) + 1)[[row.features.task for row in rows]]
    sentence = SENTENCE * np.stack([row.features.sentence for row in rows])
    return hstack([words, csr_matrix(asked), csr_matrix(task), csr_matrix(sentence)]).tocsr()


def train(rows: Sequence[Row], seed: int) -> dict[str, Array]:
    """Weights of the linear model: for each act, each task that is opened, and each slot."""
    given = _matrix(rows)
    seen = np.asarray((given[:, :WIDE] != 0).sum(axis=0)).ravel() >= _SEEN
    kept = np.concatenate((np.flatnonzero(seen), np.arange(WIDE, given.shape[1])))
    acts = np.stack([row.labels.acts for row in rows]) > 0
    slots = np.stack([row.labels.slots for row in rows]) > 0
    opened = np.array([row.labels.begin for row in rows])
    truths = [*acts.T, *(opened == number for number in range(len(TASKS) + 1)), *slots.T]
    found = np.zeros((given.shape[1], len(truths)), dtype=np.float32)
    bias = np.zeros(len(truths), dtype=np.float32)
    narrow = given[:, kept]
    for column, truth in enumerate(truths):
        model = LogisticRegression(C=1.0, solver="liblinear", random_state=seed).fit(narrow, truth)
        found[kept, column] = model.coef_[0]
        bias[column] = model.intercept_[0]
    words, asked, task, sentence = np.split(found, np.cumsum([WIDE, len(SLOTS) + 1, len(TASKS) + 1]))
    return {"wide": words, "wide_asked": asked, "wide_task": task, "wide_sentence": sentence, "wide_bias": bias}


def logits(weights: dict[str, Array], rows: Sequence[Row]) -> Logits:
    """What weights say of rows."""
    stacked = np.concatenate([weights[name] for name in ("wide", "wide_asked", "wide_task", "wide_sentence")])
    scores = np.asarray(_matrix(rows) @ stacked + weights["wide_bias"])
    return Logits(*np.split(scores, [len(ACTS), len(ACTS) + len(TASKS) + 1], axis=1))

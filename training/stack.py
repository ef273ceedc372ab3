"""What the two models count against each other, and how far their scores may be trusted: fitted on writers they had not learned from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.knowledge.labels import ACTS, SLOTS
from training.arrays import Array, Logits, Row


def fit(deep: Logits, wide: Logits, rows: Sequence[Row]) -> dict[str, Array]:
    """The weights named ``stack_…`` of :class:`bot.understanding.network.Network`."""
    acts = np.stack([row.labels.acts for row in rows])
    slots = np.stack([row.labels.slots for row in rows])
    opened = np.array([row.labels.begin for row in rows])
    by_act = [_two(deep.acts[:, column], wide.acts[:, column], acts[:, column]) for column in range(len(ACTS))]
    by_slot = [_two(deep.slots[:, column], wide.slots[:, column], slots[:, column]) for column in range(len(SLOTS))]
    return {
        "stack_acts": np.array(by_act, dtype=np.float32).T,
        "stack_slots": np.array(by_slot, dtype=np.float32).T,
        "stack_begin": _shared(deep.begin, wide.begin, opened),
    }


def _two(deep: Array, wide: Array, truth: Array) -> tuple[float, float, float]:
    model = LogisticRegression(C=0.5).fit(np.column_stack((deep, wide)), truth > 0)
    first, second = model.coef_[0]
    return float(max(0.0, first)), float(max(0.0, second)), float(model.intercept_[0])


def _shared(deep: Array, wide: Array, truth: Array) -> Array:
    """One weight for each model over all tasks, so that the rare ones are not fitted to a handful of examples."""

    def wrong(scales: Array) -> float:
        scores = scales[0] * deep + scales[1] * wide
        top = scores.max(axis=1)
        return float((top + np.log(np.exp(scores - top[:, None]).sum(axis=1)) - scores[np.arange(len(truth)), truth]).mean())

    return np.asarray(minimize(wrong, np.array([0.5, 0.5]), bounds=[(0, 5), (0, 5)]).x, dtype=np.float32)

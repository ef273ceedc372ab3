"""How well weights understand examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.labels import FAMILIAR
from bot.understanding.deciding import Flags, acts_of, slots_of, task_of
from bot.understanding.network import Network
from training.arrays import Array, Row


@dataclass(frozen=True, slots=True)
class Figures:
    """F1 of acts and of the familiar slots, the share of tasks opened that were, and how often one was opened that was not."""

    acts: float
    slots: float
    opened: float
    falsely: int

    def __str__(self) -> str:
        return f"acts F1 {self.acts:.3f}, slots F1 {self.slots:.3f}, tasks opened {self.opened:.3f}, falsely {self.falsely}"


def figures(weights: Mapping[str, Array], rows: Sequence[Row]) -> Figures:
    """The figures of weights on rows, by the very network of the bot."""
    network = Network(weights)
    scores = [network(row.features) for row in rows]
    acts = np.array([acts_of(one) for one in scores])
    slots = np.array([slots_of(one) for one in scores])
    opened = np.array([task_of(one, acts[place]) for place, one in enumerate(scores)])
    truth = np.array([row.labels.begin for row in rows])
    return Figures(
        f1(np.stack([row.labels.acts for row in rows]) > 0, acts),
        f1(np.stack([row.labels.slots[: len(FAMILIAR)] for row in rows]) > 0, slots[:, : len(FAMILIAR)]),
        float((opened == truth)[truth > 0].mean()),
        int((opened > 0)[truth == 0].sum()),
    )


def f1(truth: Flags, found: Flags) -> float:
    """Micro-averaged F1 of two tables of yes and no."""
    both = float((truth & found).sum())
    return 2 * both / max(1.0, float(truth.sum() + found.sum()))

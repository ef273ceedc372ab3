"""Which acts, slots and task are taken from what the network finds likely."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.knowledge.labels import ACTS
from bot.understanding.network import Scores

Flags = npt.NDArray[np.bool_]

ACT = 0.45
SLOT = 0.45
"""Probabilities from which an act and a slot are taken."""

_BEGIN = ACTS.index("begin")


def acts_of(scores: Scores) -> Flags:
    """The acts that are taken: the likely ones, or else the likeliest one."""
    taken = np.asarray(scores.acts >= ACT)
    if not taken.any():
        taken[int(scores.acts.argmax())] = True
    return taken


def slots_of(scores: Scores) -> Flags:
    return np.asarray(scores.slots >= SLOT)


def task_of(scores: Scores, acts: Flags) -> int:
    """The number of the task that is opened, 0 for none: the likeliest one where the act says that one is."""
    if not acts[_BEGIN]:
        return 0
    return 1 + int(scores.begin[1:].argmax())

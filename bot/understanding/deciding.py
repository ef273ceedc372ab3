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

SWITCH = 0.5
"""Probability from which another task is opened while one is under way."""

_BEGIN = ACTS.index("begin")


def acts_of(scores: Scores) -> Flags:
    """The acts that are taken: the likely ones, or else the likeliest one."""
    taken = np.asarray(scores.acts >= ACT)
    if not taken.any():
        taken[int(scores.acts.argmax())] = True
    return taken


def slots_of(scores: Scores) -> Flags:
    return np.asarray(scores.slots >= SLOT)


def task_of(scores: Scores, acts: Flags, under_way: int = 0) -> int:
    """The number of the task that is opened, 0 for none: the likeliest one where the act says that one is.

    Within a task another one is only opened surely; a wish for the one under way is one for its result.
    """
    if not acts[_BEGIN]:
        return 0
    likeliest = 1 + int(scores.begin[1:].argmax())
    if under_way and (likeliest == under_way or scores.begin[likeliest] < SWITCH):
        return 0
    return likeliest

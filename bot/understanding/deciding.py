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

SWITCH_FROM_RESULT = 0.8
"""The same where the text wishes for the result of the one under way."""

OTHER_WISH, OTHER_TASK = 0.3, 0.7
"""Probability of a wish, and of another task where there is one, from which it is opened although the wish alone is not likely."""

SECOND = 0.12
"""Probability of a second task from which it is wished for beside the first."""

RESULT_TOO = 0.3
"""Probability of a wish for the result from which a last fact comes with one."""

WISH = 0.15
"""Probability of a wish from which facts told outside any task open the one that they are told for."""

ASKED_WISH, ASKED_TASK = 0.3, 0.7
"""The same where the text asks as well: a case that ends in a question is a wish for what would answer it, where that is plainly one task."""

RESULT = 0.15
"""Probability of a wish, for the result or a task, from which a question within a task is one for its result too."""

_BEGIN, _CANCEL, _INFORM, _ASK, _RESULT = (ACTS.index(act) for act in ("begin", "cancel", "inform", "ask", "result"))
_NEVER_GUESSED = [ACTS.index(act) for act in ("begin", "cancel", "restart", "back", "handover")]
"""Acts with consequences: not taken for being merely the likeliest one."""


def acts_of(scores: Scores, under_way: int = 0) -> Flags:
    """The acts that are taken: the likely ones, or else the likeliest one. ``under_way`` is the number of the task, 0 for none."""
    taken = np.asarray(scores.acts >= ACT)
    if under_way and scores.acts[_BEGIN] >= OTHER_WISH and _other(scores, under_way) >= OTHER_TASK:
        taken[_BEGIN] = True
    if under_way and scores.acts[_RESULT] >= RESULT_TOO and scores.acts[_INFORM] >= ACT:
        taken[_RESULT] = True
    if not taken.any():
        harmless = scores.acts.copy()
        harmless[_RESULT] += scores.acts[_BEGIN] if under_way else 0.0
        harmless[_NEVER_GUESSED] = 0.0
        taken[int(harmless.argmax())] = True
    if not under_way and taken[_INFORM] and scores.acts[_BEGIN] >= (WISH if not taken[_ASK] else ASKED_WISH):
        taken[_BEGIN] = taken[_BEGIN] or not taken[_ASK] or _plainly_one(scores)
    if under_way and taken[_ASK] and scores.acts[_RESULT] + scores.acts[_BEGIN] >= RESULT:
        taken[_RESULT] = True
    return taken


def slots_of(scores: Scores) -> Flags:
    return np.asarray(scores.slots >= SLOT)


def _other(scores: Scores, under_way: int) -> float:
    """How likely another task than the one under way is the one wished for, if one is."""
    others = np.delete(scores.begin, [0, under_way])
    return float(others.max() / max(1e-6, 1.0 - scores.begin[0]))


def _plainly_one(scores: Scores) -> bool:
    """Whether there is one task that would be wished for, if one is."""
    return float(scores.begin[1:].max() / max(1e-6, 1.0 - scores.begin[0])) >= ASKED_TASK


def second_task_of(scores: Scores, first: int) -> int:
    """The number of a second task that is wished for in the same text (持ち物とどこの支店か、両方), 0 for none."""
    others = scores.begin.copy()
    others[[0, first]] = 0.0
    second = int(others.argmax())
    return second if others[second] >= SECOND else 0


def task_of(scores: Scores, acts: Flags, under_way: int = 0) -> int:
    """The number of the task that is opened, 0 for none: the likeliest one where the act says that one is.

    Within a task another one is only opened surely, the more so where the text may wish for the result of the one under way; a wish for
    that one is one for its result.
    """
    if not acts[_BEGIN]:
        return 0
    likeliest = 1 + int(scores.begin[1:].argmax())
    least = SWITCH_FROM_RESULT if acts[_RESULT] else SWITCH
    if under_way and not acts[_CANCEL] and (likeliest == under_way or scores.begin[likeliest] < least):
        return 0
    return likeliest

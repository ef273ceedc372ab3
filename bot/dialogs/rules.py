"""Evaluates conditions of rule tables on answers: fulfilled, not fulfilled, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.dialogs.case import Answers
from bot.knowledge.rules import Criterion

Verdict = Literal["met", "not met", "unknown"]
ANY = "*"
"""A value in a rule that every answer fulfils, but for one that nothing is decided yet."""

_UNDECIDED = "undecided"


def holds(answers: Answers, slot: str, values: Sequence[str]) -> bool:
    """Whether an answer is known and is, or has, one of ``values``."""
    value = answers.get(slot)
    if value is None:
        return False
    if ANY in values:
        return value != _UNDECIDED
    return bool(set(value) & set(values)) if isinstance(value, tuple) else str(value) in values


def judge(answers: Answers, criterion: Criterion) -> Verdict:
    """A criterion on an amount in yen or on a choice."""
    value = answers.get(criterion.slot)
    if value is None:
        return "unknown"
    if criterion.values:
        return "met" if holds(answers, criterion.slot, criterion.values) else "not met"
    if not isinstance(value, int):
        return "unknown"
    amount = value
    low, high = criterion.low or 0, criterion.high
    return "met" if low <= amount and (high is None or amount <= high) else "not met"

"""Evaluates conditions of rule tables on answers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs.case import Answers

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

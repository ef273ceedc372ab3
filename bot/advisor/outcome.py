"""Turns search hits into an honest outcome: an answer, two answers side by side, a few choices, or "I don't know"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.search import Hit

ANSWER = 0.60
EITHER = 0.35
CHOICES = 0.22
"""Confidence from which the best entry answers, the best two answer side by side, or the best four are offered."""

MAX_CHOICES = 4

CONSTANT = -6.0
COEFFICIENTS = (2.2, 2.0, 2.0, 2.5, 1.5, 0.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``hits`` holds the one answer, the choices best first, or the nearest things to an unknown question."""

    kind: Literal["answer", "either", "choices", "unknown"]
    hits: tuple[Hit, ...]
    confidence: float


def features(hits: Sequence[Hit]) -> tuple[float, ...]:
    """What the confidence in the best hit rests on: its score, its lead, and its evidence."""
    best = hits[0]
    lead = best.score - hits[1].score if len(hits) > 1 else best.score
    evidence = best.evidence
    return (best.score, min(lead, 0.5), evidence.name, evidence.meaning, evidence.coverage, evidence.phrase)


def confidence(hits: Sequence[Hit]) -> float:
    """How sure the best hit is right, 0 to 1: a logistic model over :func:`features`.

    Fitted on the development questions by ``python -m benchmarks.fit_confidence``.
    """
    if not hits:
        return 0.0
    logit = CONSTANT + sum(weight * value for weight, value in zip(COEFFICIENTS, features(hits), strict=True))
    return 1 / (1 + math.exp(-logit))


def decide(hits: Sequence[Hit]) -> Outcome:
    """The outcome for hits ordered best first."""
    sure = confidence(hits)
    kept = tuple(hits[:MAX_CHOICES])
    if not hits or sure < CHOICES:
        return Outcome("unknown", kept, sure)
    if sure >= ANSWER:
        return Outcome("answer", kept, sure)
    return Outcome("either" if sure >= EITHER and len(hits) > 1 else "choices", kept, sure)

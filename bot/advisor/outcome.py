"""Turns search hits into an honest outcome: an answer, two answers side by side, a few choices, or "I don't know"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.search import Hit

SURE = 0.80
"""Confidence from which an entry answers a text that says or wishes something else too."""

LIKELY = 0.50
"""The same where the text probably asks something."""

ANSWER = 0.60
EITHER = 0.35
CHOICES = 0.24
"""Confidence from which the best entry answers, the best two answer side by side, or the best four are offered."""

MAX_CHOICES = 4

CONSTANT = -3.03
COEFFICIENTS = (6.48, 1.74, 2.07, 0.27)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``hits`` holds the one answer, the choices best first, or the nearest things to an unknown question."""

    kind: Literal["answer", "either", "choices", "unknown"]
    hits: tuple[Hit, ...]
    confidence: float


def features(hits: Sequence[Hit], outside: float) -> tuple[float, ...]:
    """What the confidence in the best hit rests on: its leads and its evidence.

    ``outside`` is the best score of anything that is no entry: small talk, a subject not covered.
    """
    best = hits[0]
    lead = best.score - hits[1].score if len(hits) > 1 else best.score
    evidence = best.evidence
    return (min(lead, 0.5), best.score - outside, evidence.meaning, evidence.coverage)


def confidence(hits: Sequence[Hit], outside: float) -> float:
    """How sure the best hit is right, 0 to 1: a logistic model over :func:`features`.

    Fitted by ``python -m benchmarks.fit_confidence``: on questions of many, searched without those of the same writer, and on texts
    about what is not covered.
    """
    if not hits:
        return 0.0
    values = features(hits, outside)
    logit = CONSTANT + sum(weight * value for weight, value in zip(COEFFICIENTS, values, strict=True))
    return 1 / (1 + math.exp(-logit))


def decide(hits: Sequence[Hit], outside: float) -> Outcome:
    """The outcome for entries found, best first."""
    sure = confidence(hits, outside)
    kept = tuple(hits[:MAX_CHOICES])
    if not hits or sure < CHOICES:
        return Outcome("unknown", kept, sure)
    if sure >= ANSWER:
        return Outcome("answer", kept, sure)
    return Outcome("either" if sure >= EITHER and len(hits) > 1 else "choices", kept, sure)

"""Which part of an entry a question asks for: its limit, its rate, who can use it, where to ask, or what it is at all.

Learned from questions of many people of which it is known what they ask (``understanding/questions/``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.nlp.encoder import Encoder
from bot.nlp.normalize import fold
from bot.nlp.sentence_model import Array
from bot.understanding.options import columns_of

SUMMARY: Final = "summary"
"""The part that tells what an entry is about."""

SIGNS = 3.0
"""What words and signs weigh beside the meaning."""

MOST_FOCUS = 2.0
"""How much a question points at a line counts up to here."""

MOST_LINES = 8

_LEAST = 1e-3
"""Probability of a part that the weights do not know."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of an entry as it may answer: how much the question's words point at its lines, and its place among the parts that words ask for.

    ``cue`` is 0 where a word for this part comes first in the question, 1 where it comes later, ``None`` where none stands there.
    """

    part: str
    focus: float
    cue: int | None
    lines: int


def likelihoods(text: str, weights: Mapping[str, Array], encoder: Encoder) -> dict[str, float]:
    """How likely a question asks for each part, whatever entry it is about."""
    folded = fold(text)
    columns = np.array(columns_of(folded), dtype=np.intp)
    scores = weights["part"][columns].astype(np.float32).sum(axis=0) * weights["part_scale"] * (SIGNS / np.sqrt(len(columns)))
    scores = scores + encoder.encode([folded])[0] @ weights["part_meaning"] + weights["part_bias"]
    raised = np.exp(scores - scores.max())
    return dict(zip(map(str, weights["part_names"]), map(float, raised / raised.sum()), strict=True))


def rank(
    likely: Mapping[str, float], candidates: Sequence[Candidate], weights: Mapping[str, Array]
) -> list[tuple[Candidate, float]]:
    """The candidates with how likely each is the part asked for, the likeliest first."""
    scores = np.array([features(likely, one, candidates) for one in candidates]) @ weights["part_rank"]
    raised = np.exp(scores - scores.max())
    shares = raised / raised.sum()
    return sorted(zip(candidates, map(float, shares), strict=True), key=lambda one: -one[1])


def features(likely: Mapping[str, float], one: Candidate, candidates: Sequence[Candidate]) -> tuple[float, ...]:
    """What a candidate is judged by."""
    asked = any(other.cue is not None for other in candidates)
    return (
        float(np.log(likely.get(one.part, 0.0) + _LEAST)),
        min(one.focus, MOST_FOCUS),
        float(one.cue == 0),
        float(one.cue is not None),
        float(one.part == SUMMARY),
        float(one.part == SUMMARY and not asked),
        min(one.lines, MOST_LINES) / MOST_LINES,
    )

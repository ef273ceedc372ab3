"""Fits the confidence model of :mod:`bot.advisor.outcome`: ``python -m benchmarks.fit_confidence``.

The questions of ``understanding/questions/`` are searched without those of the same group of writers; the best entry is right when it is one
of those that answer. Beside them stand texts of ``understanding/utterances/`` that are only about what is not covered, for which none is
right; as most of these are recognised before, they count less. Prints the coefficients of a logistic regression and, for a range of
thresholds, how many answers would be right, wrong or withheld.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.advisor.judging import found
from bot.advisor.outcome import features
from bot.knowledge.asked import by_entry, read_asked
from bot.knowledge.base import Builder, KnowledgeBase
from bot.knowledge.consistency import load_content
from bot.knowledge.examples import TRAINING, UTTERANCES, read_examples
from bot.nlp.encoder import UniversalSentenceEncoder

Array = npt.NDArray[np.float64]

PENALTY = 0.0001
"""Ridge penalty on the coefficients (not on the constant)."""

GROUPS = 4
OUTSIDE = 0.3
"""What a text about something not covered counts."""

Observed = tuple[list[float], float, float]
"""Features, whether the best entry is right, and what it counts."""


def main() -> int:
    """Fit and print; returns the exit status."""
    folder = Path("knowledge_base")
    asked, problems = read_asked(folder)
    examples, more = read_examples(folder / UTTERANCES)
    if problems or more:
        sys.exit("\n".join(map(str, (*problems, *more))))
    outside = [
        one.example.text
        for one in examples
        if one.at.file.parent.name in TRAINING and not one.example.task and one.example.acts == ["outside"]
    ]
    content = load_content(folder)
    builder = Builder(UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    writers = sorted({at.file.stem for _, at in asked})
    observed: list[Observed] = []
    for group in range(GROUPS):
        held = {writer for number, writer in enumerate(writers) if number % GROUPS == group}
        kept = [(one, at) for one, at in asked if at.file.stem not in held]
        kb = builder.try_out(replace(content, asked=by_entry(kept)))
        cases = [(one.text, one.entries, 1.0) for one, at in asked if at.file.stem in held]
        cases += [(text, [], OUTSIDE) for number, text in enumerate(outside) if number % GROUPS == group]
        observed += _observe(kb, cases)
    rows = np.array([[1.0, *row] for row, _, _ in observed])
    labels, counts = np.array([label for _, label, _ in observed]), np.array([count for _, _, count in observed])
    weights = fit(rows, labels, counts)
    print("constant and coefficients:", ", ".join(f"{weight:.2f}" for weight in weights))
    sure = 1 / (1 + np.exp(-rows @ weights))
    for threshold in np.arange(0.1, 0.95, 0.05):
        answered = sure >= threshold
        right, wrong = int(labels[answered].sum()), int((1 - labels[answered]).sum())
        print(f"threshold {threshold:.2f}: right {right}, wrong {wrong}, withheld {int((~answered).sum())}")
    return 0


def _observe(kb: KnowledgeBase, cases: Sequence[tuple[str, list[str], float]]) -> Iterator[Observed]:
    for text, entries, count in cases:
        every = found(kb, text)
        hits = [hit for hit in every if kb.entry(hit.id) is not None]
        if len(hits) > 1:
            outside = next((hit.score for hit in every if kb.entry(hit.id) is None), 0.0)
            yield list(features(hits, outside)), float(hits[0].id in entries), count


def fit(rows: Array, labels: Array, counts: Array, rounds: int = 20_000, rate: float = 0.5) -> Array:
    """Ridge logistic regression by gradient descent."""
    weights = np.zeros(rows.shape[1])
    for _ in range(rounds):
        error = (1 / (1 + np.exp(-rows @ weights)) - labels) * counts
        ridge = PENALTY * weights
        ridge[0] = 0
        weights -= rate * (rows.T @ error / counts.sum() + ridge)
    return weights


if __name__ == "__main__":
    sys.exit(main())

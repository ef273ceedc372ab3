"""Fits the confidence model of :mod:`bot.advisor.outcome`: ``python -m benchmarks.fit_confidence QUESTIONS.jsonl``.

A question's best entry counts as right when the answer composed from it holds what the question file asks for; for
questions out of scope no entry is right. Prints the coefficients of a logistic regression and, for a range of
thresholds, how many answers would be right, wrong or withheld.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.questions_file import Case, judge, read_cases
from bot.advisor import answers
from bot.advisor.outcome import features
from bot.cli.main import knowledge, settings
from bot.knowledge.base import KnowledgeBase
from bot.talk.conversation import Conversation

PENALTY = 0.002
"""Ridge penalty on the coefficients (not on the constant)."""


def observe(kb: KnowledgeBase, case: Case) -> tuple[list[float], float] | None:
    """Features of a question's best entry and whether it is right; ``None`` where the search is not asked."""
    found = kb.search(case.question, 40)
    hits = [hit for hit in found if kb.entry(hit.id) is not None]
    outside_found = not hits or found[0] is not hits[0]
    if not hits or (case.in_scope and outside_found) or case.style in ("smalltalk", "place", "multi"):
        return None
    outside = next((hit.score for hit in found if kb.entry(hit.id) is None), 0.0)
    entry = kb.content.entries[hits[0].id]
    taken = answers.about(kb, Conversation(), entry, case.question, datetime.now(UTC))
    right = case.in_scope and judge(case, "\n".join(reply.text for reply in taken.replies), "answer") == "right"
    return [1.0, *features(hits, outside)], float(right)


def fit(rows: np.ndarray, labels: np.ndarray, rounds: int = 20_000, rate: float = 0.05) -> np.ndarray:
    """Ridge logistic regression by gradient descent."""
    weights = np.zeros(rows.shape[1])
    for _ in range(rounds):
        error = 1 / (1 + np.exp(-rows @ weights)) - labels
        ridge = PENALTY * weights
        ridge[0] = 0
        weights -= rate * (rows.T @ error / len(labels) + ridge)
    return weights


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    kb = knowledge(settings())
    observed = [one for file in options.files for case in read_cases(file) if (one := observe(kb, case)) is not None]
    rows = np.array([row for row, _ in observed])
    labels = np.array([label for _, label in observed])
    weights = fit(rows, labels)
    print("constant and coefficients:", ", ".join(f"{weight:.2f}" for weight in weights))
    sure = 1 / (1 + np.exp(-rows @ weights))
    for threshold in np.arange(0.1, 0.95, 0.05):
        answered = sure >= threshold
        right, wrong = int(labels[answered].sum()), int((1 - labels[answered]).sum())
        print(
            f"threshold {threshold:.2f}: right {right}, wrong {wrong}, withheld {int((~answered).sum())} (of them right {int(labels[~answered].sum())})"
        )


if __name__ == "__main__":
    main()

"""Which part of an entry a question asks for: a linear model over the question, and one that ranks the parts that an entry has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.advisor.pointing import candidates
from bot.knowledge.asked import Asked
from bot.knowledge.base import KnowledgeBase
from bot.nlp.encoder import Encoder, encode_in_turns
from bot.nlp.normalize import fold
from bot.understanding.options import COLUMNS, columns_of
from bot.understanding.parts import SIGNS, SUMMARY, Candidate, features

_FOLDS = 8
_REGULAR = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """A question, who put it, the part that it asks for, and the parts that the entry it is about has."""

    text: str
    writer: str
    part: str
    candidates: tuple[Candidate, ...]


def examples(kb: KnowledgeBase, asked: Sequence[tuple[Asked, str]]) -> list[Example]:
    """The questions, each with its writer, of which it is known what part of an entry that there is they ask for."""
    found = []
    for one, writer in asked:
        entry = kb.entry(one.entries[0]) if one.entries else None
        if entry is None:
            continue
        has = tuple(candidates(entry, one.text, kb))
        if any(candidate.part == one.part for candidate in has):
            found.append(Example(one.text, writer, one.part, has))
    return found


def train(found: Sequence[Example], encoder: Encoder) -> tuple[dict[str, Any], tuple[float, float]]:
    """Weights, and how often the part asked for comes first, and among the first two, for writers not learned from."""
    names = sorted({one.part for one in found})
    given = _matrix([one.text for one in found], encoder)
    truth = np.array([names.index(one.part) for one in found])
    writers = sorted({one.writer for one in found})
    fold_of = np.array([writers.index(one.writer) % _FOLDS for one in found])
    likely: list[dict[str, float]] = [{} for _ in found]
    for number in sorted(set(fold_of)):
        held = np.flatnonzero(fold_of == number)
        model = _model().fit(given[fold_of != number], truth[fold_of != number])
        for row, shares in zip(held, model.predict_proba(given[held]), strict=True):
            likely[int(row)] = {names[known]: float(share) for known, share in zip(model.classes_, shares, strict=True)}
    first = second = 0
    for number in sorted(set(fold_of)):
        ranking = _ranking([one for one, its in zip(range(len(found)), fold_of, strict=True) if its != number], found, likely)
        for place in map(int, np.flatnonzero(fold_of == number)):
            one = found[place]
            scores = [float(np.dot(ranking, features(likely[place], candidate, one.candidates))) for candidate in one.candidates]
            best = [one.candidates[number].part for number in np.argsort(scores)[::-1][:2]]
            first += best[0] == one.part
            second += one.part in best
    model = _model().fit(given, truth)
    near, meaning = model.coef_.T[:COLUMNS], model.coef_.T[COLUMNS:]
    scale = np.abs(near).max(axis=0) / 127
    scale[scale == 0] = 1
    made = {
        "part_names": np.array(names),
        "part": np.round(near / scale).astype(np.int8),
        "part_scale": scale.astype(np.float32),
        "part_meaning": meaning.astype(np.float16),
        "part_bias": model.intercept_.astype(np.float32),
        "part_rank": _ranking(range(len(found)), found, likely).astype(np.float32),
    }
    return made, (first / len(found), second / len(found))


def _model() -> LogisticRegression:
    return LogisticRegression(C=10.0, max_iter=300)


def _matrix(texts: Sequence[str], encoder: Encoder) -> csr_matrix:
    columns = [columns_of(fold(text)) for text in texts]
    values = np.concatenate([np.full(len(one), SIGNS / np.sqrt(len(one))) for one in columns])
    starts = np.concatenate(([0], np.cumsum([len(one) for one in columns])))
    signs = csr_matrix((values, np.concatenate(columns), starts), shape=(len(texts), COLUMNS))
    return hstack([signs, csr_matrix(encode_in_turns(encoder, [fold(text) for text in texts]))]).tocsr()


def _ranking(rows: Sequence[int] | range, found: Sequence[Example], likely: Sequence[dict[str, float]]) -> Any:
    """What each feature of a candidate counts, by the likelihood of the parts that were asked for."""
    cases = [
        (
            np.array([features(likely[row], one, found[row].candidates) for one in found[row].candidates]),
            next(place for place, one in enumerate(found[row].candidates) if one.part == found[row].part),
        )
        for row in rows
    ]

    def loss(weights: Any) -> tuple[float, Any]:
        total, slope = _REGULAR * float(weights @ weights), 2 * _REGULAR * weights
        for given, right in cases:
            scores = given @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            total -= float(np.log(shares[right] + 1e-12)) / len(cases)
            slope = slope + (shares @ given - given[right]) / len(cases)
        return total, slope

    start = np.zeros(cases[0][0].shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B").x


__all__ = ["SUMMARY", "Example", "examples", "train"]

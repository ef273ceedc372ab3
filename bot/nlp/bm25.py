"""BM25 over weighted fields (BM25F), answered from inverted lists in numpy."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import intern

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bag:
    """A document's terms with what their occurrences count together, and its weighted length."""

    counts: Mapping[str, float]
    length: float


def weigh(fields: Mapping[str, Sequence[str]], weights: Mapping[str, float]) -> Bag:
    """The bag of a document given as terms by field; ``weights`` says how much one occurrence in a field counts."""
    counts: dict[str, float] = defaultdict(float)
    for field, terms in fields.items():
        for term in terms:
            counts[intern(term)] += weights[field]
    return Bag(dict(counts), sum(weights[field] * len(terms) for field, terms in fields.items()))


class Bm25:
    """An index of documents. Length is normalized per document; ``k1`` and ``b`` are BM25's own."""

    def __init__(self, documents: Sequence[Bag], *, k1: float = 1.2, b: float = 0.5) -> None:
        self.size = len(documents)
        lengths = np.array([bag.length for bag in documents])
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, bag in enumerate(documents):
            for term, count in bag.counts.items():
                postings[term][number] = count
        average = float(lengths.mean()) or 1.0 if self.size else 1.0
        norms = k1 * (1 - b + b * lengths / average)
        self._idf: dict[str, float] = {}
        self._postings: dict[str, tuple[npt.NDArray[np.intp], Scores]] = {}
        for term, found in postings.items():
            rows = np.fromiter(found.keys(), dtype=np.intp)
            counts_ = np.fromiter(found.values(), dtype=np.float64)
            self._idf[term] = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            self._postings[term] = (rows, counts_ * (k1 + 1) / (counts_ + norms[rows]))
        self._unseen_idf = math.log(1 + (self.size + 0.5) / 0.5)

    def idf(self, term: str) -> float:
        """How telling a term is; a term that no document holds counts as the rarest."""
        return self._idf.get(term, self._unseen_idf)

    def __contains__(self, term: str) -> bool:
        return term in self._idf

    def scores(self, query: Mapping[str, float]) -> Scores:
        """BM25 of every document for weighted query terms."""
        result = np.zeros(self.size)
        for term, weight in query.items():
            posting = self._postings.get(term)
            if posting is not None:
                rows, values = posting
                result[rows] += weight * self._idf[term] * values
        return result

    def coverage(self, query: Mapping[str, float]) -> Scores:
        """The share of the query's weight of evidence that each document holds, 0 to 1."""
        result = np.zeros(self.size)
        total = 0.0
        for term, weight in query.items():
            total += weight * self.idf(term)
            posting = self._postings.get(term)
            if posting is not None:
                result[posting[0]] += weight * self._idf[term]
        return result / total if total else result

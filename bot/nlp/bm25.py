"""BM25 over weighted fields (BM25F), answered from inverted lists in numpy."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from sys import intern

import numpy as np

from bot.nlp.postings import Postings, Values


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
        average = float(lengths.mean()) or 1.0 if self.size else 1.0
        norms = k1 * (1 - b + b * lengths / average)
        self._postings = Postings([bag.counts for bag in documents])
        counts = np.fromiter(chain.from_iterable(bag.counts.values() for bag in documents), dtype=np.float64)
        counts = counts[self._postings.order]
        self._values: Values = counts * (k1 + 1) / (counts + norms[self._postings.rows])
        holders = self._postings.counts
        self._idf: list[float] = np.log(1 + (self.size - holders + 0.5) / (holders + 0.5)).tolist()
        self._unseen_idf = math.log(1 + (self.size + 0.5) / 0.5)

    def idf(self, term: str) -> float:
        """How telling a term is; a term that no document holds counts as the rarest."""
        found = self._postings.find(term)
        return self._unseen_idf if found is None else self._idf[found[0]]

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def scores(self, query: Mapping[str, float]) -> Values:
        """BM25 of every document for weighted query terms."""
        result = np.zeros(self.size)
        for term, weight in query.items():
            if (found := self._postings.find(term)) is not None:
                number, pairs = found
                result[self._postings.rows[pairs]] += weight * self._idf[number] * self._values[pairs]
        return result

    def coverage(self, query: Mapping[str, float]) -> Values:
        """The share of the query's weight of evidence that each document holds, 0 to 1."""
        result = np.zeros(self.size)
        total = 0.0
        for term, weight in query.items():
            total += weight * self.idf(term)
            if (found := self._postings.find(term)) is not None:
                number, pairs = found
                result[self._postings.rows[pairs]] += weight * self._idf[number]
        return result / total if total else result

"""Cosine between a question and single sentences, by weighted terms, answered from inverted lists in numpy.

BM25 looks at a document as a whole; this looks for the one sentence that says nearly the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


class SentenceCosine:
    """An index of sentences, each with its owner; scores are per owner, by its best sentence."""

    def __init__(self, sentences: Sequence[Collection[str]], owners: Sequence[int], size: int) -> None:
        """``sentences`` are collections of terms; ``owners`` are numbers below ``size``, one a sentence."""
        self._owners = np.array(owners, dtype=np.intp)
        self._size = size
        seen = Counter(term for sentence in sentences for term in set(sentence))
        self._unseen_idf = math.log(1 + len(sentences))
        self._idf = {term: math.log(1 + len(sentences) / count) for term, count in seen.items()}
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, sentence in enumerate(sentences):
            terms = set(sentence)
            norm = math.sqrt(sum(self._idf[term] ** 2 for term in terms)) or 1.0
            for term in terms:
                postings[term].append((number, self._idf[term] / norm))
        self._postings = {
            term: (np.array([number for number, _ in found], dtype=np.intp), np.array([value for _, value in found]))
            for term, found in postings.items()
        }

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """The cosine of each owner's best sentence with weighted terms, 0 to 1."""
        weights = {term: weight * self._idf.get(term, self._unseen_idf) for term, weight in terms.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        by_sentence = np.zeros(len(self._owners))
        for term, weight in weights.items():
            posting = self._postings.get(term)
            if posting is not None:
                by_sentence[posting[0]] += posting[1] * (weight / norm)
        result = np.zeros(self._size)
        np.maximum.at(result, self._owners, by_sentence)
        return result

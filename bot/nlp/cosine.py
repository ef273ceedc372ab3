"""Cosine between a question and single sentences, by weighted terms, answered from inverted lists in numpy.

BM25 looks at a document as a whole; this looks for the one sentence that says nearly the same.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bot.nlp.postings import Postings, Values


class SentenceCosine:
    """An index of sentences, each with its owner; scores are per owner, by its best sentence."""

    def __init__(self, sentences: Sequence[Collection[str]], owners: Sequence[int], size: int) -> None:
        """``sentences`` are collections of terms; ``owners`` are numbers below ``size``, one a sentence."""
        self._owners = np.array(owners, dtype=np.intp)
        self._size = size
        self._unseen_idf = math.log(1 + len(sentences))
        self._postings = Postings([frozenset(sentence) for sentence in sentences])
        idf = np.log(1 + len(sentences) / self._postings.counts)
        values = idf[self._postings.terms]
        norms = np.sqrt(np.bincount(self._postings.rows, values**2, minlength=len(sentences)))
        self._values: Values = values / norms[self._postings.rows]
        self._idf: list[float] = idf.tolist()

    def scores(self, terms: Mapping[str, float]) -> Values:
        """The cosine of each owner's best sentence with weighted terms, 0 to 1."""
        found = {term: self._postings.find(term) for term in terms}
        weights = {
            term: weight * (self._idf[at[0]] if (at := found[term]) else self._unseen_idf) for term, weight in terms.items()
        }
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        by_sentence = np.zeros(len(self._owners))
        for term, weight in weights.items():
            if (at := found[term]) is not None:
                by_sentence[self._postings.rows[at[1]]] += self._values[at[1]] * (weight / norm)
        result = np.zeros(self._size)
        np.maximum.at(result, self._owners, by_sentence)
        return result

"""Inverted lists in flat arrays, made at once: which rows hold a term."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]
Values = npt.NDArray[np.float64]


class Postings:
    """The terms of numbered rows; every row names a term once.

    ``rows`` and ``terms`` have an element for each pair of a row and a term, sorted by term; ``order`` is where the pairs
    stood before. ``counts`` is how many rows hold a term.
    """

    def __init__(self, rows: Sequence[Collection[str]]) -> None:
        self._numbers: dict[str, int] = {}
        number = self._numbers.setdefault
        terms = np.fromiter((number(term, len(self._numbers)) for term in chain.from_iterable(rows)), dtype=np.intp)
        self.order: Rows = np.argsort(terms, kind="stable")
        self.terms: Rows = terms[self.order]
        self.rows: Rows = np.repeat(np.arange(len(rows)), np.fromiter(map(len, rows), dtype=np.intp))[self.order]
        self.counts: Rows = np.bincount(terms, minlength=len(self._numbers))
        self._starts: list[int] = [0, *np.cumsum(self.counts).tolist()]

    def find(self, term: str) -> tuple[int, slice] | None:
        """A term's number and where its pairs stand; ``None`` for one that no row has."""
        number = self._numbers.get(term)
        return None if number is None else (number, slice(self._starts[number], self._starts[number + 1]))

    def __contains__(self, term: str) -> bool:
        return term in self._numbers

"""Finds names inside a question although they are misspelt or wrongly converted.

RapidFuzz compares in two alphabets: as written, and by reading, so that 保障協会 finds 保証協会
(same sound) and 海外知的材産 finds 海外知的財産 (one character off).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.nlp.normalize import hiragana, squeeze
from bot.nlp.tokenizer import reading

_CLAUSE_END = re.compile(r"[。、,!?！？，\n]")

_SHORTEST = 3
"""Names with fewer characters are found by words alone; fuzzy matching would see them everywhere."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a question: whose it is, how alike (0 to 1) and how much of the question it covers."""

    owner: int
    name: str
    likeness: float
    coverage: float


class NameIndex:
    """All names and aliases of all documents, by owner."""

    def __init__(self, names: Sequence[tuple[int, str, str]]) -> None:
        """``names`` holds (owner, name, reading or "")."""
        rows = [(owner, name, squeeze(name), hiragana(squeeze(kana)) or reading(name)) for owner, name, kana in names]
        self._rows = [row for row in rows if len(row[2]) >= _SHORTEST]
        self._short = [row for row in rows if len(row[2]) < _SHORTEST]
        self._written = [row[2] for row in self._rows]
        self._spoken = [row[3] for row in self._rows]

    def mentions(self, question: str, *, floor: float = 0.72) -> list[Mention]:
        """Names that the question holds at least ``floor`` alike, best first."""
        written, spoken = squeeze(question), reading(question)
        if not written:
            return []
        by_writing = self._scores(self._written, written)
        by_sound = self._scores(self._spoken, spoken)
        found = []
        for number, (owner, name, form, kana) in enumerate(self._rows):
            likeness = max(by_writing[number], 0.97 * by_sound[number] if len(kana) >= 5 else 0.0)
            if likeness >= floor:
                found.append(Mention(owner, name, likeness, min(1.0, len(form) / len(written))))
        for owner, name, form, _kana in self._short:
            if form and form in written:
                found.append(Mention(owner, name, 1.0, len(form) / len(written)))
        return sorted(found, key=lambda one: (-one.likeness, -len(one.name)))

    def exact(self, question: str) -> list[int]:
        """Owners of names that stand in the question letter by letter and are not part of a longer name there."""
        written = "\n".join(squeeze(clause) for clause in _CLAUSE_END.split(question))
        taken = [False] * len(written)
        found: list[tuple[int, int]] = []
        for owner, _name, form, _kana in sorted(self._rows, key=lambda row: -len(row[2])):
            start = written.find(form)
            while start >= 0:
                end = start + len(form)
                if not any(taken[start:end]):
                    taken[start:end] = [True] * len(form)
                    found.append((start, owner))
                start = written.find(form, end)
        return list(dict.fromkeys(owner for _, owner in sorted(found)))

    @staticmethod
    def _scores(names: Sequence[str], question: str) -> list[float]:
        """Likeness of each name to its best matching stretch of the question."""
        if not names:
            return []
        result = process.cdist([question], names, scorer=_stretch, score_cutoff=0, workers=1)
        return [float(value) / 100 for value in result[0]]


def _stretch(question: str, name: str, *, processor: object = None, score_cutoff: float | None = None) -> float:
    """Partial ratio, but a name longer than the question must match as a whole."""
    if len(name) > len(question):
        return float(fuzz.ratio(question, name, score_cutoff=score_cutoff))
    return float(fuzz.partial_ratio(question, name, score_cutoff=score_cutoff))

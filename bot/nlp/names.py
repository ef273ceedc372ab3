"""Finds names inside a question although they are misspelt or wrongly converted.

RapidFuzz compares in two alphabets: as written, and by reading, so that 保障協会 finds 保証協会
(same sound) and 海外知的材産 finds 海外知的財産 (one character off).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from bot.nlp.normalize import hiragana, squeeze
from bot.nlp.tokenizer import reading

_CLAUSE_END = re.compile(r"[。、,!?！？，\n]")

_SHORTEST = 3
"""Names with fewer characters are found by words alone; fuzzy matching would see them everywhere."""

_PAIRS = 0.3
"""Of a name's pairs of neighbouring characters, the share that any stretch 72 % like it must hold."""

_SHORTEST_SOUND = 5
"""Shorter readings are shared by too many words."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a question: whose it is, how alike (0 to 1) and how much of the question it covers."""

    owner: int
    name: str
    likeness: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the forms that it is compared in."""

    name: str
    written: str
    spoken: str

    @classmethod
    def of(cls, name: str, kana: str = "") -> Name:
        """``kana`` is the reading where it is known better than the tokenizer knows it."""
        return cls(name, squeeze(name), hiragana(squeeze(kana)) or reading(name))


class NameIndex:
    """All names and aliases of all documents, by owner."""

    def __init__(self, names: Iterable[tuple[int, Name]]) -> None:
        rows = [(owner, one.name, one.written, one.spoken) for owner, one in names]
        self._rows = sorted((row for row in rows if len(row[2]) >= _SHORTEST), key=lambda row: len(row[2]))
        self._short = [row for row in rows if len(row[2]) < _SHORTEST]
        self._written = _Stretches([row[2] for row in self._rows])
        self._spoken = _Stretches([row[3] for row in self._rows])
        self._owners = {row[2]: row[0] for row in self._rows}
        self._lengths = sorted({len(form) for form in self._owners}, reverse=True)
        self._speakable = np.array([len(row[3]) >= _SHORTEST_SOUND for row in self._rows], dtype=bool)

    def mentions(self, question: str, *, floor: float = 0.72) -> list[Mention]:
        """Names that the question holds at least ``floor`` alike, best first."""
        written, spoken = squeeze(question), reading(question)
        if not written:
            return []
        by_writing = self._written.likeness(written, floor)
        by_sound = self._spoken.likeness(spoken, floor)
        likeness = np.maximum(by_writing, np.where(self._speakable, 0.97 * by_sound, 0.0))
        found = []
        for number in np.flatnonzero(likeness >= floor):
            owner, name, form, _kana = self._rows[number]
            found.append(Mention(owner, name, float(likeness[number]), min(1.0, len(form) / len(written))))
        for owner, name, form, _kana in self._short:
            if form and form in written:
                found.append(Mention(owner, name, 1.0, len(form) / len(written)))
        return sorted(found, key=lambda one: (-one.likeness, -len(one.name)))

    def exact(self, question: str) -> list[int]:
        """Owners of names that stand in the question letter by letter and are not part of a longer name there."""
        written = "\n".join(squeeze(clause) for clause in _CLAUSE_END.split(question))
        taken = [False] * len(written)
        found: list[tuple[int, int]] = []
        for length in self._lengths:
            for start in range(len(written) - length + 1):
                owner = self._owners.get(written[start : start + length])
                if owner is not None and not any(taken[start : start + length]):
                    taken[start : start + length] = [True] * length
                    found.append((start, owner))
        return list(dict.fromkeys(owner for _, owner in sorted(found)))


class _Stretches:
    """Names compared with the stretch of a question that is most like them; longer ones with the whole question."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._lengths = np.array([len(name) for name in names], dtype=np.intp)
        self._pairs_needed = np.maximum(1, (self._lengths * _PAIRS).astype(np.intp))
        postings: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(names):
            for pair in _pairs(name):
                postings[pair].append(number)
        self._postings = {pair: np.array(numbers, dtype=np.intp) for pair, numbers in postings.items()}

    def likeness(self, question: str, floor: float) -> np.ndarray:
        """For each name 0 to 1; what lies below ``floor`` is 0."""
        result = np.zeros(len(self._names))
        candidates = self._candidates(question)
        longer = self._lengths[candidates] > len(question)
        for part, scorer in ((candidates[~longer], fuzz.partial_ratio), (candidates[longer], fuzz.ratio)):
            if len(part):
                names = [self._names[number] for number in part]
                result[part] = process.cdist([question], names, scorer=scorer, score_cutoff=floor * 100, workers=1)[0]
        return result / 100

    def _candidates(self, question: str) -> np.ndarray:
        """Names that share enough pairs of neighbouring characters with the question to be alike at all."""
        shared = [self._postings[pair] for pair in _pairs(question) if pair in self._postings]
        if not shared:
            return np.zeros(0, dtype=np.intp)
        counts = np.bincount(np.concatenate(shared), minlength=len(self._names))
        return np.flatnonzero(counts >= self._pairs_needed)


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}

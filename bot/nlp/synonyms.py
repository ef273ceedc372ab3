"""Synonyms: Sudachi's own groups and the staff's table, as extra index terms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from bot.nlp.normalize import fold
from bot.nlp.tokenizer import tokenize

_LATIN = re.compile(r"[a-z]")
_KANJI = re.compile(r"[一-鿿]")


class Synonyms:
    """The staff's groups of phrases; a text that holds one phrase of a group speaks of the whole group.

    Phrases are matched as sequences of normalized words, and longer ones also as written (借り換え in
    借り換えたい, which Sudachi splits differently).
    """

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self._by_phrase: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._written: dict[str, set[int]] = defaultdict(set)
        self._latin: list[tuple[re.Pattern[str], int]] = []
        self._longest = 1
        for number, group in enumerate(groups):
            for phrase in group:
                if re.fullmatch(r"[\x00-\x7f]+", fold(phrase)):
                    self._latin.append((re.compile(rf"(?<![a-z]){re.escape(fold(phrase))}s?(?![a-z])"), number))
                    continue
                key = tuple(token.normal for token in tokenize(phrase))
                self._by_phrase[key].add(number)
                self._longest = max(self._longest, len(key))
                if len(fold(phrase)) >= 3 and _KANJI.search(phrase):
                    self._written[fold(phrase)].add(number)
        self._written_pattern = re.compile("|".join(map(re.escape, sorted(self._written, key=len, reverse=True))) or "(?!)")

    def groups_in(self, text: str) -> set[int]:
        """The numbers of the groups that ``text`` speaks of."""
        normals = tuple(token.normal for token in tokenize(text))
        found: set[int] = set()
        for start in range(len(normals)):
            for length in range(1, min(self._longest, len(normals) - start) + 1):
                found |= self._by_phrase.get(normals[start : start + length], set())
        folded = fold(text)
        for match in self._written_pattern.finditer(folded):
            found |= self._written[match[0]]
        if self._latin and _LATIN.search(folded):
            found |= {number for pattern, number in self._latin if pattern.search(folded)}
        return found


def document_terms(text: str, synonyms: Synonyms) -> list[str]:
    """Index terms of a document: normalized forms, Sudachi's synonym groups, the staff's groups."""
    terms: list[str] = []
    for token in tokenize(text):
        if token.is_content:
            terms.append(token.normal)
            terms += [f"#{group}" for group in token.groups]
    return terms + [f"@{group}" for group in synonyms.groups_in(text)]


def query_terms(text: str, synonyms: Synonyms, *, sudachi_weight: float = 0.3, staff_weight: float = 0.7) -> dict[str, float]:
    """Weighted terms of a question; a synonym counts less than the word itself."""
    terms: dict[str, float] = {}
    for token in tokenize(text):
        if token.is_content:
            terms[token.normal] = 1.0
            for group in token.groups:
                terms[f"#{group}"] = max(terms.get(f"#{group}", 0.0), sudachi_weight / len(token.groups))
    terms |= {f"@{group}": staff_weight for group in synonyms.groups_in(text)}
    return terms

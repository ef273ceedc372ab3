"""Where in an entry the answer to a question stands: its parts and its lines, the likeliest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from bot.advisor import measures
from bot.advisor.asking import asked_parts, focus_terms
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.build import FACT_PARTS
from bot.knowledge.entries import Entry, Line
from bot.nlp.encoder import Encoder, encode_in_turns
from bot.nlp.normalize import fold
from bot.nlp.sentence_model import Array
from bot.nlp.tokenizer import content_tokens, tokenize
from bot.understanding.parts import MOST_FOCUS, SUMMARY, Candidate, likelihoods, rank
from bot.understanding.weights import shipped

WHOLE_PARTS = ("steps", "items", "table", "goals")
"""Parts whose lines belong together."""

_CONTACT_PARTS = ("phone", "address", "area", "hours", "fax")
_ORDER = (*_CONTACT_PARTS, *WHOLE_PARTS, *FACT_PARTS, "programs", "web", "older")
_LAST = ("web", "older")
"""Parts that stand behind all others unless a word of the question asks for them."""

_LEAST: Final = 0.01
"""Share of a part that no question asks for."""

_FEW = 3
"""Lines of a part that are told together."""

_SEVERAL = 2
"""Parts that words ask for from which no single one leads."""

_PART, _FOCUS, _MEANING, _MEASURE, _SUMMARY = 0.3, 0.6, 4.0, 2.0, 1.0
"""What counts for a line: the logarithm of its part's share, the words that point at it, its meaning, a figure of the kind that is asked
for, and being the summary. Tried out on questions of many of which it is known where the answer stands."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A line of an entry, with how well it answers. ``place`` counts within the part from 0; the summary is a part of one line."""

    part: str
    place: int
    text: str
    score: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Focus:
    """The words of a question that point inside an entry, with what each tells: one that stands in a single line most, one of a single sign half."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, question: str, entry: Entry) -> Focus:
        terms = focus_terms(question, entry) | measures.numbered(question)
        lines = [_words(line) for section in entry.sections for line in section.lines]
        counts = {term: sum(term in words for words in lines) for term in terms}
        return cls({term: (1 if len(term) > 1 else 0.5) / count for term, count in counts.items() if count})

    def on(self, line: Line) -> float:
        """How much the question points at a line; its label counts double."""
        label = {token.normal for token in tokenize(line.label)}
        return sum(self.weights.get(word, 0.0) * (2 if word in label else 1) for word in _words(line))


def candidates(entry: Entry, question: str, kb: KnowledgeBase) -> list[Candidate]:
    """The parts of an entry as they may answer a question."""
    focus = Focus.of(question, entry)
    cues = parts_answered(entry, question, kb)
    places = {part: min(1, place) for place, part in enumerate(cues)}
    found = [Candidate(SUMMARY, 0.0, places.get(SUMMARY), 1)]
    for part in _ORDER:
        section = entry.section(part)
        if section is not None:
            found.append(Candidate(part, max(map(focus.on, section.lines)), places.get(part), len(section.lines)))
    return found


def ranked(entry: Entry, question: str, kb: KnowledgeBase) -> list[tuple[str, float]]:
    """All parts of an entry with how likely the question asks for each, the likeliest first."""
    weights = shipped().arrays
    has = candidates(entry, question, kb)
    if not focus_terms(question, entry) and all(one.cue is None for one in has):  # nothing but the name
        return [(SUMMARY, 1.0), *((one.part, 0.0) for one in has if one.part != SUMMARY)]
    order = rank(likelihoods(question, weights, kb.encoder), has, weights)
    last = [(one.part, share) for one, share in order if one.part in _LAST and one.cue is None]
    return [*((one.part, share) for one, share in order if one.part not in _LAST or one.cue is not None), *last]


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of an entry, the one that answers best first, and the part that leads: "" where several are asked for."""

    lead: str
    lines: tuple[Pointed, ...]


def point(entry: Entry, question: str, kb: KnowledgeBase) -> Found:
    """The summary and all lines of an entry as they answer a question; in their order where only the entry's name stands in it."""
    order = ranked(entry, question, kb)
    places = {part: place for place, (part, _) in enumerate(order)}
    share = dict(order)
    if share[SUMMARY] == 1.0:  # nothing but the name
        named = [Pointed(part, place, text) for part, place, text, _ in _lines(entry)]
        return Found(SUMMARY, tuple(sorted(named, key=lambda one: (places[one.part], one.place))))
    focus, wanted = Focus.of(question, entry), measures.asked(question)
    lines = _lines(entry)
    alike = _vectors(kb.encoder, tuple(fold(text) for *_, text, _ in lines)) @ kb.encoder.encode([fold(question)])[0]
    found = []
    for (part, place, text, line), likeness in zip(lines, alike, strict=True):
        score = (
            _PART * float(np.log(share[part] + _LEAST))
            + _MEANING * float(likeness)
            + _MEASURE * bool(wanted & measures.held(text))
        )
        score += min(focus.on(line), MOST_FOCUS) * _FOCUS if line is not None else _SUMMARY
        found.append(Pointed(part, place, text, score))
    best = sorted(found, key=lambda one: -one.score)
    asked = [part for part in asked_parts(question, kb.parts, (entry.name, *entry.aliases)) if entry.section(part) is not None]
    first = _of_each(best, asked, wanted)
    definite = [one for one in (first or best) if one.part != SUMMARY]
    if order[0][0] == SUMMARY or not definite or (best[0].part == SUMMARY and not asked):
        lead = SUMMARY
    else:
        lead = definite[0].part if len(set(asked)) < _SEVERAL else ""
    if lead != SUMMARY and asked:
        best = sorted(best, key=lambda one: one.part == SUMMARY)
    return Found(lead, tuple(dict.fromkeys([*first, *best])))


def _of_each(best: Sequence[Pointed], parts: Collection[str], wanted: Collection[measures.Measure]) -> list[Pointed]:
    """The best line of all, and for each part and each kind of figure that is asked for: no question goes without. The better ones first.

    Of a part with few lines all of them, as one without the other may mislead (無料, but for some).
    """
    firsts = {next((one for one in best if one.part != SUMMARY), None)}
    firsts |= {next((one for one in best if one.part != SUMMARY and kind in measures.held(one.text)), None) for kind in wanted}
    firsts |= {next((one for one in best if one.part == part), None) for part in parts}
    of_part = {part: [one for one in best if one.part == part] for part in parts}
    together = {one for lines in of_part.values() if len(lines) <= _FEW for one in lines}
    return [one for one in best if one in firsts] + [one for one in best if one in together - firsts]


def parts_answered(entry: Entry, question: str, kb: KnowledgeBase) -> list[str]:
    """The parts of an entry that answer what a question asks for."""
    return _resolve(asked_parts(question, kb.parts, (entry.name, *entry.aliases)), entry, kb)


def _resolve(parts: Sequence[str], entry: Entry, kb: KnowledgeBase) -> list[str]:
    """Asked parts that the entry has, or their stand-ins."""
    resolved: list[str] = []
    for part in parts:
        candidates = (part, *kb.part(part).also)
        found = next((one for one in candidates if one in ("phone", "contact", "summary") or entry.section(one)), None)
        if found and found not in resolved:
            resolved.append(found)
    return resolved[:4]


def _lines(entry: Entry) -> list[tuple[str, int, str, Line | None]]:
    """The summary, and the lines of all parts that are shown."""
    shown = [section for section in entry.sections if section.part in _ORDER]
    lines = [(section.part, place, str(line), line) for section in shown for place, line in enumerate(section.lines)]
    return [(SUMMARY, 0, entry.summary, None), *lines]


@lru_cache(maxsize=512)
def _vectors(encoder: Encoder, lines: tuple[str, ...]) -> Array:
    return encode_in_turns(encoder, lines)


def _words(line: Line) -> set[str]:
    return {token.normal for text in (line.label, line.text) for token in content_tokens(text)} | measures.numbered(str(line))

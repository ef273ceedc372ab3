"""Why a question is answered as it is: what was read in it, what was found, and what decided. From the very code that answers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advisor.asking import asked_parts, split_questions
from bot.advisor.judging import Judged, judge
from bot.advisor.outcome import COEFFICIENTS, CONSTANT, features
from bot.advisor.pointing import parts_answered
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.search import Hit, Weights
from bot.nlp.tokenizer import tokenize

_MOST_HITS = 5
_MOST_PIECES = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: as written, as it is looked up, and how telling it is.

    ``rarity`` is 0 for one that is not looked up (particles, 教える …) and ``None`` for one that the knowledge base does not know.
    """

    surface: str
    normal: str
    rarity: float | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the search found, with each kind of evidence times its weight: they add up to the score."""

    id: str
    name: str
    score: float
    counts: tuple[tuple[str, float], ...]
    is_entry: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that the confidence rests on; the products of all and a constant make it."""

    name: str
    value: float
    coefficient: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One question taken apart. ``synonyms`` are the staff's groups it speaks of; ``asked`` are the parts that it asks for,
    ``shown`` those of the best entry that answer them, both by label.
    """

    question: str
    words: tuple[Word, ...]
    synonyms: tuple[tuple[str, ...], ...]
    asked: tuple[str, ...]
    shown: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    signs: tuple[Sign, ...]
    judged: Judged

    @property
    def constant(self) -> float:
        return CONSTANT


def explain(kb: KnowledgeBase, text: str) -> tuple[Explanation, ...]:
    """A message as a whole, and each of its questions where there are several."""
    pieces = split_questions(text)
    return tuple(_explain(kb, one) for one in (text, *(pieces[:_MOST_PIECES] if len(pieces) > 1 else ())))


def _explain(kb: KnowledgeBase, question: str) -> Explanation:
    judged = judge(kb, question)
    best = kb.entry(judged.entries[0].id) if judged.entries else None
    weights = kb.index.weights_for(question)
    names = ("lead", "outside", "meaning", "coverage")
    values = features(judged.entries, judged.outside) if judged.entries else ()
    return Explanation(
        question,
        tuple(
            Word(token.surface, token.normal, kb.index.rarity(token.normal) if token.is_content else 0.0)
            for token in tokenize(question)
            if token.surface.strip()
        ),
        tuple(kb.content.synonyms[number] for number in kb.index.groups_in(question)),
        tuple(kb.part(part).label for part in asked_parts(question, kb.parts)),
        tuple(kb.part(part).label for part in parts_answered(best, question, kb)) if best is not None else (),
        tuple(_candidate(kb, hit, weights) for hit in judged.hits[:_MOST_HITS]),
        tuple(Sign(*one) for one in zip(names, values, COEFFICIENTS, strict=False)),
        judged,
    )


def _candidate(kb: KnowledgeBase, hit: Hit, weights: Weights) -> Candidate:
    entry = kb.entry(hit.id)
    talk = kb.talk(hit.id) or kb.boundary(hit.id)
    evidence = hit.evidence
    counts = (
        ("words", weights.words * evidence.words),
        ("coverage", weights.coverage * evidence.coverage),
        ("sound", weights.sound * evidence.sound),
        ("meaning", weights.meaning * evidence.meaning),
        ("name", weights.name * evidence.name),
        ("named", weights.named * evidence.named),
        ("phrase", weights.phrase * evidence.phrase),
    )
    holds = ("holds", hit.score - sum(value for _, value in counts))
    name = entry.name if entry is not None else talk.name if talk is not None else hit.id
    return Candidate(hit.id, name, hit.score, (*counts, holds), entry is not None)

"""What the search finds for a question, and what follows from that where nothing else decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.advisor.asking import DESK_PARTS, asked_parts, asking_sentences, focus_terms, without_cues
from bot.advisor.outcome import ANSWER, LIKELY, Outcome, decide
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.search import Hit
from bot.nlp.normalize import fold
from bot.nlp.tokenizer import content_tokens
from bot.understanding.parts import SUMMARY, likelihoods
from bot.understanding.weights import shipped

_DEPTH = 40
"""Hits looked at: deep enough to hold the best of what is no entry."""


_HOLDS = 0.3
"""What it counts in a score that an entry surely has the part that is asked for. Fitted on questions of many, each searched for without
those of the same writer."""

_TELLING = 4.0
"""How rare the words of a sentence are together that says by itself what it asks about; 何か使えるものはありますか does not."""

_CLOSE = 0.1
"""Difference of two scores below which either entry fits as well."""


def _closed(kb: KnowledgeBase, hit: Hit) -> bool:
    return kb.content.entries[hit.id].status == "公募終了"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the search found for a question, best first, and what follows where nothing else decides.

    ``entries`` are the hits that are entries; ``outside`` is the best score of those that are not: small talk, subjects not covered.
    """

    hits: tuple[Hit, ...]
    entries: tuple[Hit, ...]
    outside: float
    outcome: Outcome


def judge(kb: KnowledgeBase, question: str) -> Judged:
    """Search for a question and decide: for all of it, and for what asks in it where the rest tells a story."""
    judged = _judge(kb, question)
    if judged.outcome.confidence >= ANSWER:
        return judged
    asking = [one for one in asking_sentences(question) if _tells(kb, one) >= _TELLING]
    alone = [one for one in (_judge(kb, sentence) for sentence in asking) if one.outcome.confidence >= LIKELY]
    return max([judged, *alone], key=lambda one: one.outcome.confidence)


def _tells(kb: KnowledgeBase, sentence: str) -> float:
    words = {token.normal for token in content_tokens(without_cues(sentence, kb.parts))}
    return sum(kb.index.rarity(word) or 0.0 for word in words)


def _judge(kb: KnowledgeBase, question: str) -> Judged:
    hits = found(kb, question)
    entries = tuple(hit for hit in hits if kb.entry(hit.id) is not None)
    outside = next((hit.score for hit in hits if kb.entry(hit.id) is None), 0.0)
    return Judged(hits, entries, outside, _to_the_point(kb, question, decide(entries, outside)))


def found(kb: KnowledgeBase, question: str) -> tuple[Hit, ...]:
    """What the search finds, the better the likelier it holds what is asked for."""
    return tuple(sorted(_answerable(kb, question, kb.search(question, _DEPTH)), key=lambda hit: -hit.score))


def _answerable(kb: KnowledgeBase, question: str, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits with a better score the likelier they hold the part that the question asks for; what is no entry keeps its own."""
    likely = likelihoods(question, shipped().arrays, kb.encoder)
    for hit in hits:
        entry = kb.entry(hit.id)
        parts = {SUMMARY, *(section.part for section in entry.sections)} if entry is not None else set(likely)
        yield replace(hit, score=hit.score + _HOLDS * (sum(likely.get(part, 0.0) for part in parts) - 1.0))


def _to_the_point(kb: KnowledgeBase, question: str, outcome: Outcome) -> Outcome:
    """What can be used now before what is closed, and the entry about a detail before the one whose name stands in the question.

    The first where both fit almost equally, the second where the detail alone has words of the question. A program that is named
    comes before its desk where more than the desk is asked for, as its answer tells the desk too.
    """
    if outcome.kind != "answer" or len(outcome.hits) < 2:
        return outcome
    program = _program_of_desk(kb, question, outcome.hits)
    if program is not None:
        return replace(outcome, hits=(program, *(hit for hit in outcome.hits if hit is not program)))
    named, detail, *others = outcome.hits
    if _closed(kb, named) and not _closed(kb, detail) and not named.evidence.named and named.score - detail.score < _CLOSE:
        return replace(outcome, hits=(detail, named, *others))
    mine, its = named.evidence, detail.evidence
    fits = its.words > mine.words and its.coverage > mine.coverage and its.meaning > mine.meaning
    entry = kb.content.entries[named.id]
    if not (mine.named and not its.named and fits and detail.id in entry.related):
        return outcome
    known, more = fold(entry.text), fold(kb.content.entries[detail.id].text)
    if any(term not in known and term in more for term in focus_terms(question, entry)):
        return replace(outcome, hits=(detail, named, *others))
    return outcome


def _program_of_desk(kb: KnowledgeBase, question: str, hits: Sequence[Hit]) -> Hit | None:
    """The program named in a question of which the best hit is but the desk."""
    if kb.content.entries[hits[0].id].kind != "contact" or set(asked_parts(question, kb.parts)) <= DESK_PARTS:
        return None
    return next((hit for hit in hits[1:] if hit.evidence.named and hits[0].id in kb.content.entries[hit.id].contacts), None)

"""What a question is about that an entry found for it is not: another organisation's desk, another ward, a subject that is not covered."""

from __future__ import annotations

from dataclasses import replace

from bot.advisor.branches import Question, organisations_named
from bot.advisor.outcome import SURE, Outcome
from bot.knowledge.base import BOUNDARY, BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.entries import Entry, Talk

_DOUBT = 0.25
"""Probability that a text is about something not covered from which only a sure entry answers it."""


def barred(kb: KnowledgeBase, text: str) -> Talk | None:
    """A subject not covered whose very name stands in a text that names no entry (中小企業退職金共済)."""
    named = kb.index.named(text)
    if any(kb.entry(one) is not None for one in named):
        return None
    return next((boundary for one in named if one.startswith(BOUNDARY) and (boundary := kb.boundary(one)) is not None), None)


def within(kb: KnowledgeBase, question: Question, outcome: Outcome) -> Outcome:
    """The outcome without entries that are surely about something else than the question; nothing but a sure one where that is in doubt."""
    kept = tuple(hit for hit in outcome.hits if not _is_of_another(kb, question, kb.content.entries[hit.id]))
    if not kept or (question.doubt >= _DOUBT and outcome.confidence < SURE):
        return replace(outcome, kind="unknown")
    if outcome.kind == "either" and len(kept) < 2:
        return replace(outcome, kind="answer", hits=kept)
    return replace(outcome, hits=kept)


def _is_of_another(kb: KnowledgeBase, question: Question, entry: Entry) -> bool:
    """Whether an entry is the desk of another organisation than the one named, or tells of another ward than the one asked about."""
    if entry.kind == "contact" or entry.id == BRANCH_OF_WARD:
        named = organisations_named(kb, question.text)
        if named and entry.organisation not in named:
            return True
    asked = {one.name for place in question.places for one in place.municipalities}
    told = {one.name for one in kb.content.municipalities if one.name in entry.text}
    return entry.kind != "contact" and bool(asked) and bool(told) and not asked & told

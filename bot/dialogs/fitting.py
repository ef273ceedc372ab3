"""Chooses among programs by their criteria, and says why: what each is made for, what is still needed, what speaks against others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.dialogs.case import Answers
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import cited
from bot.knowledge.conditions import OneOf, leaves
from bot.knowledge.criteria import Criterion, Kind
from bot.knowledge.derived import DERIVED, figures
from bot.knowledge.entries import Entry
from bot.knowledge.fits import Fit, Judge
from bot.knowledge.freshness import CLOSED
from bot.knowledge.saying import said

_SHORT_LIMIT = 12
"""Signs of a limit that still fits the line of a list."""

MADE_FOR: tuple[Kind, ...] = ("trouble", "purpose", "wish")
"""What makes a program one for somebody, the most telling first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program with its criteria judged."""

    entry: Entry
    fit: Fit

    @property
    def is_for_this(self) -> bool:
        """Something told is what it is made for, and it is not made for a trouble that nobody told of."""
        return bool(self.fit.of("met", *MADE_FOR)) and not self.fit.of("unknown", "trouble")

    @property
    def fits(self) -> bool:
        return self.fit.outcome != "cannot" and self.is_for_this

    @property
    def waits(self) -> bool:
        """Nothing speaks against it but circumstances that may pass."""
        against = self.fit.excluding
        return self.is_for_this and bool(against) and all(one.shared and one.kind == "bar" for one in against)

    @property
    def rank(self) -> tuple[object, ...]:
        """Open before closed, made for this before general, what needs nothing more before what does."""
        met = tuple(-len(self.fit.of("met", kind)) for kind in MADE_FOR)
        own = [one for one in self.fit.judged if not one.criterion.shared]
        needed = sum(one.criterion.kind == "get" and one.verdict != "met" for one in own)
        who = [one.verdict for one in own if one.criterion.kind == "who"]
        return (self.entry.status == CLOSED, *met, needed, -who.count("met"), who.count("unknown"))


def ranked(judge: Judge, entries: Iterable[Entry]) -> list[Candidate]:
    """The programs that have criteria, the most fitting first; of equal ones the newest source first."""
    newest = sorted((one for one in entries if one.fits), key=lambda entry: entry.as_of, reverse=True)
    return sorted((Candidate(entry, judge.fit(entry.id)) for entry in newest), key=lambda one: one.rank)


def barring(judge: Judge, entries: Iterable[Entry]) -> list[Criterion]:
    """What excludes from many programs at once: a trade, arrears, a size; each once."""
    found = {one.says: one for entry in entries for one in judge.fit(entry.id).excluding if one.shared}
    return list(found.values())


def line(kb: KnowledgeBase, judge: Judge, candidate: Candidate) -> str:
    """What speaks for a program, and what is needed first, in a short line."""
    parts = []
    made_for = candidate.fit.of("met", *MADE_FOR)
    if made_for:
        parts.append(f"○ {_told(kb, judge.told, made_for[0])}")
    needed = [one for one in candidate.fit.judged if one.criterion.kind == "get" and one.verdict != "met"]
    parts += [f"要 {brief(one.criterion)}" for one in needed[:1]]
    limit = candidate.entry.section("limit")
    if limit is not None and len(limit.lines[0].text) <= _SHORT_LIMIT:
        parts.append(f"{limit.lines[0].text}まで")
    return "／".join(parts)


def brief(criterion: Criterion) -> str:
    return criterion.brief or criterion.says


def _told(kb: KnowledgeBase, told: Answers, criterion: Criterion) -> str:
    """What was told that meets a criterion, in the words of its slot; the criterion itself where it follows from elsewhere."""
    if criterion.when is None or criterion.brief:
        return brief(criterion)
    for leaf in leaves(criterion.when):
        slot, value = kb.content.slots.get(leaf.slot) if isinstance(leaf, OneOf) else None, None
        if slot is not None and isinstance(leaf, OneOf):
            value = told.get(leaf.slot)
            chosen = tuple(one for one in (value if isinstance(value, tuple) else (str(value),)) if one in leaf.values)
            if value is not None and chosen:
                return said(kb.content, slot, chosen)
    return criterion.says


def why_not(kb: KnowledgeBase, judge: Judge, criterion: Criterion) -> str:
    """Why a criterion is not met, with the figures that decided."""
    text = criterion.unmet or f"「{criterion.says}」に当てはまりません"
    return text + figures_of(kb, judge, criterion)


def what_decides(kb: KnowledgeBase, judge: Judge, criterion: Criterion) -> str:
    """What would settle a criterion that is open: what staff wrote for it, or the facts that are missing."""
    if criterion.open_:
        return criterion.open_ + figures_of(kb, judge, criterion)
    missing = [one for slot in criterion.slots for one in DERIVED.get(slot, (slot,)) if one not in judge.facts]
    labels = [kb.content.slots[one].label for one in dict.fromkeys(missing) if one in kb.content.slots]
    return f"{'、'.join(labels)}がわかると決まります" if labels else ""


def figures_of(kb: KnowledgeBase, judge: Judge, criterion: Criterion) -> str:
    """The bounds that decide a criterion for this business, in brackets; nothing where they are not known."""
    found = [text for slot in criterion.slots if (text := figures(kb.content, judge.told, slot))]
    return f"（{'。'.join(found)}）" if found else ""


def sources_of(kb: KnowledgeBase, criteria: Sequence[Criterion]) -> list[str]:
    """The documents and headings where criteria stand, each once."""
    places: dict[str, list[str]] = {}
    for one in criteria:
        if one.source in kb.content.sources:
            places.setdefault(one.source, [])
            if one.place and one.place not in places[one.source]:
                places[one.source].append(one.place)
    return [
        cited(kb.content.sources[source]) + (f"「{'」「'.join(headings[:2])}」" if headings else "")
        for source, headings in places.items()
    ]

"""What the knowledge base lacks: questions that were left open, those that ask for the same together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entries import Entry
from bot.knowledge.grouping import group
from bot.knowledge.stub import Asked, stub
from bot.store.staffing import OpenQuestion
from bot.store.store import Store

MOST = 2000
"""Questions that are looked at, the newest."""

KINDS = {
    "unknown": "見つからない",
    "choices": "どれでもない",
    "wrong": "誤り",
    "partial": "説明不足",
    "missing": "知りたいことと違う",
}
"""Why a question is open, as staff read it."""

_NEAREST = 5
_RELATED = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask for the same; ``text`` is the newest, ``texts`` are all different wordings, newest first.

    ``kinds`` counts why they are open: unknown, choices, wrong, partial, missing. ``nearest`` are the entries closest to ``text``.
    """

    text: str
    ids: tuple[int, ...]
    texts: tuple[str, ...]
    kinds: Mapping[str, int]
    last_asked: datetime
    nearest: tuple[Entry, ...]

    @property
    def count(self) -> int:
        return len(self.ids)


async def find_gaps(store: Store, kb: KnowledgeBase) -> list[Gap]:
    """The gaps, those asked for most often first."""
    return await asyncio.to_thread(gaps_in, kb, await store.staffing.open_questions(MOST))


def gaps_in(kb: KnowledgeBase, questions: Sequence[OpenQuestion]) -> list[Gap]:
    """``questions``, newest first, as gaps, those asked for most often first."""
    gaps = [_gap(kb, [questions[number] for number in one]) for one in group(kb.index, [one.text for one in questions])]
    return sorted(gaps, key=lambda gap: (-gap.count, -gap.ids[0]))


def stub_for(gaps: Sequence[Gap]) -> str:
    """YAML to begin entries with that would close the gaps."""
    return stub(Asked(gap.text, gap.texts, [entry.id for entry in gap.nearest[:_RELATED]]) for gap in gaps)


def _gap(kb: KnowledgeBase, questions: Sequence[OpenQuestion]) -> Gap:
    first = questions[0]
    return Gap(
        text=first.text,
        ids=tuple(one.id for one in questions),
        texts=tuple(dict.fromkeys(one.text for one in questions)),
        kinds=Counter(one.kind for one in questions),
        last_asked=first.asked_at,
        nearest=tuple(kb.entries(hit.id for hit in kb.search(first.text, _NEAREST))),
    )

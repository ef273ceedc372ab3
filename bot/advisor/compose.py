"""Composes an answer from an entry: what was asked in the first sentence, what belongs to it, where to ask, the source.

An answer fits a phone's screen, 22 lines of 20 characters; what does not goes behind 「続き」. Nothing is shortened or lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.advisor.pointing import WHOLE_PARTS, Pointed, pointed
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.citing import branch_lines, desk_lines, source_line
from bot.knowledge.entries import Entry, Municipality
from bot.knowledge.freshness import CLOSED
from bot.talk.replies import Block, Button, Reply
from bot.talk.screen import LINES, lines_of
from bot.understanding.parts import SUMMARY

MORE = Button("続きを見る", "more")

_BUTTONS = 3
"""Lines that the buttons below an answer take."""

_LEAST = 5
"""Lines of content that are shown however much must stand below it."""

_SENTENCE = 60
"""Characters of a fact that still makes a sentence with its name."""

_SHORT = 60
"""Characters of a fact that stands behind its label in one line."""

_BEST = 5
"""Lines that come before all others, whatever part they stand in."""

_ANSWER_FIRST = {"faq", "rule", "definition", "example", "contact"}
"""Kinds whose summary is the answer itself, so that it leads whatever part is asked."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of the user where an answer depends on it."""

    municipality: Municipality | None
    now: datetime


def compose(entry: Entry, question: str, kb: KnowledgeBase, asker: Asker, *, screen: int = LINES) -> Reply:
    """The answer to ``question`` from ``entry`` in at most ``screen`` lines, the rest behind 「続き」."""
    lines = pointed(entry, question, kb)
    lead = SUMMARY if entry.kind in _ANSWER_FIRST else lines[0].part
    tail = [*_desk(entry, kb, asker), Block("source", (source_line(entry, kb, asker.now.date()),))]
    head, told = _head(entry, lead, kb)
    used = sum(lines_of(block.text) + 1 for block in (*head, *tail)) + _BUTTONS
    layout = _Layout(entry, kb, lead)
    left = [one for one in _by_turns(lines, lead) if one not in told]
    kept = _fitting(layout, left, max(_LEAST, screen - used))
    rest = [one for one in left if one not in kept]
    more = layout.blocks(rest, begun={one.part for one in kept})
    return Reply((*head, *layout.blocks(kept), *tail), (MORE,) if more else (), tuple(more))


def _head(entry: Entry, lead: str, kb: KnowledgeBase) -> tuple[list[Block], list[Pointed]]:
    """The first sentence, and the lines that it tells."""
    closed = [Block("note", (_closed(entry, kb),))] if entry.status == CLOSED else []
    name = f"【{entry.name}】" if entry.kind not in ("faq", "rule") else ""
    section = entry.section(lead)
    if section is None:
        summary = Block("title", tuple(one for one in (name, entry.summary) if one))
        return [summary, *closed], [Pointed(SUMMARY, 0, entry.summary)]
    label = section.label or kb.part(lead).label
    line = section.lines[0]
    if len(section.lines) == 1 and len(str(line)) <= _SENTENCE and "。" not in str(line):
        head = Block("title", (f"{entry.name}の{line.label or label}は、{line.text}です。",))
        return [head, *closed], [Pointed(lead, 0, str(line))]
    return [Block("title", (f"{entry.name}の{label}は、次のとおりです。",)), *closed], []


def _by_turns(lines: Sequence[Pointed], lead: str) -> list[Pointed]:
    """The best lines of all parts, then what else the leading part holds, then the others."""
    best = list(lines[:_BEST])
    rest = [one for one in lines if one not in best]
    return [*best, *(one for one in rest if one.part == lead), *(one for one in rest if one.part != lead)]


def _fitting(layout: _Layout, lines: Sequence[Pointed], room: int) -> list[Pointed]:
    """As many lines as a room takes, one at least; what is too long for it makes way for what is not."""
    kept: list[Pointed] = []
    for one in lines:
        if not kept or layout.size([*kept, one]) <= room:
            kept.append(one)
    return kept


@dataclass(frozen=True, slots=True)
class _Layout:
    """How lines of an entry stand below its first sentence, which names the part that leads."""

    entry: Entry
    kb: KnowledgeBase
    lead: str

    def blocks(self, lines: Sequence[Pointed], begun: frozenset[str] | set[str] = frozenset()) -> list[Block]:
        """Lines in blocks by part, that of the leading one first; what was ``begun`` before says so."""
        parts = list(dict.fromkeys(one.part for one in lines))
        parts.sort(key=lambda part: part != self.lead)
        found: list[Block] = []
        for part in parts:
            block = self._block(part, [one for one in lines if one.part == part], part in begun)
            if found and _is_short(block) and _is_short(found[-1]):
                found[-1] = Block("facts", (*found[-1].lines, *block.lines))
            else:
                found.append(block)
        return found

    def size(self, lines: Sequence[Pointed]) -> int:
        """The lines of a phone that they take, with the empty ones between them."""
        return sum(lines_of(block.text) + 1 for block in self.blocks(lines))

    def _block(self, part: str, lines: Sequence[Pointed], begun: bool) -> Block:
        section = self.entry.section(part)
        if section is None:
            return Block("text", tuple(one.text for one in lines))
        label = section.label or self.kb.part(part).label
        if part in WHOLE_PARTS:
            lines = sorted(lines, key=lambda one: one.place) if part != "table" else lines
        elif len(section.lines) == 1 and len(lines[0].text) < _SHORT and part != self.lead:
            return Block("facts", (f"▪ {label}：{lines[0].text}",))
        bullet = "" if part in ("steps", "items") else "・"
        heading = f"{label}（続き）" if begun else "" if part == self.lead and not begun else label
        return Block("facts", tuple(f"{bullet}{one.text}" for one in lines), heading)


def _is_short(block: Block) -> bool:
    return block.lines[0].startswith("▪ ")


def _closed(entry: Entry, kb: KnowledgeBase) -> str:
    successor = kb.entry(entry.replaced_by) if entry.replaced_by else None
    text = "⚠ この募集は終了しています。"
    return text + f"代わりの制度は「{successor.name}」です。" if successor else text


def _desk(entry: Entry, kb: KnowledgeBase, asker: Asker) -> list[Block]:
    """Where to ask: the entry's first contact, with the branch of the user's ward in place of 担当支店."""
    for contact in entry.contacts:
        if contact == BRANCH_OF_WARD:
            return [Block("desk", (f"窓口：{'　'.join(branch_lines(kb, asker.municipality))}",))]
        desk = kb.entry(contact)
        if desk is not None and desk.id != entry.id:
            return [Block("desk", (f"窓口：{'　'.join(desk_lines(desk))}",))]
    return []

"""Composes an answer from an entry: what was asked in the first sentence, what belongs to it, where to ask, the source.

An answer fits a phone's screen, 22 lines of 20 characters; what does not goes behind 「続き」. Nothing is shortened or lost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.advisor.asking import DESK_PARTS, asked_parts
from bot.advisor.pointing import WHOLE_PARTS, Pointed, point
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

_LEAST_OF_TWO = 3
"""The same for an answer that stands beside another one."""

_SENTENCE = 60
"""Characters of a fact that still makes a sentence with its name."""

_SURELY, _OVER = 2, 2
"""The first lines may take so many more lines of a phone than there is room for."""

_FAR = 2.5
"""Difference of two scores from which a line has too little to do with the question beside a better one."""

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
    found = point(entry, question, kb)
    lead = SUMMARY if entry.kind in _ANSWER_FIRST else found.lead
    layout = _Layout(entry, kb, lead)
    head, told = layout.head()
    desk = _desk(entry, kb, asker)
    tail = [*desk, Block("source", (source_line(entry, kb, asker.now.date()),))]
    if desk and _asks_for_desk(entry, question, kb):
        head, told, tail = [Block("title", (f"【{entry.name}】", *desk[0].lines))], [], tail[1:]
    used = sum(lines_of(block.text) + 1 for block in (*head, *tail)) + _BUTTONS
    left = [one for one in found.lines if one not in told]
    kept = _fitting(layout, _by_turns(left, lead), max(_LEAST if screen == LINES else _LEAST_OF_TWO, screen - used))
    rest = [one for one in left if one not in kept]
    more = [*layout.blocks(rest, begun={one.part for one in kept}), *_other_desks(entry, kb)]
    return Reply((*head, *layout.blocks(kept), *tail), (MORE,) if more else (), tuple(more))


def _by_turns(lines: Sequence[Pointed], lead: str) -> list[Pointed]:
    """The best lines of all parts, then what else the leading part holds, then the others, as far as they have to do with the question."""
    best = list(lines[:_BEST])
    least = max((one.score for one in best), default=0.0) - _FAR
    near = [one for one in lines[_BEST:] if one.score >= least or one.part == lead]
    return [*best, *(one for one in near if one.part == lead), *(one for one in near if one.part != lead)]


def _fitting(layout: _Layout, lines: Sequence[Pointed], room: int) -> list[Pointed]:
    """As many lines as a room takes; what is too long for it makes way for what is not, but the best ones are kept if it is by little."""
    kept: list[Pointed] = []
    for place, one in enumerate(lines):
        if not kept or layout.size([*kept, one]) <= room + (_OVER if place < _SURELY else 0):
            kept.append(one)
    return kept


@dataclass(frozen=True, slots=True)
class _Layout:
    """How an entry's lines stand. The first sentence names the part that leads, or tells the summary; ``lead`` is "" where several are asked for."""

    entry: Entry
    kb: KnowledgeBase
    lead: str

    def head(self) -> tuple[list[Block], list[Pointed]]:
        """The first sentence, and the lines that it tells."""
        entry = self.entry
        closed = [Block("note", (_closed(entry, self.kb),))] if entry.status == CLOSED else []
        name = f"【{entry.name}】" if entry.kind not in ("faq", "rule") else ""
        if self.lead == SUMMARY:
            summary = Block("title", tuple(one for one in (name, entry.summary) if one))
            return [summary, *closed], [Pointed(SUMMARY, 0, entry.summary)]
        section = entry.section(self.lead)
        if section is None:
            return [Block("title", (f"【{entry.name}】",)), *closed], []
        label = section.label or self.kb.part(self.lead).label
        line = section.lines[0]
        if len(section.lines) == 1 and len(str(line)) <= _SENTENCE and "。" not in str(line):
            head = Block("title", (f"{entry.name}の{line.label or label}は、{line.text}です。",))
            return [head, *closed], [Pointed(self.lead, 0, str(line))]
        return [Block("title", (f"{entry.name}の{label}は、次のとおりです。",)), *closed], []

    def blocks(self, lines: Sequence[Pointed], begun: Collection[str] = ()) -> list[Block]:
        """Lines in blocks by part, that of the leading one first; what was ``begun`` before says so. Single ones stand together."""
        parts = sorted(dict.fromkeys(one.part for one in lines), key=lambda part: part != self.lead)
        found: list[Block] = []
        for part in parts:
            block = self._block(part, [one for one in lines if one.part == part], part in begun)
            if (
                found
                and block.heading == found[-1].heading == ""
                and block.lines[0].startswith("▪ ")
                and found[-1].kind == "facts"
            ):
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
        if part in WHOLE_PARTS and part != "table":
            lines = sorted(lines, key=lambda one: one.place)
        if part == self.lead and not begun:
            label = ""
        elif len(lines) == 1 and part not in WHOLE_PARTS:
            return Block("facts", (f"▪ {label}：{lines[0].text}",))
        bullet = "" if part in ("steps", "items") else "・"
        return Block("facts", tuple(f"{bullet}{one.text}" for one in lines), f"{label}（続き）" if begun else label)


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


def _asks_for_desk(entry: Entry, question: str, kb: KnowledgeBase) -> bool:
    """Whether nothing but how to reach somebody is asked of an entry that is no desk itself."""
    asked = set(asked_parts(question, kb.parts, (entry.name, *entry.aliases)))
    return entry.kind != "contact" and bool(asked) and asked <= DESK_PARTS and not any(map(entry.section, asked))


def _other_desks(entry: Entry, kb: KnowledgeBase) -> list[Block]:
    """The contacts after the first, which stands below the answer."""
    desks = kb.entries(one for one in entry.contacts[1:] if one not in (entry.id, BRANCH_OF_WARD))
    return [Block("desk", tuple(line for desk in desks for line in desk_lines(desk)), "ほかの窓口")] if desks else []

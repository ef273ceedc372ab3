"""Composes an answer from an entry: what was asked first, then the rest, then where to ask, then the source.

An answer fills about one phone screen; what does not fit goes behind 「続き」. Nothing is shortened or lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.advisor.asking import asked_parts, focus_terms
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.build import FACT_PARTS
from bot.knowledge.citing import branch_lines, desk_lines, source_lines
from bot.knowledge.entries import Entry, Line, Municipality, Section
from bot.nlp.tokenizer import content_tokens, tokenize
from bot.talk.replies import Block, Button, Reply

SCREEN = 420
"""Characters of content (without desk and source) that are shown at once: a phone screen holds about 30 lines of 20."""

MORE = Button("続きを見る", "more")
_CONTACT_PARTS = ("phone", "address", "area", "hours", "fax")
_WHOLE_PARTS = ("steps", "items", "table", "goals")
_ORDER = (*_CONTACT_PARTS, *_WHOLE_PARTS, *FACT_PARTS, "programs", "web", "older")
_ANSWER_FIRST = {"faq", "rule", "definition", "example", "contact"}
"""Kinds whose summary is the answer itself, so that it leads whatever part is asked."""


_POINTED = 1.0
"""How much a question must point at a line for its section to come first: a word that stands nowhere else in the entry."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of the user where an answer depends on it."""

    municipality: Municipality | None
    now: datetime


def compose(entry: Entry, question: str, kb: KnowledgeBase, asker: Asker, *, screen: int = SCREEN) -> Reply:
    """The answer to ``question`` from ``entry``."""
    parts = parts_answered(entry, question, kb)
    focus = Focus.of(question, entry)
    lead = _lead(entry, parts, focus)
    shown = {section.part for section in lead}
    rest = [section for part in _ORDER if part not in shown and (section := entry.section(part)) is not None]
    head = [Block("title", (f"【{entry.name}】",))]
    if entry.status == "公募終了":
        head.append(Block("note", (_closed(entry, kb),)))
    summary = Block("text", (entry.summary,))
    led = [_facts(section, kb, focus) for section in lead]
    content = [summary, *led] if entry.kind in _ANSWER_FIRST or not led else [*led, summary]
    content += [_facts(section, kb, focus) for section in rest]
    seen, more = _fit(content, screen)
    tail = [*_desk(entry, parts, kb, asker), Block("source", tuple(source_lines(entry, kb, asker.now.date())))]
    return Reply((*head, *seen, *tail), (MORE,) if more else (), tuple(more))


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


@dataclass(frozen=True, slots=True)
class Focus:
    """The words of a question that point inside an entry, with what each tells: one that stands in a single line most."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, question: str, entry: Entry) -> Focus:
        terms = focus_terms(question, entry)
        lines = [_words(line) for section in entry.sections for line in section.lines]
        counts = {term: sum(term in words for words in lines) for term in terms}
        return cls({term: 1 / count for term, count in counts.items() if count})

    def on(self, line: Line) -> float:
        """How much the question points at a line; its label counts double."""
        label = {token.normal for token in tokenize(line.label)}
        return sum(self.weights.get(word, 0.0) * (2 if word in label else 1) for word in _words(line))


def _words(line: Line) -> set[str]:
    return {token.normal for text in (line.label, line.text) for token in content_tokens(text)}


def _lead(entry: Entry, parts: Sequence[str], focus: Focus) -> list[Section]:
    """Sections to show first: the one asked for, those whose lines the question points at, and what else is asked for."""
    asked = [section for part in parts if (section := entry.section(part)) is not None]
    pointed = [
        (max(focus.on(line) for line in section.lines), section)
        for section in entry.sections
        if section not in asked and section.part not in ("web", "older")
    ]
    best = sorted((one for one in pointed if one[0] >= _POINTED), key=lambda one: -one[0])
    return [*asked[:1], *(section for _, section in best[:2]), *asked[1:]]


def _facts(section: Section, kb: KnowledgeBase, focus: Focus) -> Block:
    label = kb.part(section.part).label
    lines = list(section.lines)
    if len(lines) > 5 and section.part != "steps":
        lines.sort(key=lambda line: -focus.on(line))
    if len(lines) == 1 and len(str(lines[0])) < 60 and section.part not in _WHOLE_PARTS:
        return Block("facts", (f"▪ {label}：{lines[0]}",))
    bullet = "" if section.part in ("steps", "items") else "・"
    return Block("facts", tuple(f"{bullet}{line}" for line in lines), label)


def _fit(blocks: Sequence[Block], screen: int) -> tuple[list[Block], list[Block]]:
    """Split blocks at the end of the screen; a block that is too long is split between lines."""
    seen: list[Block] = []
    more: list[Block] = []
    room = screen
    for number, block in enumerate(blocks):
        size = len(block.text)
        if more:
            more.append(block)
        elif size <= room or number == 0:
            seen.append(block)
            room -= size
        else:
            first, second = _cut(block, room if number > 1 else max(room, screen // 2))
            if first:
                seen.append(first)
            if second:
                more.append(second)
            room = 0
    if sum(len(block.text) for block in more) <= 60:
        return [*seen, *more], []
    return seen, more


def _cut(block: Block, room: int) -> tuple[Block | None, Block | None]:
    kept: list[str] = []
    used = len(block.heading) + 3
    for line in block.lines:
        if used + len(line) > room:
            break
        kept.append(line)
        used += len(line) + 1
    rest = block.lines[len(kept) :]
    heading = f"{block.heading}（続き）" if kept and block.heading else block.heading
    return (
        Block(block.kind, tuple(kept), block.heading) if kept else None,
        Block(block.kind, tuple(rest), heading) if rest else None,
    )


def _closed(entry: Entry, kb: KnowledgeBase) -> str:
    successor = kb.entry(entry.replaced_by) if entry.replaced_by else None
    text = "⚠ この募集は終了しています。"
    return text + f"代わりの制度は「{successor.name}」です。" if successor else text


def _desk(entry: Entry, parts: Sequence[str], kb: KnowledgeBase, asker: Asker) -> list[Block]:
    """Where to ask: the entry's contacts, with the branch of the user's ward in place of 担当支店."""
    lines: list[str] = []
    for contact in entry.contacts[:3]:
        if contact == BRANCH_OF_WARD:
            lines += branch_lines(kb, asker.municipality)
        elif (desk := kb.entry(contact)) is not None and desk.id != entry.id:
            lines += desk_lines(desk)
    return [Block("desk", tuple(lines), "窓口")] if lines else []

"""Composes an answer from an entry: what was asked in the first sentence, what belongs to it, where to ask, the source.

An answer fits a phone's screen, 22 lines of 20 characters; what does not goes behind 「続き」. Nothing is shortened or lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.advisor.asking import asked_parts, focus_terms
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.build import FACT_PARTS
from bot.knowledge.citing import branch_lines, desk_lines, source_line
from bot.knowledge.entries import Entry, Line, Municipality, Section
from bot.knowledge.freshness import CLOSED
from bot.nlp.tokenizer import content_tokens, tokenize
from bot.talk.replies import Block, Button, Reply
from bot.talk.screen import LINES, lines_of

_BUTTONS = 3
"""Lines that the buttons below an answer take."""

_LEAST = 5
"""Lines of content that are shown however much must stand below it."""

_SENTENCE = 60
"""Characters of a fact that still makes a sentence with its name."""


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


def compose(entry: Entry, question: str, kb: KnowledgeBase, asker: Asker, *, screen: int = LINES) -> Reply:
    """The answer to ``question`` from ``entry`` in at most ``screen`` lines, the rest behind 「続き」."""
    parts = parts_answered(entry, question, kb)
    focus = Focus.of(question, entry)
    lead = _lead(entry, parts, focus)
    shown = {section.part for section in lead}
    rest = [section for part in _ORDER if part not in shown and (section := entry.section(part)) is not None]
    tail = _tail(entry, kb, asker)
    head, content = _headed(entry, lead, kb, focus)
    rest.sort(key=lambda section: -max(focus.on(line) for line in section.lines))
    content += [_facts(section, kb, focus) for section in rest]
    used = sum(lines_of(block.text) + 1 for block in (*head, *tail)) + _BUTTONS
    seen, more = _fit(content, max(_LEAST, screen - used))
    return Reply((*head, *seen, *tail), (MORE,) if more else (), tuple(more))


def _headed(entry: Entry, lead: Sequence[Section], kb: KnowledgeBase, focus: Focus) -> tuple[list[Block], list[Block]]:
    """The first sentence, and the blocks that belong to it."""
    closed = [Block("note", (_closed(entry, kb),))] if entry.status == CLOSED else []
    name = f"【{entry.name}】" if entry.kind not in ("faq", "rule") else ""
    if not lead or entry.kind in _ANSWER_FIRST:
        summary = Block("title", tuple(one for one in (name, entry.summary) if one))
        return [summary, *closed], [_facts(section, kb, focus) for section in lead]
    first, *others = lead
    label = kb.part(first.part).label
    line = str(first.lines[0])
    if len(first.lines) == 1 and len(line) <= _SENTENCE and "。" not in line:
        text = first.lines[0]
        head = Block("title", (f"{entry.name}の{text.label or label}は、{text.text}です。",))
        return [head, *closed], [_facts(section, kb, focus) for section in others] + [Block("text", (entry.summary,))]
    head = Block("title", (f"{entry.name}の{label}は、次のとおりです。",))
    listed = Block("facts", tuple(f"・{line}" for line in first.lines)) if len(first.lines) == 1 else _facts(first, kb, focus)
    listed = replace(listed, heading="")
    return [head, *closed], [listed, *(_facts(section, kb, focus) for section in others), Block("text", (entry.summary,))]


def _tail(entry: Entry, kb: KnowledgeBase, asker: Asker) -> list[Block]:
    """Where to ask, and where it stands."""
    return [*_desk(entry, kb, asker), Block("source", (source_line(entry, kb, asker.now.date()),))]


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
    """The words of a question that point inside an entry, with what each tells: one that stands in a single line most, one of a single sign half."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, question: str, entry: Entry) -> Focus:
        terms = focus_terms(question, entry)
        lines = [_words(line) for section in entry.sections for line in section.lines]
        counts = {term: sum(term in words for words in lines) for term in terms}
        return cls({term: (1 if len(term) > 1 else 0.5) / count for term, count in counts.items() if count})

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
    if section.part != "steps":
        lines.sort(key=lambda line: -focus.on(line))
    if len(lines) == 1 and len(str(lines[0])) < 60 and section.part not in _WHOLE_PARTS:
        return Block("facts", (f"▪ {label}：{lines[0]}",))
    bullet = "" if section.part in ("steps", "items") else "・"
    return Block("facts", tuple(f"{bullet}{line}" for line in lines), label)


def _fit(blocks: Sequence[Block], room: int) -> tuple[list[Block], list[Block]]:
    """Split blocks at the end of the screen; a block that is too long is split between lines, a short one further down may still fit."""
    seen: list[Block] = []
    more: list[Block] = []
    left = room
    for block in blocks:
        size = lines_of(block.text) + 1
        if size <= left:
            seen.append(block)
            left -= size
            continue
        if more:
            more.append(block)
            continue
        first, second = _cut(block, left)
        seen += [first] if first else []
        more += [second] if second else []
        left -= lines_of(first.text) + 1 if first else 0
    return seen, more


def _cut(block: Block, room: int) -> tuple[Block | None, Block | None]:
    kept: list[str] = []
    used = 1 + bool(block.heading)
    for line in block.lines:
        if used + lines_of(line) > room and (kept or room < _LEAST):
            break
        kept.append(line)
        used += lines_of(line)
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


def _desk(entry: Entry, kb: KnowledgeBase, asker: Asker) -> list[Block]:
    """Where to ask: the entry's first contact, with the branch of the user's ward in place of 担当支店."""
    for contact in entry.contacts:
        if contact == BRANCH_OF_WARD:
            return [Block("desk", (f"窓口：{'　'.join(branch_lines(kb, asker.municipality))}",))]
        desk = kb.entry(contact)
        if desk is not None and desk.id != entry.id:
            return [Block("desk", (f"窓口：{'　'.join(desk_lines(desk))}",))]
    return []

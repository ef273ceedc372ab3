"""Composes an answer from an entry: what was asked in the first sentence, what belongs to it, where to ask, the source.

An answer fits a phone's screen, 22 lines of 20 characters; what does not goes behind 「続き」. Nothing is shortened or lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import numpy as np

from bot.advisor.asking import asked_parts, focus_terms
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.build import FACT_PARTS
from bot.knowledge.citing import branch_lines, desk_lines, source_line
from bot.knowledge.entries import Entry, Line, Municipality, Section
from bot.knowledge.freshness import CLOSED
from bot.nlp.encoder import Encoder, encode_in_turns
from bot.nlp.normalize import fold
from bot.nlp.sentence_model import Array
from bot.nlp.tokenizer import content_tokens, tokenize
from bot.talk.replies import Block, Button, Reply
from bot.talk.screen import LINES, lines_of
from bot.understanding.parts import SUMMARY, Candidate, likelihoods, rank
from bot.understanding.weights import shipped

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
_LAST = ("web", "older")
"""Parts that stand behind all others unless a word of the question asks for them."""

_ANSWER_FIRST = {"faq", "rule", "definition", "example", "contact"}
"""Kinds whose summary is the answer itself, so that it leads whatever part is asked."""

_MANY = 4
"""Lines of a part from which their meaning counts for their order."""

_MEANING = 4.0
"""What meaning (0 to 1) counts beside the words that point at a line."""

_TASTE = 5
"""Lines that a part other than the likeliest one takes at once."""

_LIKELY = 0.15
"""Share from which a part belongs to what was asked."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of the user where an answer depends on it."""

    municipality: Municipality | None
    now: datetime


def compose(entry: Entry, question: str, kb: KnowledgeBase, asker: Asker, *, screen: int = LINES) -> Reply:
    """The answer to ``question`` from ``entry`` in at most ``screen`` lines, the rest behind 「続き」."""
    focus = Focus.of(question, entry)
    order = ranked(entry, question, kb)
    tail = _tail(entry, kb, asker)
    head, content = _headed(entry, order, kb, focus)
    used = sum(lines_of(block.text) + 1 for block in (*head, *tail)) + _BUTTONS
    seen, more = _spread(content, max(_LEAST, screen - used))
    return Reply((*head, *seen, *tail), (MORE,) if more else (), tuple(more))


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


def _headed(entry: Entry, order: Sequence[tuple[str, float]], kb: KnowledgeBase, focus: Focus) -> tuple[list[Block], list[Block]]:
    """The first sentence, and the blocks that belong to it."""
    closed = [Block("note", (_closed(entry, kb),))] if entry.status == CLOSED else []
    name = f"【{entry.name}】" if entry.kind not in ("faq", "rule") else ""
    sections = [section for part, _ in order if (section := entry.section(part)) is not None]
    if order[0][0] == SUMMARY or entry.kind in _ANSWER_FIRST or not sections:
        summary = Block("title", tuple(one for one in (name, entry.summary) if one))
        return [summary, *closed], [_facts(section, kb, focus) for section in sections]
    first, *others = sections
    about = [Block("text", (entry.summary,))]
    follow = [_facts(section, kb, focus) for section in others]
    also = next((place for place, (part, share) in enumerate(order[1:]) if part == SUMMARY and share >= _LIKELY), len(follow))
    follow = [*follow[:also], *about, *follow[also:]]
    label = first.label or kb.part(first.part).label
    line = str(first.lines[0])
    if len(first.lines) == 1 and len(line) <= _SENTENCE and "。" not in line:
        text = first.lines[0]
        head = Block("title", (f"{entry.name}の{text.label or label}は、{text.text}です。",))
        return [head, *closed], follow
    head = Block("title", (f"{entry.name}の{label}は、次のとおりです。",))
    listed = Block("facts", tuple(f"・{line}" for line in first.lines)) if len(first.lines) == 1 else _facts(first, kb, focus)
    return [head, *closed], [replace(listed, heading=""), *follow]


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
    question: str = ""

    @classmethod
    def of(cls, question: str, entry: Entry) -> Focus:
        terms = focus_terms(question, entry)
        lines = [_words(line) for section in entry.sections for line in section.lines]
        counts = {term: sum(term in words for words in lines) for term in terms}
        return cls({term: (1 if len(term) > 1 else 0.5) / count for term, count in counts.items() if count}, fold(question))

    def on(self, line: Line) -> float:
        """How much the question points at a line; its label counts double."""
        label = {token.normal for token in tokenize(line.label)}
        return sum(self.weights.get(word, 0.0) * (2 if word in label else 1) for word in _words(line))

    def order(self, lines: Sequence[Line], encoder: Encoder) -> list[Line]:
        """Lines by how much the question points at them; many are told apart by their meaning too."""
        if len(lines) < _MANY:
            return sorted(lines, key=lambda line: -self.on(line))
        alike = _vectors(encoder, tuple(fold(str(line)) for line in lines)) @ encoder.encode([self.question])[0]
        scores = [self.on(line) + _MEANING * float(likeness) for line, likeness in zip(lines, alike, strict=True)]
        return [lines[place] for place in np.argsort(np.negative(scores), kind="stable")]


@lru_cache(maxsize=512)
def _vectors(encoder: Encoder, lines: tuple[str, ...]) -> Array:
    return encode_in_turns(encoder, lines)


def _words(line: Line) -> set[str]:
    return {token.normal for text in (line.label, line.text) for token in content_tokens(text)}


def _facts(section: Section, kb: KnowledgeBase, focus: Focus) -> Block:
    label = section.label or kb.part(section.part).label
    lines: Sequence[Line] = section.lines
    if section.part != "steps":
        lines = focus.order(lines, kb.encoder)
    if len(lines) == 1 and len(str(lines[0])) < 60 and section.part not in _WHOLE_PARTS:
        return Block("facts", (f"▪ {label}：{lines[0]}",))
    bullet = "" if section.part in ("steps", "items") else "・"
    return Block("facts", tuple(f"{bullet}{line}" for line in lines), label)


def _spread(blocks: Sequence[Block], room: int) -> tuple[list[Block], list[Block]]:
    """What a screen shows: of the likeliest part as much as leaves room for a line of the next one, of the others their first lines."""
    seen, more = [], []
    left = room
    for place, block in enumerate(blocks):
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        kept_back = 0 if place or following is None else _size(_cut(following, _TASTE)[0])
        size = max(_LEAST, left - kept_back) if not place else min(left, _TASTE)
        first, second = _cut(block, size)
        if first is not None and _size(first) <= left:
            seen.append(first)
            left -= _size(first)
            more += [second] if second else []
        else:
            more.append(block)
    return seen, more


def _size(block: Block | None) -> int:
    """Lines of a block and the empty one before it."""
    return lines_of(block.text) + 1 if block is not None else 0


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

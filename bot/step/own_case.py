"""「うちは○○を使える？」: a question whether a named program fits the one who asks, answered from its criteria. Pure."""

from __future__ import annotations

import re

from bot.advisor.asking import asked_parts
from bot.dialogs import eligibility
from bot.dialogs.case import Answers, Result
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.derived import DERIVED
from bot.knowledge.entries import Entry
from bot.knowledge.labels import FAMILIAR
from bot.nlp.normalize import fold
from bot.talk.acts import Reading, Value
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Block, Button, Found, Reply
from bot.talk.screen import LINES, lines_of
from bot.talk.taken import Step
from bot.understanding.options import by_words
from bot.understanding.values import chosen

_ASKED = frozenset({"fits", "who", "conditions", "caution", "use", "how", "security"})
"""Parts of an entry that such a question may ask for; one for a limit or a telephone is another question."""

_OWN = ("うち", "ウチ", "わたし", "私", "弊社", "当社", "自分", "僕", "俺", "この会社", "この店")
"""Whose case it is."""

_SENTENCES = re.compile(r"[^。!！\n]+?(?:[?？]+|(?=[。!！\n])|$)")

_SHORT = 20
"""Signs of a text that can only mean what was talked about last."""

_LONG_WORD = {True: 4, False: 3}
"""Signs of an option's word from which it tells the option, for slots that are also understood otherwise and for the others."""


def answer(kb: KnowledgeBase, conversation: Conversation, text: str, reading: Reading) -> Step | None:
    """The verdict on the program that a question is about; ``None`` where it asks something else or nothing is known to judge by."""
    entry = _program(kb, conversation, text)
    if entry is None:
        return None
    if not _asks(kb, text, entry):
        return None
    told = _told(kb, conversation, entry, text, reading)
    if not eligibility.is_known_of(kb, entry, told) and not any(word in text for word in _OWN):
        return None
    result = eligibility.verdict(kb, entry, told)
    reply = _reply(result)
    event = Answered("answer", (Found(entry.id, entry.name, 1.0),), 1.0)
    return Step(conversation.about(entry.id, text, reply.more, entry.related), (reply,), (event,))


def _asks(kb: KnowledgeBase, text: str, entry: Entry) -> bool:
    """Whether a sentence asks if the program can be used, and for nothing else."""
    names = (entry.name, *entry.aliases)
    parts = (set(asked_parts(one, kb.parts, names)) for one in _SENTENCES.findall(text))
    return any("fits" in asked and asked <= _ASKED for asked in parts)


def _program(kb: KnowledgeBase, conversation: Conversation, text: str) -> Entry | None:
    """The one program with criteria that a text names, or that was talked about last where it names nothing."""
    named = kb.entries(kb.index.named(text))
    if not named and (len(text) <= _SHORT or any(word in text for word in _OWN)):
        named = kb.entries((conversation.subject.entry,))
    judged = [entry for entry in named if entry.fits]
    longest = {entry.id: max(map(len, _names_in(entry, fold(text))), default=0) for entry in judged}
    judged.sort(key=lambda entry: -longest[entry.id])
    return judged[0] if judged and (len(judged) == 1 or longest[judged[0].id] > longest[judged[1].id]) else None


def _names_in(entry: Entry, text: str) -> list[str]:
    return [name for name in map(fold, (entry.name, *entry.aliases)) if name in text]


def _told(kb: KnowledgeBase, conversation: Conversation, entry: Entry, text: str, reading: Reading) -> Answers:
    """What is known: the frame, what this text tells, and what long words of it say to slots that criteria look at."""
    told: dict[str, Value] = {slot: fact.value for slot, fact in conversation.facts.items()}
    told |= {one.slot: one.value for one in reading.told if one.value is not None}
    looked_at = {one for criterion in entry.fits for slot in criterion.slots for one in DERIVED.get(slot, (slot,))}
    said = _without_names(entry, fold(text))
    for slot in kb.content.slots.values():
        if slot.id not in looked_at or slot.kind not in ("choice", "choices"):
            continue
        before = told.get(slot.id)
        if slot.kind == "choice":
            meant = by_words(slot.options, said, _LONG_WORD[slot.id in FAMILIAR]) if before is None else ()
            told |= {slot.id: meant[0]} if meant else {}
        elif before is None or isinstance(before, tuple):
            sentences = _SENTENCES.findall(said) if slot.id in FAMILIAR else ()
            found = [one for sentence in sentences for one in chosen(kb, slot, sentence)]
            found += () if slot.id in FAMILIAR else by_words(slot.options, said, _LONG_WORD[False])
            more = tuple(one for one in found if one != slot.no)
            told |= {slot.id: tuple(dict.fromkeys((*(before or ()), *more)))} if more else {}
    return told


def _without_names(entry: Entry, text: str) -> str:
    """A text without the program's own names, whose words tell nothing of the one who asks."""
    for name in sorted(_names_in(entry, text), key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _reply(result: Result) -> Reply:
    """The verdict in a screen; what does not fit it goes behind 「続き」."""
    seen, more = [Block("title", (result.head,))], list(result.more)
    left = LINES - lines_of(result.head)
    for block in result.blocks:
        kept = [line for number, line in enumerate(block.lines) if sum(map(lines_of, block.lines[: number + 1])) <= max(left, 4)]
        if kept:
            seen.append(Block(block.kind, tuple(kept), block.heading))
            left -= sum(map(lines_of, kept))
        if len(kept) < len(block.lines):
            more.insert(0, Block(block.kind, block.lines[len(kept) :], block.heading))
    buttons = (*((Button("続きを見る", "more"),) if more else ()), *result.buttons)
    return Reply(tuple(seen), buttons, tuple(more))

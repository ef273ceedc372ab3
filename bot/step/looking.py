"""Looks a text up in the knowledge base: answers, choices, the kind refusal. Within a task an answer is kept brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.advisor import answers
from bot.advisor.asking import follow_up
from bot.knowledge.base import KnowledgeBase
from bot.step import own_case
from bot.talk import phrases
from bot.talk.acts import Reading
from bot.talk.conversation import Conversation
from bot.talk.replies import Block, Reply, say
from bot.talk.screen import lines_of
from bot.talk.taken import Step

LONGEST = 1000
"""Characters of a message that are read; more than that is no question that can be answered well."""

_BRIEF = 6
"""Lines of a phone that an answer takes within a task."""


def look_up(
    kb: KnowledgeBase, conversation: Conversation, text: str, reading: Reading, now: datetime, *, brief: bool = False
) -> Step:
    """What the knowledge base says to a text."""
    if not text:
        return Step(conversation, (say(phrases.EMPTY),))
    if conversation.subject.entry:
        match follow_up(text):
            case "more":
                return more(kb, conversation)
            case "others":
                return others(kb, conversation)
    own = own_case.answer(kb, conversation, text[:LONGEST], reading)
    if own is not None:
        return own
    taken = answers.to_text(kb, conversation, text[:LONGEST], reading, now)
    if len(text) > LONGEST:
        taken = replace(taken, replies=(*taken.replies, say(phrases.LONG_TEXT)))
    return replace(taken, replies=tuple(map(_brief, taken.replies))) if brief else taken


def _brief(reply: Reply) -> Reply:
    """The first lines of an answer; the rest goes behind 「続き」 with everything else."""
    kept: list[Block] = []
    left = _BRIEF
    for block in reply.blocks:
        if block.kind in ("desk", "note"):
            continue
        lines: list[str] = []
        for line in block.lines:
            if lines_of(line) <= left or (not kept and not lines):
                lines.append(line)
                left -= lines_of(line)
        if lines:
            kept.append(replace(block, lines=tuple(lines)))
        if left <= 0:
            break
    return replace(reply, blocks=tuple(kept), buttons=())


def more(kb: KnowledgeBase, conversation: Conversation) -> Step:
    """「続き」: the rest of the answer; when all was shown, what is related."""
    subject = conversation.subject
    if subject.more:
        reply = Reply(subject.more).with_buttons(*answers.related(kb, subject.entry))
        return Step(replace(conversation, subject=replace(subject, more=())), (reply,))
    entry = kb.entry(subject.entry)
    if entry is None:
        return Step(conversation, (say(phrases.NOTHING_MORE),))
    lines = [phrases.ALL_SHOWN.format(name=entry.name), *entry.web]
    return Step(conversation, (Reply((Block("text", tuple(lines)),), answers.related(kb, entry.id, 4)),))


def others(kb: KnowledgeBase, conversation: Conversation) -> Step:
    """「他には？」: what else the last question may have meant."""
    found = kb.entries(conversation.subject.others)
    if not found:
        return Step(conversation, (say(phrases.NO_OTHERS),))
    return Step(conversation, (answers.choice_reply(phrases.OTHERS, found),))

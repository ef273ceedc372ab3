"""Answers to pass on: a desk forwards a customer's question and gets a text that the customer can read as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.advisor import answers
from bot.advisor.outcome import ANSWER
from bot.dialogs import frame
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.build import as_of_label
from bot.knowledge.citing import branch_lines
from bot.knowledge.entries import Entry
from bot.step.reading import read
from bot.talk import phrases
from bot.talk.conversation import Conversation, Passed
from bot.talk.replies import Block, Button, Reply, say
from bot.talk.taken import Step

MOST_PASSED = 8
"""Forwarded questions whose buttons still work; a desk rarely goes further back."""

_LAST = ("desk", "source")


def answer(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime) -> Step:
    """The answer to a forwarded question. It knows nothing of whoever forwarded it, and teaches nothing about them."""
    number = conversation.passed[-1].number + 1 if conversation.passed else 1
    passed = Passed(number, text)
    conversation = replace(conversation, passed=(*conversation.passed, passed)[-MOST_PASSED:])
    taken = _asked(kb, passed, now)
    event = taken.events[0] if taken.events else None
    if event is None or event.kind not in ("answer", "choices", "unknown"):
        reply = say(phrases.FORWARD_NO_QUESTION)
    elif event.kind == "answer" and event.confidence >= ANSWER:
        reply = Reply(_for_customer(kb, taken), _buttons(passed))
    else:  # what may be wrong is for the desk to choose, not for the customer to read
        nearest = kb.entries(one.id for one in event.entries)
        text = phrases.FORWARD_CHOICES if nearest else phrases.FORWARD_UNKNOWN
        lines = tuple(_for_anyone(branch_lines(kb, kb.municipality(taken.conversation.municipality))))
        reply = Reply((Block("text", (text,)), Block("desk", lines, phrases.FORWARD_DESK)), _candidates(passed, nearest))
    return Step(conversation, (reply,), taken.events)


def press(kb: KnowledgeBase, conversation: Conversation, rest: str, now: datetime) -> Step | None:
    """A button below such an answer; ``None`` when it is too old to tell what it was about."""
    wish, _, rest = rest.partition(":")
    name, _, entry_id = rest.partition(":")
    passed = next((one for one in conversation.passed if str(one.number) == name), None)
    if passed is None:
        return None
    if wish == "e":
        entry = kb.entry(entry_id)
        if entry is None:
            return None
        chosen = replace(passed, entry=entry.id)
        known = tuple(chosen if one is passed else one for one in conversation.passed)
        reply = Reply(_for_customer(kb, _asked(kb, chosen, now)), _buttons(chosen))
        return Step(replace(conversation, passed=known), (reply,))
    taken = _asked(kb, passed, now)
    match wish:
        case "p":
            return Step(conversation, (Reply(_for_customer(kb, taken)),))
        case "d":
            buttons = tuple(one for one in _buttons(passed) if not one.action.startswith("f:d"))
            return Step(conversation, (Reply(_for_customer(kb, taken, whole=True), buttons),))
        case "o":
            others = kb.entries(taken.conversation.subject.others)
            text = phrases.OTHERS if others else phrases.NO_OTHERS
            return Step(conversation, (say(text, buttons=_candidates(passed, others)),))
    return None


def _asked(kb: KnowledgeBase, passed: Passed, now: datetime) -> Step:
    """The question as if the customer had asked it, or what a chosen entry says to it."""
    understood = read(kb, Conversation(), passed.question, now)
    reading = understood.reading
    known = frame.take(kb, Conversation(), understood.plan.keep or reading.told, now.isoformat()).conversation
    learned = answers.to_text(kb, known, passed.question, reading, now)
    entry = kb.entry(passed.entry)
    if entry is None:
        return learned
    about = answers.about(kb, learned.conversation.about("", passed.question), entry, passed.question, now)
    others = tuple(one for one in (*learned.conversation.subject.others, *entry.related) if one != entry.id)
    return replace(about, conversation=replace(about.conversation, subject=replace(about.conversation.subject, others=others)))


def _for_customer(kb: KnowledgeBase, taken: Step, *, whole: bool = False) -> tuple[Block, ...]:
    """The answer without what only the bot's own users can do, with the day of the last check."""
    blocks = [Block("text", (phrases.FORWARD_OPENING,))]
    for reply in taken.replies:
        content = [block for block in reply.blocks if block.kind not in _LAST]
        last = [block for block in reply.blocks if block.kind in _LAST]
        blocks += map(_without_chrome, [*content, *(reply.more if whole else ()), *last])
    found = kb.entries(one.id for event in taken.events for one in event.entries[:1])
    checked = tuple(dict.fromkeys(as_of_label(_checked(entry)) for entry in found if entry.sources))
    return (*blocks, Block("source", (phrases.FORWARD_CHECKED.format(dates="、".join(checked)),))) if checked else tuple(blocks)


def _without_chrome(block: Block) -> Block:
    return replace(block, lines=tuple(_for_anyone(block.lines)))


def _for_anyone(lines: Iterable[str]) -> Iterator[str]:
    return (phrases.FORWARD_INSTEAD.get(line, line) for line in lines)


def _checked(entry: Entry) -> str:
    return max(entry.as_of, entry.checked)


def _buttons(passed: Passed) -> tuple[Button, ...]:
    labels = {"p": phrases.FORWARD_PLAIN, "d": phrases.FORWARD_DETAIL, "o": phrases.FORWARD_OTHERS}
    return tuple(Button(label, f"f:{wish}:{passed.number}") for wish, label in labels.items())


def _candidates(passed: Passed, entries: Sequence[Entry]) -> tuple[Button, ...]:
    return tuple(replace(answers.entry_button(entry), action=f"f:e:{passed.number}:{entry.id}") for entry in entries)

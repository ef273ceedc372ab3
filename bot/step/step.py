"""Takes one turn: what was said is understood, decided and carried out; buttons and commands are carried out as they are. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from bot.dialogs import agenda, frame, reminding, wording
from bot.dialogs.agenda import under_way
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import clean, fold
from bot.step import acting, commands, handover, passing, presses, rating
from bot.step.looking import LONGEST
from bot.step.reading import read
from bot.talk import phrases
from bot.talk.conversation import VERSION, Conversation
from bot.talk.plan import Plan
from bot.talk.replies import Block, say
from bot.talk.taken import Step
from bot.talk.turns import Commanded, DeskReplied, Forwarded, LookedUp, Moved, Pressed, Repeated, Said, Sent, Started, Turn

MOST_READ = 4096
"""Characters of a message that are looked at at all, as many as Telegram sends."""

PAUSE_HOURS = 6
"""After this a task is picked up with a word about what was told."""

_REMEMBERED = 5
"""Answers that a person who is asked later is told of, and messages that are not said again in the same words."""


def step(kb: KnowledgeBase, conversation: Conversation, turn: Turn, now: datetime) -> Step:
    """Take one turn. Pure: same arguments, same result."""
    if conversation.version != VERSION:
        conversation = replace(conversation, tasks=(), version=VERSION)
    if not isinstance(turn, Said):
        conversation = replace(conversation, wording=False)
    taken = _take(kb, conversation, turn, now)
    if not isinstance(turn, Forwarded):
        taken = rating.ask(taken)
    if taken.conversation != Conversation() or conversation == Conversation():
        taken = _in_other_words(taken, conversation.said, as_it_is=_to_pass_on(turn))
    offered = tuple(button for reply in taken.replies for button in reply.buttons)
    following = replace(
        agenda.reopened(kb, taken.conversation),
        buttons=offered,
        last_turn=now.isoformat() if taken.conversation.facts else "",
        told=_answered_so_far(taken),
    )
    return replace(taken, conversation=following)


def _take(kb: KnowledgeBase, conversation: Conversation, turn: Turn, now: datetime) -> Step:
    match turn:
        case Started(payload):
            return commands.start(kb, conversation, payload, now)
        case Commanded(name, argument):
            return commands.command(kb, conversation, name, argument, now)
        case Pressed(action):
            return presses.press(kb, conversation, action, now)
        case Said(text):
            return _say(kb, conversation, clean(text[:MOST_READ]), now)
        case Forwarded(text):
            # Somebody else's words: a command or a label in them is not this user's.
            cleaned = clean(text[:MOST_READ])
            return (
                passing.answer(kb, conversation, cleaned[:LONGEST], now) if cleaned else Step(conversation, (say(phrases.EMPTY),))
            )
        case DeskReplied() | LookedUp() | Repeated() | Moved():
            return Step(conversation, ())  # none of these is said to this chat
        case Sent(kind):
            return Step(conversation, (say(phrases.NOT_TEXT.get(kind, phrases.NOT_TEXT["other"])),))


def _say(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime) -> Step:
    """Typed text: a command, a button's label, the question for a person, or an utterance to be understood."""
    typed = commands.typed(text)
    if typed is not None:
        return commands.command(kb, replace(conversation, wording=False), *typed, now)
    label = fold(text)
    for button in conversation.buttons:
        if label and fold(button.label) == label:
            return presses.press(kb, conversation, button.action, now)
    if text in reminding.CANCEL_WORDS:
        return reminding.drop(conversation)
    if conversation.wording and text:
        return handover.worded(kb, conversation, text)
    if not any(sign.isalnum() for sign in label):
        return Step(conversation, (say(phrases.NO_WORDS if text else phrases.EMPTY),))
    understood = read(kb, conversation, text, now)
    lead = _after_a_pause(kb, conversation, understood.plan, now)
    taken = replace(acting.act(understood, conversation, lead), why=understood.plan.why)
    if len(text) > LONGEST and all(phrases.LONG_TEXT not in reply.text for reply in taken.replies):
        taken = replace(taken, replies=(*taken.replies, say(phrases.LONG_TEXT)))
    return taken


def _after_a_pause(kb: KnowledgeBase, conversation: Conversation, plan: Plan, now: datetime) -> tuple[str, ...]:
    """A word about what is still known, for whoever comes back on another day."""
    if not conversation.last_turn or not conversation.facts or plan.move in ("restart", "review", "handover"):
        return ()
    before = datetime.fromisoformat(conversation.last_turn)
    if (now - before).total_seconds() <= PAUSE_HOURS * 3600:
        return ()
    found = under_way(kb, conversation)
    if found is not None and not found[1].done:
        known = frame.lines(kb, conversation, found[0].slots)
        return (wording.RESUME.format(title=found[0].title, facts="、".join(known)),) if known else ()
    return (wording.REMEMBERED.format(facts="、".join(frame.lines(kb, conversation)[:6])),)


def _to_pass_on(turn: Turn) -> bool:
    """Whether a reply is text for somebody else, or a menu that is shown again in its place."""
    return isinstance(turn, Forwarded) or (isinstance(turn, Pressed) and turn.action.startswith(("f:", "menu")))


def _answered_so_far(taken: Step) -> tuple[str, ...]:
    """The entries that answered last, with those of this step."""
    now = [event.entries[0].id for event in taken.events if event.kind == "answer" and event.entries]
    return tuple(dict.fromkeys([*reversed(now), *taken.conversation.told]))[:_REMEMBERED]


def _in_other_words(taken: Step, said: tuple[str, ...], *, as_it_is: bool) -> Step:
    """The same message never comes twice in a row: the second time it says that it is said again."""
    if not taken.replies:
        return taken
    last = taken.replies[-1]
    if _digest(last.text) in said[:1] and not as_it_is:
        last = replace(last, blocks=(Block("text", (phrases.AGAIN[len(said) % len(phrases.AGAIN)],)), *last.blocks))
    following = replace(taken.conversation, said=(_digest(last.text), *said)[:_REMEMBERED])
    return replace(taken, conversation=following, replies=(*taken.replies[:-1], last))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

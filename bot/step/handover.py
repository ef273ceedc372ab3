"""Hands a question over to a person: what would be sent is shown first, and sent only when the user agrees."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.advisor.unknown import desk_for_topic
from bot.dialogs import frame
from bot.knowledge.base import KnowledgeBase
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Block, Button, Reply, say
from bot.talk.taken import HandOver, Step

ASK = Button(phrases.ASK_PERSON, "h:ask")


def begin(kb: KnowledgeBase, conversation: Conversation) -> Step:
    """Show what would be sent, or ask for the question first."""
    if not conversation.desk:
        return Step(conversation, (without_desk(kb, conversation),))
    return _confirm(kb, conversation) if conversation.subject.question else _wait(conversation)


def worded(kb: KnowledgeBase, conversation: Conversation, text: str) -> Step:
    """The question in the user's words, when they were asked for it."""
    following = replace(conversation.about("", text), wording=False)
    return _confirm(kb, following)


def press(kb: KnowledgeBase, conversation: Conversation, wish: str) -> Step | None:
    """A button of the hand-over."""
    match wish:
        case "ask":
            return begin(kb, conversation)
        case "word":
            return _wait(conversation) if conversation.desk else begin(kb, conversation)
        case "no":
            return Step(replace(conversation, wording=False, confirming=""), (say(phrases.PERSON_NOT_ASKED),))
    sends, _, shown = wish.partition(":")
    return _send(kb, conversation, shown) if sends == "send" else None


def without_desk(kb: KnowledgeBase, conversation: Conversation) -> Reply:
    """Nobody can be asked here: the desk to call."""
    return Reply((Block("text", (phrases.NO_PERSON,)), call(kb, conversation)))


def call(kb: KnowledgeBase, conversation: Conversation) -> Block:
    """Whom to call instead."""
    return Block("desk", tuple(desk_for_topic(kb, conversation, kb.entry(conversation.subject.entry))), phrases.CALL)


def _confirm(kb: KnowledgeBase, conversation: Conversation) -> Step:
    asked = _asked(kb, conversation)
    name = _name(asked)
    lines = (f"・{phrases.PERSON_QUESTION}：{asked.question}", *(f"・{line}" for line in asked.about))
    buttons = (Button(phrases.SEND, f"h:send:{name}"), Button(phrases.OTHER_WORDS, "h:word"), Button(phrases.DO_NOT_SEND, "h:no"))
    reply = Reply((Block("text", (phrases.PERSON_CONFIRM,)), Block("facts", lines)), buttons)
    return Step(replace(conversation, confirming=name), (reply,))


def _send(kb: KnowledgeBase, conversation: Conversation, shown: str) -> Step:
    """Send what was shown, once: a second press finds nothing to confirm, and what has changed since is shown again."""
    if not conversation.desk:
        return begin(kb, conversation)
    if not shown or shown != conversation.confirming:
        return Step(conversation, (say(phrases.PERSON_NOT_TWICE, buttons=(ASK,)),))
    asked = _asked(kb, conversation)
    if _name(asked) != shown:
        return _confirm(kb, conversation)
    return Step(replace(conversation, confirming=""), (say(phrases.PERSON_ASKED),), handover=asked)


def _asked(kb: KnowledgeBase, conversation: Conversation) -> HandOver:
    return HandOver(conversation.subject.question, _about(kb, conversation))


def _name(asked: HandOver) -> str:
    """What a confirmation is known by."""
    return hashlib.blake2b("\n".join((asked.question, *asked.about)).encode(), digest_size=8).hexdigest()


def _wait(conversation: Conversation) -> Step:
    return Step(replace(conversation, wording=True), (say(phrases.PERSON_WHAT, buttons=(Button(phrases.DO_NOT_SEND, "h:no"),)),))


def _about(kb: KnowledgeBase, conversation: Conversation) -> tuple[str, ...]:
    """What was answered so far, and what is known of the business."""
    told = "、".join(entry.name for entry in kb.entries(conversation.told))
    answered = (f"{phrases.PERSON_ANSWERED}：{told}",) if told else ()
    return (*answered, *frame.lines(kb, conversation))

"""An honest "I don't know", with whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import branch_lines, desk_lines
from bot.knowledge.entries import Entry
from bot.knowledge.search import Hit
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Block, Button, Reply
from bot.talk.taken import Step


def unknown(kb: KnowledgeBase, conversation: Conversation, question: str, hits: Sequence[Hit], sure: float) -> Step:
    """An honest "I don't know", with a desk for the topic and the user's ward."""
    nearest = next((entry for hit in hits if (entry := kb.entry(hit.id)) is not None), None)
    lines = desk_for_topic(kb, conversation, nearest)
    blocks = [Block("text", (phrases.UNKNOWN, phrases.UNKNOWN_HINT))]
    if lines:
        blocks.append(Block("desk", tuple(lines), "お問い合わせ先"))
    following = conversation.about("", question)
    buttons = (Button(phrases.ASK_PERSON, "h:ask"),) if conversation.desk else ()
    return Step(following, (Reply(tuple(blocks), buttons),), (Answered("unknown", (), sure, question),))


def none_of_these(kb: KnowledgeBase, conversation: Conversation, now: datetime) -> Step:
    """「どれでもない」: admit it, name a desk, keep the question."""
    return unknown(kb, conversation, conversation.subject.question, (), 0.0)


def desk_for_topic(kb: KnowledgeBase, conversation: Conversation, nearest: Entry | None) -> list[str]:
    """Whom to call about the topic of an entry, and the branch of the user's ward."""
    municipality = kb.municipality(conversation.municipality)
    topics = {"overseas": "contact-jetro-tokyo", "national-loan": "contact-jfc-dial", "mutual-aid": "contact-smrj-kyosai"}
    desk = kb.entry(topics.get(nearest.topic, "")) if nearest else None
    lines = desk_lines(desk) if desk else []
    office = kb.entry("contact-tokyo-kinyuka")
    if office is not None and not lines:
        lines = desk_lines(office)
    return [*lines, *branch_lines(kb, municipality)]

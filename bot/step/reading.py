"""Reads a text where the conversation stands: taken apart once, understood, and decided about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.business_days import TOKYO
from bot.dialogs import asking
from bot.dialogs.agenda import under_way
from bot.knowledge.base import KnowledgeBase
from bot.step.deciding import decide
from bot.talk.acts import Reading, Setting
from bot.talk.conversation import Conversation, Offer
from bot.talk.plan import Plan
from bot.understanding.understand import understand
from bot.understanding.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Understood:
    """A text with what it means where the conversation stands, and the plan that follows."""

    kb: KnowledgeBase
    text: str
    utterance: Utterance
    reading: Reading
    plan: Plan
    now: datetime


def read(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime) -> Understood:
    """Take a text apart, understand it and decide about it."""
    today = now.astimezone(TOKYO).date()
    utterance = Utterance.of(kb, text, today)
    reading = understand(kb, setting(kb, conversation), utterance, today, conversation.entity, frozenset(conversation.facts))
    return Understood(kb, text, utterance, reading, decide(conversation, reading), now)


def setting(kb: KnowledgeBase, conversation: Conversation) -> Setting:
    """What the next utterance is said into. A task that is offered, or that what was told speaks for, counts as the one that is spoken of."""
    found = under_way(kb, conversation)
    offer = conversation.offer
    if found is None and not offer.kind and (told_for := asking.told_for(kb, conversation)) is not None:
        offer = Offer("begin", told_for.id)
    offered = offer.task if offer.kind == "begin" else ""
    return Setting(
        found[1].id if found is not None else offered,
        conversation.asked.slot if found is not None else "",
        f"{offer.kind} {offer.task}".strip(),
        conversation.subject.entry,
    )

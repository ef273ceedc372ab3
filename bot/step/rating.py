"""A user's word on an answer: 👍, or 👎 and what was wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from bot.knowledge.base import KnowledgeBase
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Button, say
from bot.talk.taken import Rated, Rating, Step


def ask(taken: Step) -> Step:
    """Put the two buttons below an answer; they carry its entry, for they may be pressed much later."""
    entry = next((event.entries[0].id for event in reversed(taken.events) if event.kind == "answer" and event.entries), "")
    if not entry or not taken.replies or taken.conversation.tasks:
        return taken
    buttons = (Button(phrases.GOOD, f"y:{entry}"), Button(phrases.BAD, f"n:{entry}", beside=True))
    return replace(taken, replies=(*taken.replies[:-1], taken.replies[-1].with_buttons(*buttons)))


def praise(kb: KnowledgeBase, conversation: Conversation, entry: str) -> Step | None:
    """👍 on an answer; ``None`` when there is no such entry any more."""
    if kb.entry(entry) is None:
        return None
    return Step(conversation, (say(phrases.RATED_GOOD),), rated=Rated("good", entry))


def blame(kb: KnowledgeBase, conversation: Conversation, entry: str) -> Step | None:
    """👎 on an answer: ask what was wrong."""
    if kb.entry(entry) is None:
        return None
    buttons = tuple(Button(label, f"v:{rating}:{entry}") for rating, label in phrases.SHORTCOMINGS.items())
    return Step(conversation, (say(phrases.RATED_BAD, buttons=buttons),))


def explain(kb: KnowledgeBase, conversation: Conversation, rest: str) -> Step | None:
    """What was wrong. The question goes to the staff while it is still the one talked about."""
    name, _, entry = rest.partition(":")
    rating = next((one for one in get_args(Rating) if one == name and one in phrases.SHORTCOMINGS), None)
    if rating is None or kb.entry(entry) is None:
        return None
    question = conversation.subject.question if conversation.subject.entry == entry else ""
    return Step(conversation, (say(phrases.RATED),), rated=Rated(rating, entry, question))

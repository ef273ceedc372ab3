"""Conversations to start from."""

from __future__ import annotations

from bot.talk.acts import Value
from bot.talk.conversation import Conversation, Fact


def knowing(**facts: Value) -> Conversation:
    """A conversation in which some facts were told before."""
    return Conversation(facts={slot: Fact(value) for slot, value in facts.items()})

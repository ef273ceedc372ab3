"""The result of one step."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advisor.conversation import Conversation
from bot.advisor.replies import Answered, Reply


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn leads to: the conversation from now on, what is said, and what happened."""

    conversation: Conversation
    replies: tuple[Reply, ...]
    events: tuple[Answered, ...] = ()

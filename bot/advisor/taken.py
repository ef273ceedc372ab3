"""The result of one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.advisor.conversation import Conversation
from bot.advisor.replies import Answered, Reply


@dataclass(frozen=True, slots=True)
class Reminder:
    """A text that the shell sends when it is due."""

    due: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn leads to: the conversation from now on, what is said, and what happened."""

    conversation: Conversation
    replies: tuple[Reply, ...]
    events: tuple[Answered, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    drops_reminders: bool = False

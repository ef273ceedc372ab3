"""The result of one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.talk.conversation import Conversation
from bot.talk.replies import Answered, Reply


@dataclass(frozen=True, slots=True)
class Reminder:
    """A text that the shell sends when it is due."""

    due: datetime
    text: str


Rating = Literal["good", "wrong", "partial", "missing"]
"""What an asker says of an answer: it helped, it is wrong, something is missing in it, it is not what was asked."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A user's word on an answer about ``entry``; ``question`` is kept for the staff where the answer did not help."""

    rating: Rating
    entry: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A question for a person, with what the user agreed to send along."""

    question: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn leads to: the conversation from now on, what is said, what happened, and which rows decided that."""

    conversation: Conversation
    replies: tuple[Reply, ...]
    events: tuple[Answered, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    drops_reminders: bool = False
    rated: Rated | None = None
    handover: HandOver | None = None
    why: tuple[str, ...] = ()

    @property
    def forgets(self) -> bool:
        """Whether nothing of the chat may stay."""
        return any(reply.erased for reply in self.replies)

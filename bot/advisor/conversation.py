"""What the bot remembers of a conversation between turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.advisor.replies import Block, Button

VERSION = 1

Entity = Literal["corporation", "sole", ""]
"""Whether the user acts as a corporation or as a sole proprietor; empty while unknown."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a step needs from before.

    ``focus`` is the entry talked about, ``asked`` the question it answered; ``more`` is what
    「続き」 shows; ``others`` are entries for 「他には？」; ``buttons`` are those last offered, so that
    typing a label works like pressing it; ``municipality`` is the user's own.
    """

    municipality: str = ""
    entity: Entity = ""
    focus: str = ""
    asked: str = ""
    others: tuple[str, ...] = ()
    more: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    talked: int = 0
    version: int = VERSION

"""What the bot remembers of a conversation between turns."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advisor.replies import Block, Button

VERSION = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a step needs from before.

    ``focus`` is the entry talked about, ``asked`` the question it answered; ``more`` is what
    「続き」 shows; ``others`` are entries for 「他には？」; ``buttons`` are those last offered, so that
    typing a label works like pressing it; ``municipality`` is the user's own.
    """

    municipality: str = ""
    entity: str = ""
    focus: str = ""
    asked: str = ""
    others: tuple[str, ...] = ()
    more: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    talked: int = 0
    version: int = VERSION

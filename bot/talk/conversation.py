"""What the bot remembers of a conversation between turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.talk.replies import Block, Button

VERSION = 2

Entity = Literal["corporation", "sole", ""]
"""Whether the user acts as a corporation or as a sole proprietor; empty while unknown."""


Value = int | str | tuple[str, ...]
"""A slot's value: yen, people and months as whole numbers, dates as ISO text, choices as their ids."""


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A dialog under way. The next question follows from ``answers``; nothing else is remembered of its course.

    ``open_`` are slots that the user left open, ``asked`` the slot asked last, ``times`` how often in a
    row and ``misses`` how often in a row its answer was not understood. ``order`` lists slots as they were
    answered, for going back. ``done`` means that the result was shown; corrections still change it.
    """

    id: str
    answers: dict[str, Value] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    asked: str = ""
    times: int = 0
    misses: int = 0
    done: bool = False
    confirming: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A customer's question that was forwarded; ``entry`` is what was chosen to answer it, "" for what the search finds."""

    number: int
    question: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a step needs from before.

    ``focus`` is the entry talked about, ``asked`` the question it answered; ``more`` is what
    「続き」 shows; ``others`` are entries for 「他には？」; ``buttons`` are those last offered, so that
    typing a label works like pressing it; ``municipality`` is the user's own. ``profile`` holds what is
    known of the business, ``dialogs`` those under way (the last one is on top), ``laid_by`` those that were
    left, with their answers, ``last_turn`` the time of the turn before (ISO), ``said`` a digest of
    the last message, ``ticked`` the boxes ticked, by checklist, and ``passed`` the questions forwarded last. ``told`` are the
    entries that answered last, the newest first. ``desk`` says that a
    person can be asked here, ``wording`` that the next text is the question for one, and ``quiet``
    that the user does not want to hear of answers found later.
    """

    municipality: str = ""
    entity: Entity = ""
    focus: str = ""
    asked: str = ""
    others: tuple[str, ...] = ()
    more: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    talked: int = 0
    profile: dict[str, Value] = field(default_factory=dict)
    dialogs: tuple[OpenDialog, ...] = ()
    laid_by: tuple[OpenDialog, ...] = ()
    last_turn: str = ""
    said: str = ""
    ticked: dict[str, tuple[int, ...]] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    told: tuple[str, ...] = ()
    desk: bool = False
    wording: bool = False
    quiet: bool = False
    version: int = VERSION

"""What a dialog is made of: slots with their questions, and a function from answers to a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.knowledge.base import KnowledgeBase
from bot.talk.replies import Attachment, Block, Button, Picture

Value = int | str | tuple[str, ...]
Answers = Mapping[str, Value]
"""What is known, by slot. Yen, people and months are whole numbers; dates ISO text; choices their ids."""

Kind = Literal["choice", "choices", "yen", "people", "months", "percent", "times", "date", "place", "industry", "country"]


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer. ``cue`` (a pattern on folded text) reads it anywhere, ``short`` only as a direct answer."""

    id: str
    label: str
    cue: str = ""
    short: str = ""
    shown: bool = True
    """Whether there is a button for it; rarer answers are only read."""


def always(_: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to learn.

    ``shared`` slots are facts about the business, kept in the profile. ``near`` is a pattern that marks
    a number, or not knowing, as this slot's (資本金 before 1,000万円). ``matters`` says what an unknown answer leaves open;
    a slot without it cannot be skipped, as there is no result without it.
    """

    id: str
    label: str
    kind: Kind
    question: str
    why: str
    hint: str
    options: tuple[Option, ...] = ()
    near: str = ""
    applies: Callable[[Answers], bool] = always
    matters: str = ""
    shared: bool = False
    optional: bool = False
    """Read when told, never asked."""
    before: Callable[[Case], str] | None = None
    """What can be said already when this question comes up, from the answers so far."""
    clears: tuple[tuple[str, str], ...] = ()
    """Options whose choice makes another slot's answer void: pairs of option and slot."""
    remark: Callable[[KnowledgeBase, Value], str] | None = None
    """What is worth saying as soon as the answer is known."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a result is worked out from."""

    kb: KnowledgeBase
    answers: Answers
    today: date


@dataclass(frozen=True, slots=True)
class Result:
    """What a dialog comes to; ``picture`` is drawn by the shell, ``focus`` is the entry that follow-ups mean."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None
    focus: str = ""
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Dialog:
    """A declared dialog. ``opens`` are patterns on folded text that ask for it; ``near`` entries offer it by a button."""

    id: str
    title: str
    command: str
    opens: tuple[str, ...]
    slots: tuple[Slot, ...]
    conclude: Callable[[Case], Result]
    intro: str
    near: tuple[str, ...] = ()
    result_words: str = ""
    """A pattern on folded text that asks for this dialog's result while it is under way."""

    def slot(self, slot_id: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.id == slot_id), None)

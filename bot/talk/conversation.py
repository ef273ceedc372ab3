"""What the bot remembers of a conversation between turns, one idea a class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.talk.acts import Value
from bot.talk.replies import Block, Button

VERSION = 3

Entity = Literal["corporation", "sole", ""]
"""Whether the user acts as a corporation or as a sole proprietor; empty while unknown."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the user told of the business: the value, when (ISO), and whether only roughly.

    ``low`` is the lower end where a range was told; ``value`` is then the upper one.
    """

    value: Value
    at: str = ""
    vague: bool = False
    low: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task under way. ``done`` means that all was asked and the result shown; corrections still change it.

    ``open_`` are slots that the user left open, ``order`` those told in this task, for going back.
    """

    id: str
    open_: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The slot asked last, how often in a row, and how often in a row nothing was understood."""

    slot: str = ""
    times: int = 0
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A yes/no offer that stands: ``begin`` a task, ``cancel`` or ``resume`` the one under way, ``handover``."""

    kind: Literal["begin", "cancel", "resume", "handover", ""] = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was answered last: the entry, the question, what 「続き」 shows, and the entries for 「他には？」."""

    entry: str = ""
    question: str = ""
    more: tuple[Block, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A customer's question that was forwarded; ``entry`` is what was chosen to answer it, "" for what the search finds."""

    number: int
    question: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything a step needs from before.

    ``facts`` is the frame: what is known of the business, by slot. ``tasks`` is the agenda, the one under way on top. ``buttons`` are
    those last offered, so that typing a label works like pressing it. ``last_turn`` is the time of the turn before (ISO), ``said``
    digests of the last messages, ``ticked`` the boxes ticked, by checklist, ``passed`` the questions forwarded last, ``told`` the
    entries that answered last, the newest first. ``desk`` says that a person can be asked here, ``wording`` that the next text is
    the question for one, ``confirming`` names what was shown last to be sent to one, until it is, and ``quiet`` says that the user
    does not want to hear of answers found later.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    asked: Asked = Asked()
    offer: Offer = Offer()
    subject: Subject = Subject()
    buttons: tuple[Button, ...] = ()
    talked: int = 0
    last_turn: str = ""
    said: tuple[str, ...] = ()
    ticked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    told: tuple[str, ...] = ()
    desk: bool = False
    wording: bool = False
    confirming: str = ""
    quiet: bool = False
    version: int = VERSION

    @property
    def municipality(self) -> str:
        """The user's own ward, city, town or village; empty while unknown."""
        fact = self.facts.get("municipality")
        return str(fact.value) if fact is not None else ""

    @property
    def entity(self) -> Entity:
        fact = self.facts.get("entity")
        return "" if fact is None else "sole" if fact.value == "sole" else "corporation"

    @property
    def task(self) -> Task | None:
        """The task under way."""
        return self.tasks[-1] if self.tasks else None

    def value(self, slot: str) -> Value | None:
        fact = self.facts.get(slot)
        return fact.value if fact is not None else None

    def keep(self, slot: str, fact: Fact) -> Conversation:
        """The conversation with one more fact, or another one in its place."""
        return replace(self, facts={**self.facts, slot: fact})

    def drop(self, *slots: str) -> Conversation:
        """The conversation without some facts."""
        return replace(self, facts={slot: fact for slot, fact in self.facts.items() if slot not in slots})

    def about(self, entry: str, question: str, more: tuple[Block, ...] = (), others: tuple[str, ...] = ()) -> Conversation:
        """The conversation with another subject."""
        return replace(self, subject=Subject(entry, question, more, others))

"""The models of what the dialogs ask and hear (``dialogs/``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from bot.knowledge.dialogs import Kind
from bot.knowledge.yaml_types import Id, Name, SlotId, Strict, Text

Calculator = Literal[
    "roadmap", "loan", "fee", "size", "bond", "kyosai", "refund", "sharing", "plan", "documents", "branch", "texts"
]
"""What works out a dialog's result. ``texts`` says the texts that the dialog itself gives for what was answered."""


class Option(Strict):
    """A possible answer: the words that say it, longer ways of saying it, and the span of numbers that it stands for."""

    id: Id
    label: Name
    words: list[Name] = []
    examples: list[Text] = []
    shown: bool = True
    from_: Annotated[int | None, Field(alias="from")] = None
    below: int | None = None


class Slot(Strict):
    """One thing to learn about a business or its wish."""

    id: SlotId
    label: Name
    kind: Kind
    question: Text
    why: Text
    hint: Text
    clarify: Text | None = None
    explained_by: Id | None = None
    matters: Text | None = None
    words: list[Name] = []
    options: list[Option] = []
    yes: Id | None = None
    no: Id | None = None
    unknown: Id | None = None
    least: int | None = None
    most: int | None = None
    learned_as: SlotId | None = None
    partial: bool = False
    vague: list[Id] = []
    several: bool = False
    settled: list[Name] = []


class Skip(Strict):
    """When a dialog does not ask a slot: another one is told (or one of some values is), or none of others is."""

    slot: SlotId
    told: SlotId | None = None
    is_: Annotated[list[Name], Field(alias="is")] = []
    untold: Annotated[list[SlotId], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)] = []


class Wording(Strict):
    """What a dialog says otherwise about a slot than the slot itself."""

    slot: SlotId
    label: Name | None = None
    question: Text | None = None
    why: Text | None = None
    matters: Text | None = None


class Conclusion(Strict):
    """A text that a dialog of the kind ``texts`` concludes with when all of ``when`` holds; the first that fits counts."""

    when: dict[SlotId, Annotated[list[Name], Field(min_length=1)]] = {}
    text: Text
    entries: list[Id] = []


class Dialog(Strict):
    """A dialog: what it asks, in this order, what else it uses when told, and what works out its result."""

    id: Id
    title: Name
    command: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]
    calculator: Calculator
    intro: Text
    asks: Annotated[list[SlotId], Field(min_length=1)]
    hears: list[SlotId] = []
    skips: list[Skip] = []
    near: list[Id] = []
    wording: list[Wording] = []
    concludes: list[Conclusion] = []

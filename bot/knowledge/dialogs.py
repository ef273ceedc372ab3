"""What the dialogs ask and hear, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal[
    "choice",
    "choices",
    "yen",
    "people",
    "months",
    "rounds",
    "percent",
    "times",
    "number",
    "date",
    "place",
    "industry",
    "country",
    "age",
]
"""How a slot's value is read. ``age`` is a length of time in business, or that it has not begun."""


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer; ``words`` and ``examples`` (folded) are ways of saying it, ``shown`` whether it has a button.

    One that stands for a span of numbers has its ends: the least (``from_``), and what it stays below.
    """

    id: str
    label: str
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    shown: bool = True
    from_: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to learn.

    ``words`` (folded) mark a number as this slot's. ``matters`` says what an unknown answer leaves open. ``yes`` and ``no`` are the
    options that a bare yes or no means, ``unknown`` the one that not knowing means, ``least`` and ``most`` the bounds of a plain number, ``learned_as`` the slot under whose name
    utterances are understood. Of a ``partial`` slot the answers told say nothing of the other ones (a certificate held does not mean that
    there is no other), and ``vague`` are options that decide nothing. A yes or no that is about ``several`` things stays a yes when one of
    them is denied in passing. ``settled`` (folded) are words that say of what was told that it is over.
    """

    id: str
    label: str
    kind: Kind
    question: str
    why: str
    hint: str
    clarify: str = ""
    explained_by: str = ""
    matters: str = ""
    words: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    yes: str = ""
    no: str = ""
    unknown: str = ""
    least: int | None = None
    most: int | None = None
    learned_as: str = ""
    partial: bool = False
    vague: tuple[str, ...] = ()
    several: bool = False
    settled: tuple[str, ...] = ()

    def option(self, option_id: str) -> Option | None:
        return next((one for one in self.options if one.id == option_id), None)


@dataclass(frozen=True, slots=True)
class Skip:
    """``slot`` is not asked when ``told`` is known (and is one of ``values``, where there are any), or when none of ``untold`` is."""

    slot: str
    told: str = ""
    values: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A text to conclude with when all of ``when`` holds, and the entries that it rests on."""

    when: Mapping[str, tuple[str, ...]]
    text: str
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Dialog:
    """A dialog: its slots in the order of asking, those that it only hears, and who works out the result."""

    id: str
    title: str
    command: str
    calculator: str
    intro: str
    asks: tuple[Slot, ...]
    hears: tuple[Slot, ...] = ()
    skips: tuple[Skip, ...] = ()
    near: tuple[str, ...] = ()
    concludes: tuple[Conclusion, ...] = ()

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return (*self.asks, *self.hears)

    def slot(self, slot_id: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.id == slot_id), None)

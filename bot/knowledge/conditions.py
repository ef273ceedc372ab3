"""Conditions over what is known of a business, judged in three values: met, not met, or unknown (Kleene's logic).

What is unknown stays unknown until it is told; telling more never makes a verdict unknown again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from bot.knowledge.dialogs import Slot

Verdict = Literal["met", "not met", "unknown"]
Facts = Mapping[str, int | str | tuple[str, ...]]
"""What is known, by slot: numbers, ids of options, or several ids."""

ANY = "*"
"""What every answer fulfils; at the end of a value, whatever begins with the rest of it."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A slot's answer is, or holds, one of some values; with ``only`` it holds nothing else."""

    slot: str
    values: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A slot's number lies within bounds: from ``least`` to ``most``, ``above`` and ``below`` others."""

    slot: str
    least: int | None = None
    most: int | None = None
    above: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One part at least holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Fits:
    """Another program fits."""

    program: str


Condition = OneOf | Between | Every | Some | Not | Fits
Leaf = OneOf | Between | Fits

_OPPOSITE: Mapping[Verdict, Verdict] = {"met": "not met", "not met": "met", "unknown": "unknown"}


def every(verdicts: list[Verdict]) -> Verdict:
    """Met when all are, not met when one is not.

    >>> every(["met", "unknown"]), every(["unknown", "not met"]), every([])
    ('unknown', 'not met', 'met')
    """
    return "not met" if "not met" in verdicts else "unknown" if "unknown" in verdicts else "met"


def judge(condition: Condition, leaf: Callable[[Leaf], Verdict]) -> Verdict:
    """What a condition comes to when ``leaf`` tells what its leaves do."""
    match condition:
        case Every(parts):
            return every([judge(one, leaf) for one in parts])
        case Some(parts):
            return _OPPOSITE[every([_OPPOSITE[judge(one, leaf)] for one in parts])]
        case Not(part):
            return _OPPOSITE[judge(part, leaf)]
        case _:
            return leaf(condition)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The leaves of a condition, in its order."""
    match condition:
        case Every(parts) | Some(parts):
            for one in parts:
                yield from leaves(one)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def known(condition: OneOf | Between, facts: Facts, slot: Slot | None) -> Verdict:
    """What the facts say to a leaf. ``slot`` tells what its options mean; facts that follow from others have none."""
    value = facts.get(condition.slot)
    if value is None:
        return "unknown"
    answers = {str(one) for one in value} if isinstance(value, tuple) else {str(value)}
    vague = set(slot.vague) & answers if slot is not None else set()
    if answers == vague:
        return "unknown"
    if isinstance(condition, Between):
        return _within(condition, answers, slot)
    fulfilled = [any(_is(one, wanted) for wanted in condition.values) for one in answers - vague]
    if all(fulfilled) if condition.only else any(fulfilled):
        return "met"
    unsaid = slot is not None and (slot.partial and slot.no not in answers)
    return "unknown" if unsaid or vague else "not met"


def _is(answer: str, wanted: str) -> bool:
    return answer.startswith(wanted[:-1]) if wanted.endswith(ANY) else answer == wanted


def _within(bounds: Between, answers: set[str], slot: Slot | None) -> Verdict:
    """A number is within or not; an option that stands for a span may reach over a bound; any other is not within."""
    answer = next(iter(answers))
    option = slot.option(answer) if slot is not None else None
    if option is not None:
        if option.from_ is None and option.below is None:
            return "not met"
        low, high = Decimal(option.from_ or 0), Decimal(option.below) if option.below is not None else None
        first, last = _holds(bounds, low), _holds(bounds, high - 1) if high is not None else _unbounded(bounds)
        return "met" if first and last else "unknown" if first or last or _inside(bounds, low, high) else "not met"
    try:
        return "met" if _holds(bounds, Decimal(answer)) else "not met"
    except InvalidOperation:
        return "unknown"


def _holds(bounds: Between, number: Decimal) -> bool:
    return (
        (bounds.least is None or number >= bounds.least)
        and (bounds.most is None or number <= bounds.most)
        and (bounds.above is None or number > bounds.above)
        and (bounds.below is None or number < bounds.below)
    )


def _unbounded(bounds: Between) -> bool:
    return bounds.most is None and bounds.below is None


def _inside(bounds: Between, low: Decimal, high: Decimal | None) -> bool:
    """Whether the bounds lie wholly within a span."""
    edges = [Decimal(edge) for edge in (bounds.least, bounds.most, bounds.above, bounds.below) if edge is not None]
    return any(low < edge and (high is None or edge < high) for edge in edges)

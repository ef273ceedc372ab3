"""Whom a program fits: its criteria, each judged met, not met or unknown from what is known of a business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.knowledge.conditions import Facts, Fits, Leaf, Verdict, judge, known, leaves
from bot.knowledge.criteria import DECISIVE, EXCLUDING, Criterion, Kind
from bot.knowledge.derived import derive
from bot.knowledge.entries import Content

Outcome = Literal["can", "depends", "cannot"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion with its verdict. ``touched`` says that something told speaks for or against it although it is still unknown."""

    criterion: Criterion
    verdict: Verdict
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """A program with all its criteria judged."""

    program: str
    judged: tuple[Judged, ...]

    @property
    def outcome(self) -> Outcome:
        """Whether it can be used as far as is known, cannot, or depends on what is not known.

        Amounts, what the desk judges and what excludes most people leave it open only where something told speaks to it.
        """
        if any(one.verdict == "not met" and one.criterion.kind in EXCLUDING for one in self.judged):
            return "cannot"
        decisive = [one for one in self.judged if one.criterion.kind in DECISIVE]
        own = [one for one in decisive if not one.criterion.shared] or decisive
        open_ = any(one.verdict != "met" for one in own) or any(one.touched for one in self.judged if one.criterion.kind == "bar")
        return "depends" if open_ or not own else "can"

    def of(self, verdict: Verdict, *kinds: Kind) -> list[Criterion]:
        """The criteria of some kinds (all without any) with a verdict."""
        return [one.criterion for one in self.judged if one.verdict == verdict and (not kinds or one.criterion.kind in kinds)]

    @property
    def excluding(self) -> list[Criterion]:
        """What speaks against it."""
        return [one for one in self.of("not met") if one.kind in EXCLUDING]


@dataclass(frozen=True)
class Judge:
    """Judges programs by the same facts."""

    content: Content
    told: Facts
    facts: Facts = field(init=False)
    _done: dict[str, Fit] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", derive(self.content, self.told))

    def fit(self, program: str) -> Fit:
        """The criteria of a program (an entry's id), judged."""
        if program not in self._done:
            entry = self.content.entries.get(program)
            self._done[program] = Fit(program, ())  # what refers to itself says nothing
            self._done[program] = Fit(program, tuple(map(self._judged, entry.fits if entry is not None else ())))
        return self._done[program]

    def _judged(self, criterion: Criterion) -> Judged:
        if criterion.when is None:
            return Judged(criterion, "unknown")
        verdict = judge(criterion.when, self._leaf)
        touched = verdict == "unknown" and any(self._leaf(one) == "met" for one in leaves(criterion.when))
        return Judged(criterion, verdict, touched)

    def _leaf(self, leaf: Leaf) -> Verdict:
        if isinstance(leaf, Fits):
            return self._whole(self.fit(leaf.program))
        return known(leaf, self.facts, self.content.slots.get(leaf.slot))

    def _whole(self, fit: Fit) -> Verdict:
        outcomes: Mapping[Outcome, Verdict] = {"can": "met", "cannot": "not met", "depends": "unknown"}
        return outcomes[fit.outcome]

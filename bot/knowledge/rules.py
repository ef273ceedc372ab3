"""The rule tables that staff keep for the dialogs, as plain data (``knowledge_base/rules/``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Industry:
    """A kind of business; ``row`` is the row of the size table, ``words`` what people call it (folded).

    ``npo_employees`` and ``npo_small`` are the bounds for NPOs where they differ from the table's (its note ※2).
    """

    id: str
    label: str
    row: str
    words: tuple[str, ...]
    npo_employees: int | None = None
    npo_small: int | None = None


@dataclass(frozen=True, slots=True)
class ExcludedIndustry:
    """A kind of business or body that the guarantee corporation does not serve."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageRule:
    """``when`` maps slots to the answers that fulfil it; the first rule that holds decides the stage."""

    stage: int
    when: Mapping[str, tuple[str, ...]]
    because: str


@dataclass(frozen=True, slots=True)
class StageAdvice:
    """The next step at a stage, and what would lead to another one."""

    stage: int
    next_step: str
    programs: tuple[str, ...]
    contacts: tuple[str, ...]
    change: str


@dataclass(frozen=True, slots=True)
class FeeFactor:
    """For ``payments_from`` to ``payments_to`` instalments."""

    payments_from: int
    payments_to: int
    equal: Decimal
    uneven: Decimal


@dataclass(frozen=True, slots=True)
class WardTopUp:
    """``share`` of the fee or interest that the ward pays, ``tokyo_share`` what Tokyo pays before it."""

    ward: str
    entry: str
    kind: str
    share: Decimal
    most_yen: int | None
    most_percent: Decimal | None
    tokyo_share: Decimal
    says: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All rule tables of a knowledge base."""

    industries: tuple[Industry, ...] = ()
    excluded: tuple[ExcludedIndustry, ...] = ()
    countries: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each with the name it is shown by, and all its names (folded)."""
    stage_rules: tuple[StageRule, ...] = ()
    stage_advice: tuple[StageAdvice, ...] = ()
    fee_factors: tuple[FeeFactor, ...] = ()
    ward_top_ups: tuple[WardTopUp, ...] = ()

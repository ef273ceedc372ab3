"""The models of the rule tables under ``rules/``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.knowledge.yaml_types import Id, Name, SlotId, Strict, Text


class Industry(Strict):
    """What people call a kind of business, and the row of the size table that it belongs to."""

    id: Id
    label: Name
    row: Name
    words: Annotated[list[Name], Field(min_length=1)]
    npo_employees: int | None = None
    npo_small: int | None = None


class ExcludedIndustry(Strict):
    """A kind of business or body that the guarantee corporation does not serve."""

    label: Name
    words: Annotated[list[Name], Field(min_length=1)]


Conditions = dict[SlotId, Annotated[list[Name], Field(min_length=1)]]
"""Slots, and for each the answers that fulfil the condition; all slots must be fulfilled."""

StageNumber = Annotated[int, Field(ge=1, le=4)]
Fraction = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?$")]


class StageRule(Strict):
    """When a user stands at a stage of the overseas roadmap; the first rule that holds decides."""

    stage: StageNumber
    when: Conditions
    because: Text


class StageAdvice(Strict):
    """What to do next at a stage."""

    stage: StageNumber
    next_step: Text
    programs: Annotated[list[Id], Field(min_length=3)]
    contacts: Annotated[list[Id], Field(min_length=1)]
    change: Text


class FeeFactor(Strict):
    """What a guarantee fee is multiplied with when it is repaid in so many instalments."""

    payments_from: Annotated[int, Field(ge=2)]
    payments_to: int
    equal: Fraction
    uneven: Fraction


class WardTopUp(Strict):
    """What a ward adds to Tokyo's subsidy, as a source's example gives it."""

    ward: Name
    entry: Id
    kind: Literal["fee", "interest"]
    share: Fraction
    most_yen: int | None = None
    most_percent: Fraction | None = None
    tokyo_share: Fraction | None = None
    says: Text

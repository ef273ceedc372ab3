"""Turns the rule tables of validated YAML into plain data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.knowledge import rule_schema, schema
from bot.knowledge.rules import (
    ExcludedIndustry,
    FeeFactor,
    Industry,
    Rules,
    StageAdvice,
    StageRule,
    WardTopUp,
)
from bot.nlp.normalize import fold


def build_rules(contents: Sequence[schema.KnowledgeFile]) -> Rules:
    """All rule tables of all files."""
    return Rules(
        industries=tuple(
            Industry(one.id, one.label, one.row, tuple(map(fold, one.words)), one.npo_employees, one.npo_small)
            for content in contents
            for one in content.industries
        ),
        excluded=tuple(
            ExcludedIndustry(one.label, tuple(map(fold, one.words)))
            for content in contents
            for one in content.excluded_industries
        ),
        countries=tuple((one[0], tuple(map(fold, one))) for content in contents for one in content.countries),
        stage_rules=tuple(
            StageRule(one.stage, {slot: tuple(values) for slot, values in one.when.items()}, one.because)
            for content in contents
            for one in content.stage_rules
        ),
        stage_advice=tuple(
            StageAdvice(one.stage, one.next_step, tuple(one.programs), tuple(one.contacts), one.change)
            for content in contents
            for one in content.stage_advice
        ),
        fee_factors=tuple(
            FeeFactor(one.payments_from, one.payments_to, Decimal(one.equal), Decimal(one.uneven))
            for content in contents
            for one in content.fee_factors
        ),
        ward_top_ups=tuple(_top_up(one) for content in contents for one in content.ward_top_ups),
    )


def _top_up(one: rule_schema.WardTopUp) -> WardTopUp:
    most = Decimal(one.most_percent) if one.most_percent else None
    tokyo = Decimal(one.tokyo_share or 0)
    return WardTopUp(one.ward, one.entry, one.kind, Decimal(one.share), one.most_yen, most, tokyo, one.says)

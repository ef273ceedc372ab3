"""Whether a company's figures meet the standard for guaranteed private bonds.

Source: SME Agency's guidebook, 2016-02 (特定社債保証制度): by net assets, (equity ratio or net-assets multiple) and (return on
assets or interest coverage). The figures stand in the table of the knowledge base.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.knowledge.conditions import Facts
from bot.knowledge.entries import Content
from bot.nlp.values.amounts import amounts

RATIOS = ("equity", "multiple", "return", "coverage")
"""The slots of the table's columns イ, ロ, ハ and ニ."""

TABLE = "tekisai-kijun"
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:%|倍)以上")


@dataclass(frozen=True, slots=True)
class Standard:
    """A row of the table: its name, the four bounds as written, and which of them are met."""

    name: str
    bounds: tuple[str, ...]
    met: tuple[bool | None, ...]

    @property
    def holds(self) -> bool | None:
        """Whether one of the first two and one of the last two are met; ``None`` while that is open."""
        both = (_either(*self.met[:2]), _either(*self.met[2:]))
        return True if all(both) else False if False in both else None


def standard(content: Content, facts: Facts) -> Standard | None:
    """The row for the net assets told, with what the ratios told come to; ``None`` below the lowest row, or without a table."""
    table, net = content.entries.get(TABLE), facts.get("net_assets")
    if table is None or not isinstance(net, int):
        return None
    row = next((one for one in reversed(table.rows) if net >= amounts(one[0])[0].low), None)
    if row is None:
        return None
    bounds = tuple(_NUMBER.findall(row[1]))
    return Standard(
        row[0], bounds, tuple(_met(facts, ratio, Decimal(bound)) for ratio, bound in zip(RATIOS, bounds, strict=True))
    )


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first or second:
        return True
    return None if first is None or second is None else False


def _met(facts: Facts, slot: str, bound: Decimal) -> bool | None:
    value = facts.get(slot)
    return None if value is None else Decimal(str(value)) >= bound

"""Shares in percent, multiples, and numbers of any kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.nlp.values.quantities import Bound, quantities


@dataclass(frozen=True, slots=True)
class Figure:
    """``low``–``high`` of a share, a multiple or any number; ``unit`` is the word after it as written, if it is one that counts."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool = False
    bare: bool = False
    bound: Bound = ""
    unit: str = ""
    ordinal: bool = False

    @property
    def value(self) -> Decimal:
        """The number as said; of a range the upper end."""
        return self.high


def percents(text: str) -> list[Figure]:
    """Shares in percent.

    >>> [(str(one.value), one.start) for one in percents("自己資本比率は２５．５％、自己資金は3割")]
    [('25.5', 7), ('30', 18)]
    """
    found: list[Figure] = []
    for one in quantities(text):
        before = found[-1] if found else None
        if one.unit == "分" and before is not None and before.end == one.start and before.unit == "割":  # 3割5分
            found[-1] = replace(before, end=one.end, low=before.low + one.low, high=before.high + one.high, unit="%")
        elif one.kind in ("percent", "tenths") and not one.ordinal:
            factor = 10 if one.kind == "tenths" else 1
            unit = "割" if one.kind == "tenths" else "%"
            found.append(Figure(one.start, one.end, one.low * factor, one.high * factor, one.vague, bound=one.bound, unit=unit))
    return found


def times(text: str) -> list[Figure]:
    """Multiples: how many times as much.

    >>> [str(one.value) for one in times("売上の２．５倍")]
    ['2.5']
    """
    return [one for one in numbers(text) if one.unit == "倍" and not one.ordinal]


def numbers(text: str) -> list[Figure]:
    """All numbers with the unit that follows them.

    >>> [(str(one.value), one.unit) for one in numbers("3店舗で12人、第2期は500")]
    [('3', '店舗'), ('12', '人'), ('2', '期'), ('500', '')]
    """
    return [
        Figure(one.start, one.end, one.low, one.high, one.vague, one.bare, one.bound, one.unit, one.ordinal)
        for one in quantities(text)
    ]

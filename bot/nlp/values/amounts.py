"""Amounts of money in yen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.nlp.normalize import fold
from bot.nlp.values.quantities import Bound, Quantity, quantities

_MOST = 10**14
_MAN = 10_000


@dataclass(frozen=True, slots=True)
class Amount:
    """``low``–``high`` yen from ``start`` to ``end`` of the folded text.

    ``vague`` is said only roughly (ぐらい, 数百万) or as a range; ``bare`` is a number without 円 or 万, which is money only where
    money is asked for; ``bound`` tells 以上 and 以下. Losses (▲500万) are below zero.
    """

    start: int
    end: int
    low: int
    high: int
    vague: bool = False
    bare: bool = False
    bound: Bound = ""

    @property
    def yen(self) -> int:
        """The amount as said; of a range the upper end."""
        return self.high


_MILLION = 1_000_000
"""15M円 is fifteen million yen."""


def amounts(text: str) -> list[Amount]:
    """All amounts in a text, in their order.

    >>> [(one.low, one.yen) for one in amounts("５００〜６００万くらい、資本金は三千万円")]
    [(5000000, 6000000), (30000000, 30000000)]
    >>> [(one.low, one.high, one.vague) for one in amounts("数百万か1億2千")]
    [(2000000, 9000000, True), (120000000, 120000000, False)]
    """
    folded = fold(text)
    found = []
    for one in quantities(folded):
        millions = one.unit == "m" and folded.startswith("円", one.next)
        if (one.kind not in ("yen", "") and not millions) or one.ordinal:
            continue
        low, high = (one.low * _MILLION, one.high * _MILLION) if millions else (_spoken(one, one.low), _spoken(one, one.high))
        whole = low == low.to_integral_value() and high == high.to_integral_value()
        if not whole or abs(high) >= _MOST or abs(low) >= _MOST or _is_digit_alone(one, folded):
            continue
        bare = one.bare and not one.numeral.large and not millions
        vague = one.vague or (not one.bare and _tail(one) > 0)
        end = one.next + 1 if millions else one.end
        found.append(Amount(one.start, end, int(low), int(high), vague, bare, one.bound))
    return found


def _tail(one: Quantity) -> Decimal:
    return one.numeral.tail if one.numeral.tail < _MAN else Decimal(0)


def _spoken(one: Quantity, value: Decimal) -> Decimal:
    """1億2千 without 円 is 1億2千万, and 1億5 is 1億5千万: what follows 億 is counted in 万, a digit alone in 千万."""
    tail = _tail(one)
    if not tail or not one.bare or abs(value) not in (one.numeral.low, one.numeral.high):
        return value
    return value + tail * ((1000 * _MAN if tail < 10 else _MAN) - 1)


def _is_digit_alone(one: Quantity, text: str) -> bool:
    """Kanji below ten (二) are no amount unless 円 follows."""
    return one.bare and abs(one.high) < 11 and not any(character.isdecimal() for character in text[one.start : one.end])


def yen(value: int) -> str:
    """An amount as people write it.

    >>> yen(120_000_000), yen(5_000_000), yen(165_600)
    ('1億2,000万円', '500万円', '165,600円')
    """
    if value == 0 or value % _MAN:
        return f"{value:,}円"
    hundred_millions, rest = divmod(value // _MAN, _MAN)
    text = f"{hundred_millions:,}億" if hundred_millions else ""
    return f"{text}{rest:,}万円" if rest else f"{text}円"

"""Numbers as written in Japanese: 1億2千万, 一千五百万, 30,000, 1.5億, 十五."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "壱": 1, "弐": 2, "参": 3}
_SMALL = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}

NUMBER = r"(?:[0-9]|[〇零一二三四五六七八九壱弐参十拾百千])(?:[,.]*[0-9]|[〇零一二三四五六七八九壱弐参十拾百千万億兆])*"
"""A stretch of folded text that is one number. There is one way to read each stretch, so that no text takes long."""

_PART = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")


def number(text: str) -> Decimal | None:
    """The value of a number as written; ``None`` when the signs do not make one.

    >>> number("1億2千万"), number("一千五百万"), number("30,000千"), number("0.5")
    (Decimal('120000000'), Decimal('15000000'), Decimal('30000000'), Decimal('0.5'))
    """
    total = group = Decimal(0)
    current: Decimal | None = None
    run = 0  # kanji digits in a row: 二〇二六
    for match in _PART.finditer(text):
        part = match[0]
        if part[0].isascii() and part[0].isdigit():
            if current is not None:
                return None
            current = Decimal(part.replace(",", ""))
        elif part in _DIGITS:
            run = run + 1 if current is not None else 1
            current = (current or Decimal(0)) * (10 if run > 1 else 1) + _DIGITS[part]
        elif part in _SMALL:
            group += (Decimal(1) if current is None else current) * _SMALL[part]
            current = None
        elif part in _LARGE:
            group += current or Decimal(0)
            total += (group or Decimal(1)) * _LARGE[part]
            group, current = Decimal(0), None
        else:
            return None
    return total + group + (current or Decimal(0))


def whole(text: str) -> int | None:
    """A number without decimals."""
    value = number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None

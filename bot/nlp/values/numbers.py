"""Numbers as written in Japanese: 1億2千万, 一千五百万, 30,000, 1.5億, 十五, and roughly: 数百, 何十, 十数.

A number is read as the interval of what it may mean. Kanjize reads kanji alone and takes 「2,3百万」 and 「10百万」 for errors, so
it serves the tests only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "壱": 1, "弐": 2, "参": 3, "伍": 5}  # fmt: skip
SMALL = {"十": 10, "拾": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
ROUGH = "数何幾"
"""Characters for a digit that is left open."""

NUMBER = r"(?:[0-9]|[〇零一二三四五六七八九壱弐参伍十拾百千])(?:[,.]*[0-9]|[〇零一二三四五六七八九壱弐参伍十拾百千万億兆])*"
"""A stretch of folded text that is one number. There is one way to read each stretch, so that no text takes long."""

_PART = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")
_NONE = Decimal(0)
_NO_LIMIT = 10**16


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest part of a number: ``kind`` is figures, digit, rough, small or large; what it means lies in ``low``–``high``."""

    kind: str
    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row of atoms means: ``used`` of them make the number.

    ``large`` says that 万 or 億 occurs; ``scale`` is what the units after the first figures multiply them by (1万 in 600万);
    ``tail`` is what follows 億 without a unit of its own (2000 in 1億2千).
    """

    used: int
    low: Decimal
    high: Decimal
    vague: bool
    large: bool
    scale: int
    tail: Decimal


def atom(character: str, start: int) -> Atom | None:
    """The part of a number that one kanji is."""
    if character in DIGITS:
        kind, low = "digit", DIGITS[character]
    elif character in SMALL:
        kind, low = "small", SMALL[character]
    elif character in LARGE:
        kind, low = "large", LARGE[character]
    elif character in ROUGH:
        return Atom("rough", start, start + 1, Decimal(2), Decimal(9), vague=True)
    else:
        return None
    return Atom(kind, start, start + 1, Decimal(low), Decimal(low))


def read(atoms: Sequence[Atom], first: int = 0) -> Reading:
    """The longest number that begins at ``first``; units that do not fall (十十, 1億1億) begin another one."""
    total = group = (_NONE, _NONE)
    current: Atom | None = None
    pending = done = position = first  # where the current figures began, and where the last 万 or 億 ended
    last_small = last_large = _NO_LIMIT
    scale, plain, vague = 1, True, False
    while position < len(atoms):
        one = atoms[position]
        if one.kind not in ("small", "large"):
            if current is None:
                after_ten = one.kind == "rough" and position > first and atoms[position - 1].kind == "small"
                current = replace(one, low=Decimal(1)) if after_ten else one
                pending = position
            elif current.kind == one.kind == "digit":
                current = _next_digit(atoms, first, position, current)
            else:
                break
            plain = plain and pending == first
        else:
            unit = int(one.low)
            if unit >= (last_small if one.kind == "small" else last_large) or (one.kind == "large" and position == first):
                if one.kind == "large":
                    position, group = done, (_NONE, _NONE)
                elif current is not None:
                    position = pending
                current = None
                break
            factor = (
                (current.low, current.high) if current else (Decimal(1), Decimal(1)) if one.kind == "small" else (_NONE, _NONE)
            )
            vague = vague or bool(current and current.vague)
            scale *= unit if position > first else 1
            if one.kind == "small":
                group, last_small = (group[0] + factor[0] * unit, group[1] + factor[1] * unit), unit
            else:
                total = (total[0] + (group[0] + factor[0]) * unit, total[1] + (group[1] + factor[1]) * unit)
                group, last_large, last_small, done = (_NONE, _NONE), unit, _NO_LIMIT, position + 1
            current = None
        position += 1
    vague = vague or bool(current and current.vague)
    rest = (group[0] + current.low, group[1] + current.high) if current else group
    large = last_large != _NO_LIMIT
    tail = rest[1] if last_large == LARGE["億"] else _NONE
    return Reading(position - first, total[0] + rest[0], total[1] + rest[1], vague, large, scale if plain else 1, tail)


def _next_digit(atoms: Sequence[Atom], first: int, position: int, current: Atom) -> Atom:
    """One digit more: 二〇二六 by place; just two that follow each other (二三人) are two or three."""
    one = atoms[position]
    goes_on = position + 1 < len(atoms) and atoms[position + 1].kind == "digit"
    began = position - 1 == first or atoms[position - 2].kind != "digit"
    if began and not goes_on and 0 < current.low == one.low - 1:
        return Atom("digit", current.start, one.end, current.low, one.low, vague=True)
    value = current.low * 10 + one.low
    return Atom("digit", current.start, one.end, value, value)


def number(text: str) -> Decimal | None:
    """The value of a number as written, digits by their place; ``None`` when the signs do not make one.

    >>> number("1億2千万"), number("一千五百万"), number("30,000千"), number("0.5")
    (Decimal('120000000'), Decimal('15000000'), Decimal('30000000'), Decimal('0.5'))
    """
    total = group = _NONE
    current: Decimal | None = None
    run = 0  # kanji digits in a row: 二〇二六
    for match in _PART.finditer(text):
        part = match[0]
        if part[0].isascii() and part[0].isdigit():
            if current is not None:
                return None
            current = Decimal(part.replace(",", ""))
        elif part in DIGITS:
            run = run + 1 if current is not None else 1
            current = (current or _NONE) * (10 if run > 1 else 1) + DIGITS[part]
        elif part in SMALL:
            group += (Decimal(1) if current is None else current) * SMALL[part]
            current = None
        elif part in LARGE:
            group += current or _NONE
            total += (group or Decimal(1)) * LARGE[part]
            group, current = _NONE, None
        else:
            return None
    return total + group + (current or _NONE)


def whole(text: str) -> int | None:
    """A number without decimals."""
    value = number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None

"""Finds the numbers in a text and leaves the numerals in words alone (八百屋, 一緒, 三田), which Sudachi's units tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.nlp.tokenizer import tokenize
from bot.nlp.values import numbers
from bot.nlp.values.numbers import DIGITS, LARGE, ROUGH, SMALL, Atom

MOST = 200
"""Numbers that are looked at in one text."""

_LONGEST = 48
"""Characters of the longest number; a longer stretch of numerals is play."""

_KANJI = frozenset([*DIGITS, *SMALL, *LARGE])
_FORMAL = frozenset("壱弐参伍拾")
_UNITS = frozenset([*SMALL, *LARGE])
_STRETCH = re.compile(rf"[0-9{''.join(_KANJI)}{ROUGH}]+")
_BLOCK = re.compile(r"[0-9]+|[^0-9]+")
_FIGURES = re.compile(r"[0-9]+")
_GROUP = re.compile(r",[0-9]{3}(?![0-9])")
_SPACED = re.compile(r"(?: [0-9]{3})+(?![0-9])")
_MONEY = re.compile(r" ?[千百万億円]")
_MAN = re.compile(r"[0-9,]{1,6}千?万")
_DECIMALS = re.compile(r"\.[0-9]+")
_DOTS = re.compile(r"(?:\.[0-9]+){2,}")
_PAIR = re.compile(r"[,、・]([0-9])(?![0-9,.])")
_COUNTED_UNITS = "人 名 年 円 月 日 回 倍 割 社 件 台 歳 才 丁目 週間 時間 人目 年目 回目 年間 か月 ヶ月 カ月 名様 店"
_COUNTED = frozenset(_COUNTED_UNITS.split())
"""What may stand after numerals in one unit of Sudachi's (一人, 十日) without making another word of them."""

_NUMERIC = "".join(_KANJI) + ROUGH + "0123456789,."
_WORDS = ("十分", "十条", "十二分", "万一", "万が一")
"""Words that Sudachi takes apart."""

_BEFORE_OPEN = frozenset("人回件点指複多少手算関年半総台個枚者社員名店戸変奇偶整")
"""Before 数: the end of a word (人数, 回数), not a number that is left open."""

_AFTER_OPEN = frozenset([*_UNITS, *"人名年日回割倍件社店箇カヵヶか週時"])


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a folded text; ``ordinal`` after 第, ``negative`` after a minus. The rest is as in ``numbers.Reading``."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool
    large: bool
    scale: int
    tail: Decimal
    ordinal: bool
    negative: bool


def numerals(text: str) -> list[Numeral]:
    """The numbers of a folded text, in their order.

    >>> [(int(one.low), int(one.high)) for one in numerals("八百屋で二、三人、1,200万円と数百万")]
    [(2, 3), (12000000, 12000000), (2000000, 9000000)]
    """
    found: list[Numeral] = []
    for atoms in _runs(text):
        first = 0
        while first < len(atoms) and len(found) < MOST:
            reading = numbers.read(atoms, first)
            if not reading.used:  # 万 or 億 without a number
                one = atoms[first]
                first += 1
                if text.startswith("単位", one.end):
                    found.append(
                        Numeral(one.start, one.end, one.low, one.low, True, True, int(one.low), Decimal(0), False, False)
                    )
                continue
            start, end = atoms[first].start, atoms[first + reading.used - 1].end
            first += reading.used
            before = text[start - 1 : start]
            if not ("a" <= before <= "z" and not reading.large):  # b2b, a4
                found.append(
                    Numeral(
                        start, end, reading.low, reading.high, reading.vague, reading.large, reading.scale, reading.tail,
                        before == "第", _negative(text, start),
                    )
                )  # fmt: skip
        if len(found) >= MOST:
            break
    return found


def _negative(text: str, start: int) -> bool:
    if text[max(0, start - 4) : start] == "マイナス":
        return True
    sign = text[start - 1 : start]
    if sign in ("▲", "△"):
        return True
    before = text[start - 2 : start - 1] if start > 1 else ""
    return sign == "-" and not (before.isascii() and before.isalnum()) and before not in (*_KANJI, *"円人名年月日回%-)")


def _runs(text: str) -> Iterator[list[Atom]]:
    """Rows of atoms that stand next to each other."""
    run: list[Atom] = []
    for one in _atoms(text):
        gap = text[run[-1].end : one.start] if run else ""
        joined = not gap or (gap == " " and _goes_on(text, run[-1], one))
        if run and not joined:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _goes_on(text: str, before: Atom, one: Atom) -> bool:
    """Whether a number goes on after a space: 300 万, 1億 2000万."""
    if before.kind == "figures":
        return one.kind in ("small", "large")
    return before.kind == "large" and before.low > LARGE["万"] and bool(_MAN.match(text, one.start))


def _atoms(text: str) -> Iterator[Atom]:
    stretches = [match.span() for match in _STRETCH.finditer(text) if match.end() - match.start() <= _LONGEST]
    if len(stretches) > 2 * MOST:  # no more than these are looked at, and units for them alone
        stretches = stretches[: 2 * MOST]
        text = text[: stretches[-1][1] + _LONGEST]
    blocks = [match for start, end in stretches for match in _BLOCK.finditer(text, start, end)]
    kanji = any(not match[0].isascii() for match in blocks)
    spoken = _accepted(text) if kanji else frozenset()
    position = 0
    for match in blocks:
        if match.start() < position and (match.end() <= position or match[0].isascii()):
            continue
        if match[0].isascii():
            one, position = _figures(text, match)
            if one is not None:
                yield one
            continue
        position = max(position, match.start())
        while position < match.end():
            here = _open_or_pair(text, position, spoken)
            if here is not None:
                yield here
                position = here.end
                continue
            if position in spoken and text[position] not in ROUGH and (one := numbers.atom(text[position], position)):
                yield one
            position += 1


def _figures(text: str, match: re.Match[str]) -> tuple[Atom | None, int]:
    """A number in figures. A comma groups three digits and nothing else; two digits with one between are either of them."""
    start, end = match.span()
    before = text[start - 1 : start]
    dots = _DOTS.match(text, end)
    if dots:
        return None, dots.end()  # 2027.3.31
    pair = _PAIR.match(text, end)
    if end - start == 1 and pair and int(pair[1]) == int(match[0]) + 1 and before not in (",", "、", "."):
        return Atom("figures", start, pair.end(), Decimal(match[0]), Decimal(pair[1]), vague=True), pair.end()
    if end - start <= 3 and match[0][0] != "0":
        while group := _GROUP.match(text, end):
            end = group.end()
        spaced = _SPACED.match(text, end) if end == match.end() else None
        if spaced and (spaced.end() - end > 4 or _MONEY.match(text, spaced.end())):
            end = spaced.end()
    badly_grouped = (text[end : end + 1] == "," and text[end + 1 : end + 2].isdigit()) or (
        before == "," and start > 1 and text[start - 2].isdigit()
    )
    if (decimals := _DECIMALS.match(text, end)) and not badly_grouped:
        end = decimals.end()
    value = Decimal(re.sub("[, ]", "", text[start:end]))
    return Atom("figures", start, end, value, value, vague=badly_grouped), end


def _open_or_pair(text: str, position: int, spoken: frozenset[int]) -> Atom | None:
    """数 in 数百 and 十数人, 何 in 何十, and 二、三."""
    character, following = text[position], text[position + 1 : position + 2]
    before = text[position - 1] if position else ""
    if character in ROUGH:
        said = following in _UNITS or (character == "数" and following in _AFTER_OPEN)
        ends_word = character == "数" and before in _BEFORE_OPEN
        return numbers.atom(character, position) if following and said and not ends_word else None
    second = position + 2
    if following and following in "、,・" and position in spoken and second in spoken and before not in DIGITS:
        first_digit, digit = DIGITS.get(character), DIGITS.get(text[second])
        if first_digit and digit == first_digit + 1 and text[second + 1 : second + 2] not in DIGITS:
            return Atom("figures", position, second + 1, Decimal(first_digit), Decimal(digit), vague=True)
    return None


def _accepted(text: str) -> frozenset[int]:
    """Positions of the kanji that are numerals and no part of a word."""
    accepted: set[int] = set()
    start = 0
    for token in tokenize(text):
        surface, end = token.surface, start + len(token.surface)
        if not _KANJI.isdisjoint(surface):
            lead = len(surface) - len(surface.lstrip(_NUMERIC))
            rest = surface[lead:]
            if surface in _WORDS or ((start == 0 or text[start - 1] not in _KANJI) and text.startswith(_WORDS, start)):
                pass
            elif lead and (not rest or rest in _COUNTED):
                accepted.update(range(start, start + lead))
            elif surface[-1] in _FORMAL and text[end : end + 1] in _KANJI:
                accepted.add(end - 1)  # 金伍百万: Sudachi sees a name
        start = end
    return frozenset(accepted)

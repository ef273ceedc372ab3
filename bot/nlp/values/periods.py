"""Numbers of people and lengths of time."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlp.normalize import fold
from bot.nlp.values.numbers import NUMBER, number, whole

_PEOPLE = re.compile(rf"({NUMBER})\s*(?:人|名(?!古屋|義|前|称)|にん)")
_ONE_OR_TWO = (
    (re.compile(r"ひとり|(?:自分|私|俺)(?:だけ|のみ|1人)|おひとり"), 1),
    (re.compile(r"ふたり|夫婦だけ|夫婦ふたり"), 2),
)
_YEARS = re.compile(rf"({NUMBER})\s*(?:年間?|ねん)(?!生|度|代|前半|後半)\s*(半)?(?:と?\s*({NUMBER})\s*(?:[ヶかカヵケ箇]?月))?")
_MONTHS = re.compile(rf"({NUMBER})\s*(?:[ヶかカヵケ箇]月|回|months?)")
_HALF_YEAR = re.compile(r"半年|はんとし")
_LONGEST_MONTHS = 1200


def people(text: str) -> list[tuple[int, int]]:
    """Numbers of people with where they stand in the folded text.

    >>> people("従業員は十五人くらい、役員３名です")
    [(15, 4), (3, 13)]
    """
    folded = fold(text)
    found = [(value, match.start()) for match in _PEOPLE.finditer(folded) if (value := whole(match[1])) is not None]
    if not found:
        found = [(value, match.start()) for pattern, value in _ONE_OR_TWO if (match := pattern.search(folded))]
    return [one for one in found if one[0] <= 1_000_000]


def months(text: str) -> list[tuple[int, int]]:
    """Lengths of time in months with where they stand: 3年半, 24か月, 24回, 半年.

    >>> months("3年半"), months("24回払い"), months("1年6か月")
    ([(42, 0)], [(24, 0)], [(18, 0)])
    """
    folded = fold(text)
    found: list[tuple[int, int]] = []
    taken: list[tuple[int, int]] = []
    for match in _YEARS.finditer(folded):
        years, rest = number(match[1]), whole(match[3]) if match[3] else 0
        if years is None or years > 100 or rest is None:
            continue
        found.append((int(years * 12) + (6 if match[2] else 0) + rest, match.start()))
        taken.append(match.span())
    for match in _MONTHS.finditer(folded):
        value = number(match[1])
        if value is not None and value == int(value) and not any(start <= match.start() < end for start, end in taken):
            found.append((int(value), match.start()))
    found += [(6, match.start()) for match in _HALF_YEAR.finditer(folded)]
    return sorted((one for one in found if one[0] <= _LONGEST_MONTHS), key=lambda one: one[1])


def percents(text: str) -> list[tuple[Decimal, int]]:
    """Percentages with where they stand.

    >>> percents("自己資本比率は２５．５％")
    [(Decimal('25.5'), 7)]
    """
    folded = fold(text)
    return [
        (value, match.start())
        for match in re.finditer(rf"({NUMBER})\s*(?:%|パーセント|ぱーせんと)", folded)
        if (value := number(match[1])) is not None
    ]


def length(value: int) -> str:
    """Months as people say them.

    >>> length(24), length(42), length(5)
    ('2年', '3年6か月', '5か月')
    """
    years, rest = divmod(value, 12)
    return (f"{years}年" if years else "") + (f"{rest}か月" if rest or not years else "")

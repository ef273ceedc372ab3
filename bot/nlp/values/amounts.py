"""Amounts of money in yen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlp.normalize import fold
from bot.nlp.values.numbers import NUMBER, number

_MOST = 10**14
_AMOUNT = re.compile(rf"({NUMBER})\s*(円|えん|yen)?")
_RANGE = re.compile(r"\s*(?:~|から|-|ないし|か)\s*")
_NOT_MONEY = re.compile(
    r"\s*(?:人|名|年|ヶ?月|か月|カ月|ヵ月|日|回|%|パーセント|割|倍|社|店|件|号|歳|才|坪|階|期|丁目|番|時|分|台|区分|枚|個|つ)"
)
_LARGE = re.compile(r"[万億千百]")


@dataclass(frozen=True, slots=True)
class Amount:
    """``yen`` as said; for a range the upper end, with ``low`` the lower. ``start`` is where it stands in the folded text.

    ``bare`` is a number without 円 or 万, which is money only where money is asked for.
    """

    yen: int
    low: int
    start: int
    end: int
    bare: bool = False


def amounts(text: str) -> list[Amount]:
    """All amounts in a text, in their order.

    >>> [(one.low, one.yen) for one in amounts("５００〜６００万くらい、資本金は三千万円")]
    [(5000000, 6000000), (30000000, 30000000)]
    """
    folded = fold(text)
    found: list[Amount] = []
    for match in _AMOUNT.finditer(folded):
        if _NOT_MONEY.match(folded, match.end()) and not match[2]:
            continue
        value = number(match[1])
        if value is None or value >= _MOST or value != value.to_integral_value():
            continue
        bare = not match[2] and not re.search(r"[万億]", match[1])
        if bare and not match[1][0].isdigit() and not _LARGE.search(match[1]):
            continue  # 一つ, 二
        found.append(Amount(int(value), int(value), match.start(), match.end(), bare))
    return _with_ranges(folded, found)


def _with_ranges(text: str, found: list[Amount]) -> list[Amount]:
    joined: list[Amount] = []
    for one in found:
        before = joined[-1] if joined else None
        if before is not None and before.low == before.yen and _RANGE.fullmatch(text[before.end : one.start]):
            low = before.yen
            if before.bare and not one.bare:  # 500~600万
                unit = 10**8 if one.yen >= 10**8 and low < 1000 else 10**4
                low *= unit if low < one.yen // 100 or low * unit <= one.yen else 1
            if low <= one.yen:
                joined[-1] = Amount(one.yen, low, before.start, one.end, bare=one.bare)
                continue
        joined.append(one)
    return joined


def yen(value: int) -> str:
    """An amount as people write it.

    >>> yen(120_000_000), yen(5_000_000), yen(165_600)
    ('1億2,000万円', '500万円', '165,600円')
    """
    if value == 0 or value % 10_000:
        return f"{value:,}円"
    hundred_millions, rest = divmod(value // 10_000, 10_000)
    text = f"{hundred_millions:,}億" if hundred_millions else ""
    return f"{text}{rest:,}万円" if rest else f"{text}円"

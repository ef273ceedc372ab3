"""A guarantee fee paid by the year.

Shares in percent by the term of the guarantee: the page of the Tokyo guarantee corporation on instalments (2022-01-31) gives those of a
loan over ten years, with the amounts; pages of other corporations, undated, give the whole table (fee-instalment-shares).
The shares are truncated to the yen and the first payment takes the rest, as in Tokyo's example.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.dialogs.calculators import results
from bot.knowledge.base import KnowledgeBase
from bot.talk.replies import Block

_UP_TO = re.compile(r"(\d+)年以内")
_SHARE = re.compile(r"(\d+)%")
_TOKYO_MONTHS = range(97, 121)
"""Terms for which Tokyo's own page shows the shares."""

_TERMS = "分割には協会の承認が要り、東京都の制度融資で保証料の補助を受けるときは使えません。"
_ELSEWHERE = "割合はほかの地域の協会のもので、東京では担当支店にお確かめください。"


def payments(total: int, shares: Sequence[int]) -> tuple[int, ...]:
    """What is paid with the loan and after each further year, in yen.

    >>> payments(1_545_750, (35, 30, 20, 10, 5))
    (541013, 463725, 309150, 154575, 77287)
    """
    later = [total * share // 100 for share in shares[1:]]
    return (total - sum(later), *later)


def shares_of(kb: KnowledgeBase, months: int) -> tuple[int, ...]:
    """The shares in percent for a term in months; empty where it is paid at once, or no page tells."""
    table = kb.entry("fee-instalment-shares")
    for name, text in table.rows if table is not None else ():
        most = _UP_TO.search(name)
        if most is not None and months <= int(most[1]) * 12:
            return tuple(map(int, _SHARE.findall(text)))
    return ()


def block(kb: KnowledgeBase, total: int, months: int) -> tuple[Block, ...]:
    """The payments by the year, with their sources; nothing where the fee is paid at once."""
    shares = shares_of(kb, months)
    if not shares:
        return ()
    lines = [
        f"・{'貸付のとき' if not year else f'{year}年後'}：{total:,}円 × {share}% ＝ {paid:,}円"
        for year, (share, paid) in enumerate(zip(shares, payments(total, shares), strict=True))
    ]
    in_tokyo = months in _TOKYO_MONTHS
    note = _TERMS if in_tokyo else _TERMS + _ELSEWHERE
    cited = ("fee-instalments",) if in_tokyo else ("fee-instalments", "fee-instalment-shares")
    return (Block("facts", tuple(lines), "年ごとに分けて払う場合"), Block("note", (note,)), results.sources(kb, cited))

"""Numbers of people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlp.normalize import fold
from bot.nlp.values.quantities import Bound, quantities

_MOST = 1_000_000
_WORDS = {
    "ひとりも": 1,
    "ひとり": 1,
    "ふたり": 2,
    "ワンオペ": 1,
    "夫婦だけ": 2,
    "夫婦のみ": 2,
    **{self + only: 1 for self in ("自分", "私", "俺", "僕", "わたし") for only in ("だけ", "のみ", "しか")},
}
"""Numbers of people that are said without a numeral."""

_INSIDE = frozenset("ぁあぃいうえおかがきぎくけこさしすせそただちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん")
_NOT_INSIDE = frozenset("はがをにでともやのおご")
_NONE = (
    "いない",
    "いません",
    "おりません",
    "いなく",
    "居ない",
    "居ません",
    "なし",
    "雇っていない",
    "雇っていません",
    "雇ってない",
)


@dataclass(frozen=True, slots=True)
class People:
    """``low``–``high`` people; ``vague`` is said only roughly (数人, 十人弱) or as a range. 「1人もいない」 is nobody."""

    start: int
    end: int
    low: int
    high: int
    vague: bool = False
    bare: bool = False
    bound: Bound = ""

    @property
    def count(self) -> int:
        """The number as said; of a range the upper end."""
        return self.high


def people(text: str) -> list[People]:
    """Numbers of people, in their order. Portions (3人前) and places in a row (3人目) are none.

    >>> [(one.count, one.start) for one in people("従業員は十五人くらい、役員３名です")]
    [(15, 4), (3, 13)]
    >>> [(one.low, one.high) for one in people("十人弱か、ひとり。1人もいません")]
    [(8, 10), (1, 1), (0, 0)]
    """
    folded = fold(text)
    found = [
        _counted(folded, People(one.start, one.end, int(one.low), int(one.high), one.vague, bound=one.bound))
        for one in quantities(folded)
        if one.kind == "people" and not one.ordinal and 0 <= one.low <= one.high <= _MOST and one.low == int(one.low)
    ]
    for word, count in _WORDS.items():
        position = folded.find(word)
        while position >= 0:
            end = position + len(word)
            before = folded[position - 1 : position]
            inside = before in _INSIDE and before not in _NOT_INSIDE
            if not inside and not any(one.start < end and position < one.end for one in found):
                found.append(_counted(folded, People(position, end - word.endswith("も"), count, count)))
            position = folded.find(word, end)
    return sorted(found, key=lambda one: one.start)


def _counted(text: str, one: People) -> People:
    """Nobody where 「も…いない」 follows one person."""
    if one.high == 1 and text.startswith("も", one.end) and text.startswith(_NONE, one.end + 1):
        return People(one.start, one.end, 0, 0)
    return one

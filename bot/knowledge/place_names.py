"""Looks up place names in a text, and sees where a name of a place is a part of another one's: 大田さん, 中野製作所."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from bot.nlp.tokenizer import Token, tokenize

Kind = Literal["name", "area", "stem", "town", "formal", "outside", "none"]

_PERSONS = "さん 様 さま 氏 くん 君 ちゃん 先生 社長 部長 課長 係長 専務 常務 会長 店長 所長 代表取締役"
_FIRMS = (
    "屋 産業 商店 商事 商会 株式会社 (株) (有) 有限会社 合同会社 製作所 製造 工業 工務店 銀行 信用 信金 信組 会 化工 化学 建設 電機 電気 物産 食品 薬局 "
    "病院 医院 大学 高校 運輸 運送 不動産 精機 鉄工 新聞 法律 税理 ホールディングス グループ"
)
_AFTER = tuple((_PERSONS + " " + _FIRMS).split())
_STILL_PLACE = (
    "商店街",
    "会社",
    "信用保証",
    "会場",
    "会計",
    "会館",
    "会員",
    "会議",
    "屋台",
    "屋上",
    "産業道路",
    "製造業",
    "建設業",
    "不動産業",
    "さんの近く",
    "産業を",
)
"""What begins like the rest of a name and is a word of its own."""

_BEFORE = ("株式会社", "有限会社", "合同会社", "(株)", "(有)")
_PRODUCT = frozenset("焼織塗漆紬牛豚鶏茶酒")
"""What makes a place before it the name of a product: 有田焼."""


def in_another_name(text: str, start: int, end: int) -> bool:
    """Whether the place from ``start`` to ``end`` is part of the name of a person, a firm or an institution."""
    if text.startswith(_AFTER, end) and not text.startswith(_STILL_PLACE, end):
        return True
    return text.endswith(_BEFORE, 0, start)


def of_product(text: str, end: int) -> bool:
    return text[end : end + 1] in _PRODUCT and bool(text[end : end + 1])


class Names:
    """Names by their first character, found longest first; one look a character, however many names there are."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in kinds:
            lengths[name[:1]].add(len(name))
        self._lengths: dict[str, Sequence[int]] = {first: sorted(all_, reverse=True) for first, all_ in lengths.items()}

    def find(self, text: str, free: bytearray, accepts: Callable[[str, int, int, Kind], bool]) -> Iterable[tuple[int, int, Kind]]:
        """Names (start, end, kind) where ``free`` is set, from left to right; of those at one place the longest accepted."""
        position = 0
        while position < len(text):
            for length in self._lengths.get(text[position], ()):
                end = position + length
                name = text[position:end]
                kind = self._kinds.get(name)
                if (
                    kind is not None
                    and len(name) == length
                    and 0 not in free[position:end]
                    and accepts(name, position, end, kind)
                ):
                    yield position, end, kind
                    position = end - 1
                    break
            position += 1


class Boundaries:
    """Where Sudachi's units start and end in a folded text, and which are place names."""

    def __init__(self, text: str) -> None:
        self.starts: dict[int, Token] = {}
        self._ends: set[int] = set()
        position = 0
        for token in tokenize(text):
            self.starts[position] = token
            position += len(token.surface)
            self._ends.add(position)

    def word(self, start: int, end: int) -> bool:
        return start in self.starts and end in self._ends

    def is_place(self, start: int, end: int) -> bool:
        """Whether the stretch begins with a unit that is a place name, or is one proper name."""
        token = self.starts.get(start)
        if token is None:
            return False
        whole = len(token.surface) == end - start
        return token.detail.startswith("固有名詞/地名") or (whole and token.detail.startswith("固有名詞"))

    def name_goes_on(self, end: int) -> bool:
        """Whether the unit after ``end`` is a proper name too, so that the stretch is only a part of one."""
        token = self.starts.get(end)
        return token is not None and token.detail.startswith("固有名詞")

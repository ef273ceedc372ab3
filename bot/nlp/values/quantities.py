"""Numbers with what they count and how exactly they are meant; every reader of values picks its kind from these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from bot.nlp.normalize import fold
from bot.nlp.values.numbers import DIGITS, SMALL
from bot.nlp.values.numerals import Numeral, numerals

Bound = Literal["", "least", "most"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """``low``–``high`` of ``kind``, from ``start`` to ``end`` of the folded text, with its unit and words like 以上 and ぐらい.

    ``vague`` is said only roughly or as a range; ``bare`` without any unit; ``bound`` for at least (以上) or at most (以内);
    ``ordinal`` one of a row (3年目, 第2); ``next`` is where the unit ends.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool
    bare: bool
    kind: str
    unit: str
    numeral: Numeral
    bound: Bound = ""
    ordinal: bool = False
    next: int = 0


_KINDS = {
    "yen": "円也 円 えん yen",
    "people": "名様 人様 人 名 にん めい",
    "years": "年間 年 ねん ヶ年 か年 カ年 箇年",
    "months": "か月 ヶ月 カ月 ヵ月 ケ月 箇月 個月 months month",
    "rounds": "回",
    "percent": "% パーセント ぱーせんと パー ぱー",
    "tenths": "割",
    "times": "倍",
    "other": "日 週間 週 時間 時 分 秒 社 店舗 店 件 号 歳 才 坪 階 期 丁目 番 番地 台 区分 枚 個 つ 本 冊 点 種類 箇所 か所 ヶ所 代 次 "
    "部 ドル $ ユーロ 元 ウォン ポンド 月 度 kg km m キロ 世帯 棟 室 席 軒 食 杯 ページ 行 条 位 区 校 業種 拠点 ヶ国 か国 カ国",
}
_UNITS = sorted(((unit, kind) for kind, units in _KINDS.items() for unit in units.split()), key=lambda one: -len(one[0]))
_BY_FIRST: dict[str, list[tuple[str, str]]] = {}
for _name, _of in _UNITS:
    _BY_FIRST.setdefault(_name[0], []).append((_name, _of))

_NOT_AFTER = {
    "人": ("気", "件", "格", "材", "事", "口", "前", "当", "あたり", "分", "暮らし", "娘"),
    "名": ("古屋", "義", "前", "称", "刺", "物", "作", "産"),
    "年": ("度", "代", "生", "前半", "後半"),
    "割": ("引", "合", "安", "高", "増", "り"),
    "回": ("線", "収", "転", "復", "答"),
    "元": ("金", "本", "請", "々"),
    "台": ("東区",),
}
"""What makes another word of a unit: 名古屋, 一人前."""

_FRONT_ALLOWED = ("前後",)
_ROUGH_AFTER = "くらい ぐらい 位 ほど 程度 程 前後 弱 強 ちょい ちょっと あまり 余り 余 近く 内外 そこそこ 見当 台"
_AT_LEAST = "以上 超"
_AT_MOST = "以下 以内 未満 まで 迄"
_AFTER = dict.fromkeys(_ROUGH_AFTER.split(), "rough") | dict.fromkeys(_AT_LEAST.split(), "least") | dict.fromkeys(_AT_MOST.split(), "most")  # fmt: skip
_AFTER_WORDS = sorted(_AFTER, key=len, reverse=True)
_NO_SUFFIX = {"強": "化みい制", "余": "裕剰", "位": "置", "台": "東数帳風", "超": "過え", "弱": "いく", "程": "な", "ほど": "ん"}
_ROUGH_BEFORE = "約 およそ おおよそ 凡そ だいたい 大体 ざっと ほぼ 概ね おおむね ざっくり"
_LEAST_BEFORE = "最低 最低でも 少なくとも 下限"
_MOST_BEFORE = "最大 最大で 最高 上限 せいぜい 多くて 多くても ~"
_BEFORE = dict.fromkeys(_ROUGH_BEFORE.split(), "rough") | dict.fromkeys(_LEAST_BEFORE.split(), "least") | dict.fromkeys(_MOST_BEFORE.split(), "most")  # fmt: skip
_BEFORE_WORDS = tuple(_BEFORE)
RANGE = frozenset(["~", "から", "-", "ないし", "乃至", "か", "または", "又は", "もしくは", "or", "~約"])
"""What stands between the ends of a range."""

_BOUNDS: dict[str, Bound] = {"rough": "", "least": "least", "most": "most"}
_UNDER = Decimal("0.8")
"""弱 is read as four fifths or more: 十人弱 is eight to ten. 強 and ちょい keep the number, for how much more is never said."""


@lru_cache(maxsize=512)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All numbers of a text with their units, in their order; ranges are one.

    >>> [(int(one.low), int(one.high), one.kind, one.vague) for one in quantities("２、３人で500〜600万円、3年以内")]
    [(2, 3, 'people', True), (5000000, 6000000, 'yen', True), (3, 3, 'years', True)]
    """
    folded = fold(text)
    return tuple(_without_chains(folded, _joined(folded, (_quantity(folded, one) for one in numerals(folded)))))


def _quantity(text: str, numeral: Numeral) -> Quantity:
    low, high, vague = numeral.low, numeral.high, numeral.vague
    start, position = numeral.start, numeral.end
    bound: Bound = ""
    if text.startswith("余", position) and _unit(text, position + 1)[1]:
        vague, position = True, position + 1
    unit, kind, position = _unit(text, position)
    ordinal = numeral.ordinal or (bool(unit) and text.startswith("目", position))
    unit_end = position
    if text.startswith("単位", position) and (numeral.large or numeral.scale > 1 or low >= 10):
        high, vague, position = high * 9, True, position + 2
    said = after(text, position)
    vague, bound, position = vague or said.vague, said.bound, said.end
    if said.under:
        low = _rounded(low * _UNDER)
    before = text[max(0, start - 6) : start].rstrip()
    if numeral.negative:
        low, high, start = -high, -low, start - 1
    elif before.endswith(_BEFORE_WORDS):
        vague = True
        bound = bound or _BOUNDS[_BEFORE[max((one for one in _BEFORE_WORDS if before.endswith(one)), key=len)]]
    if text[start - 1 : start] == "¥" and not unit:
        unit, kind = "円", "yen"
    return Quantity(start, position, low, high, vague, not unit, kind, unit, numeral, bound, ordinal, unit_end)


def _unit(text: str, position: int) -> tuple[str, str, int]:
    """The unit at a position (a space may stand before it), its kind and where it ends."""
    start = position + 1 if text.startswith(" ", position) else position
    for unit, kind in _BY_FIRST.get(text[start : start + 1], ()):
        if text.startswith(unit, start):
            end = start + len(unit)
            if text.startswith(_NOT_AFTER.get(unit, ()), end) and not text.startswith(_FRONT_ALLOWED, end):
                return unit, "other", end
            if unit.isascii() and text[end : end + 1].isalnum() and text[end : end + 1].isascii():
                continue
            return unit, kind, end
    return "", "", position


@dataclass(frozen=True, slots=True)
class After:
    """What is said after a number and its unit about how exact it is, up to ``end``; ``under`` is 弱."""

    end: int
    vague: bool = False
    bound: Bound = ""
    under: bool = False


def after(text: str, position: int) -> After:
    """The words after a number: ぐらい, 以上, 弱, an open 〜.

    >>> after("5年以内", 2)
    After(end=4, vague=True, bound='most', under=False)
    """
    said = After(position)
    while (word := _suffix(text, said.end)) is not None:
        name, end = word
        said = After(end, True, _BOUNDS[_AFTER[name]] or said.bound, said.under or name == "弱")
    if text.startswith("~", said.end) and not _starts_number(text, said.end + 1):
        return After(said.end + 1, True, said.bound or "least", said.under)
    return said


def _starts_number(text: str, position: int) -> bool:
    return text[position : position + 1].isdigit() or text[position : position + 1] in (*DIGITS, *SMALL, "約", "数")


def _suffix(text: str, position: int) -> tuple[str, int] | None:
    start = position + 1 if text.startswith(" ", position) else position
    for word in _AFTER_WORDS:
        if text.startswith(word, start):
            following = text[start + len(word) : start + len(word) + 1]
            if not following or following not in _NO_SUFFIX.get(word, ""):
                return word, start + len(word)
    return None


def _rounded(value: Decimal) -> Decimal:
    return value.to_integral_value() if value >= 2 else value


def _joined(text: str, found: Iterable[Quantity]) -> Iterator[Quantity]:
    """Two ends of a range as one: 500~600万, 3人から5人, 300万以上500万以下."""
    before: Quantity | None = None
    for one in found:
        both = _range(text, before, one) if before is not None else None
        if both is None and before is not None:
            yield before
        before = both or one
    if before is not None:
        yield before


def _range(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    gap = text[first.end : second.start].strip()
    closed = first.bound == "least" and second.bound == "most" and gap in ("", "、", "で", "から", "~")
    open_wave = text[first.end - 1] == "~" and gap == "約"
    if not (gap in RANGE or closed or open_wave) or first.low < 0 or second.low < 0:
        return None
    if first.kind != second.kind and not first.bare:
        return None
    if first.ordinal != second.ordinal and not first.bare:
        return None
    if gap == "-" and (
        text[first.start - 1 : first.start] == "-" or text[second.end : second.end + 1] == "-" or text[first.start] == "0"
    ):
        return None  # telephone and house numbers
    factor = _factor(first, second)
    low = first.low * factor
    if not low < second.high or second.low != second.high or first.low != first.high:
        return None
    return replace(second, start=first.start, low=low, vague=True, bound="")


def _factor(first: Quantity, second: Quantity) -> int:
    """500~600万: the first number is counted in the second one's 万."""
    if not first.bare or first.numeral.large or first.numeral.scale > second.numeral.scale:
        return 1
    return next((factor for factor in (second.numeral.scale, 10**8, 10**4) if _fits(first, second, factor)), 1)


def _fits(first: Quantity, second: Quantity, factor: int) -> bool:
    return factor > 1 and (second.numeral.large or factor == second.numeral.scale) and first.low * factor < second.high


def _without_chains(text: str, found: Iterable[Quantity]) -> Iterator[Quantity]:
    """Bare numbers that are parts of a date or an address (2027/3/31, 1-2-3) or of a word (一級, 二重) count nothing."""
    for one in found:
        after, before = text[one.end : one.end + 2], text[max(0, one.start - 2) : one.start]
        slash = (after[:1] == "/" and after[1:].isdigit()) or (before[1:] == "/" and before[:1].isdigit())
        hyphen = (after[:1] == "-" and after[1:].isdigit()) or (before[1:] == "-" and before[:1].isdigit())
        in_word = one.high < 100 and not text[one.start].isascii() and "一" <= after[:1] <= "鿿"
        if not (one.bare and (slash or hyphen or in_word)):
            yield one

"""What kinds of figures a text holds and what kinds it asks for: an amount, a share, a span of time, a count of something."""

from __future__ import annotations

import re
from typing import Literal

from bot.knowledge.figures import figures, is_phone, unit_of
from bot.nlp.normalize import fold

Measure = Literal["money", "share", "time", "times", "people", "copies", "firms", "phone", "multiple", "places"]

_UNITS: dict[Measure, tuple[str, ...]] = {
    "money": ("円",),
    "share": ("%", "割", "パーセント"),
    "time": ("年", "か月", "ヶ月", "カ月", "月", "日", "週間", "時間", "営業日", "年度", "日付"),
    "times": ("回", "度"),
    "people": ("人", "名"),
    "copies": ("通", "部"),
    "firms": ("社",),
    "multiple": ("倍",),
    "places": ("か所", "か国", "都市"),
}
_OF_UNIT = {unit: measure for measure, units in _UNITS.items() for unit in units}
_ASKED_UNIT = re.compile(rf"何[万億千]?({'|'.join(sorted(map(re.escape, _OF_UNIT), key=len, reverse=True))})")  # 何年, 何万円

_SAYS: dict[Measure, tuple[str, ...]] = {"money": ("無料", "有料"), "time": ("随時",)}
"""Words that stand for a figure."""

_ASKS: dict[Measure, str] = {
    "money": "いくら 幾ら なんぼ 値段 タダ ただで 無料 有料 上限 限度 費用 料金 お金かか how_much",
    "share": "割合 料率 利率 金利 利息 利子 割引 引下げ 安くな rate percent",
    "time": "いつ 期間 期限 締切 〆切 間隔 最長 最短 くらいかか ぐらいかか how_long how_many_years",
    "times": "回数",
    "people": "人数",
    "phone": "電話 番号 tel 連絡先 phone",
}
"""Words that ask for a figure without naming its unit."""


def held(text: str) -> frozenset[Measure]:
    """The kinds of figures in a text.

    >>> sorted(held("貸付限度額は4,800万円、期間は15年以内")), sorted(held("掛金の10倍まで、費用の2/3"))
    (['money', 'time'], ['multiple', 'share'])
    """
    found = {measure for figure in figures(text) if (measure := _of(figure)) is not None}
    return frozenset(found | {measure for measure, words in _SAYS.items() if any(word in text for word in words)})


def _of(figure: str) -> Measure | None:
    if is_phone(figure):
        return "phone"
    return "share" if "/" in figure else _OF_UNIT.get(unit_of(figure))


def asked(text: str) -> frozenset[Measure]:
    """The kinds of figures that a text asks for.

    >>> sorted(asked("金利は何%で、何年借りられますか")), sorted(asked("対象は誰ですか"))
    (['share', 'time'], [])
    """
    folded = fold(text)
    found = {_OF_UNIT[match[1]] for match in _ASKED_UNIT.finditer(folded)}
    words = ((measure, word.replace("_", " ")) for measure, said in _ASKS.items() for word in said.split())
    return frozenset(found | {measure for measure, word in words if word in folded})


def numbered(text: str) -> frozenset[str]:
    """The figures of a text that count something, each in its one form: what is told apart by a number is found by it (4号).

    >>> sorted(numbered("セーフティネット4号、２８か月目"))
    ['28か月', '4号']
    """
    return frozenset(figure for figure in figures(text) if unit_of(figure))

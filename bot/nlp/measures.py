"""What kinds of figures a text holds and what kinds it asks for: an amount, a share, a span of time, a count of something."""

from __future__ import annotations

import re
from typing import Literal

from bot.nlp.normalize import fold

Measure = Literal["money", "share", "time", "times", "people", "copies", "firms", "phone", "multiple", "places", "hours"]

_UNITS: tuple[tuple[Measure, tuple[str, ...]], ...] = (
    ("money", ("円",)),
    ("share", ("%", "割")),
    ("time", ("年", "か月", "ヶ月", "カ月", "ヵ月", "ケ月", "箇月", "月", "日", "週間", "時間")),
    ("times", ("回", "度")),
    ("people", ("人", "名")),
    ("copies", ("通", "部")),
    ("firms", ("社",)),
    ("multiple", ("倍",)),
    ("places", ("か所", "カ所", "ヶ所", "箇所", "都市")),
    ("hours", ("時",)),
)
_OF_UNIT: dict[str, Measure] = {unit: measure for measure, units in _UNITS for unit in units}
_ANY_UNIT = "|".join(sorted(map(re.escape, _OF_UNIT), key=len, reverse=True))
_FIGURE = re.compile(rf"\d[億万千]{{0,2}}({_ANY_UNIT})")  # 7,200万円, 3か月, 80%
_ASKED_UNIT = re.compile(rf"何[億万千]{{0,2}}({_ANY_UNIT}|パーセント)")  # 何年, 何万円
_FRACTION = re.compile(r"\d/\d|\d分の\d")  # 2/3, 3分の2
_PHONE = re.compile(r"\d{2,4}-\d{2,4}-\d{3,4}")

_SAYS: tuple[tuple[Measure, tuple[str, ...]], ...] = (
    ("money", ("無料", "有料")),
    ("time", ("随時",)),
)
"""Words that stand for a figure."""

_ASKS: tuple[tuple[Measure, tuple[str, ...]], ...] = (
    (
        "money",
        (
            "いくら",
            "幾ら",
            "なんぼ",
            "値段",
            "タダ",
            "ただで",
            "無料",
            "有料",
            "上限",
            "限度",
            "費用",
            "料金",
            "お金かか",
            "how much",
        ),
    ),
    ("share", ("割合", "料率", "利率", "金利", "利息", "利子", "割引", "引下げ", "安くな", "rate", "percent")),
    (
        "time",
        (
            "いつ",
            "期間",
            "期限",
            "締切",
            "〆切",
            "間隔",
            "最長",
            "最短",
            "くらいかか",
            "ぐらいかか",
            "how long",
            "how many years",
        ),
    ),
    ("times", ("回数",)),
    ("people", ("人数",)),
    ("phone", ("電話", "番号", "tel", "連絡先", "phone")),
    ("hours", ("営業時間", "受付時間")),
)
"""Words that ask for a figure without naming its unit."""


def held(text: str) -> frozenset[Measure]:
    """The kinds of figures in a text.

    >>> sorted(held("貸付限度額は4,800万円、期間は15年以内")), sorted(held("掛金の10倍まで"))
    (['money', 'time'], ['multiple'])
    """
    folded = fold(text)
    found = {_OF_UNIT[match[1]] for match in _FIGURE.finditer(folded)}
    found |= {measure for measure, words in _SAYS if any(word in folded for word in words)}
    if _FRACTION.search(folded):
        found.add("share")
    if _PHONE.search(folded):
        found.add("phone")
    return frozenset(found)


def asked(text: str) -> frozenset[Measure]:
    """The kinds of figures that a text asks for.

    >>> sorted(asked("金利は何%で、何年借りられますか")), sorted(asked("対象は誰ですか"))
    (['share', 'time'], [])
    """
    folded = fold(text)
    found = {_OF_UNIT.get(match[1], "share") for match in _ASKED_UNIT.finditer(folded)}
    return frozenset(found | {measure for measure, words in _ASKS if any(word in folded for word in words)})

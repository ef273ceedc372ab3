"""How many people work for a business, of all the numbers of people in a text: not its owner, family, officers or customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.knowledge.dialogs import Slot
from bot.nlp.values.people import People
from bot.nlp.values.quantities import quantities
from bot.understanding.spoken import TOTAL, Read, says_none
from bot.understanding.utterance import Utterance

_NONE_BEHIND = 4
"""Signs behind a stretch in which its denial may end (人は雇って|ない)."""

_ALONE = ("一人で", "ひとりで", "1人で", "自分だけ", "私だけ", "俺だけ", "おれだけ", "僕だけ", "ひとりだけ", "自分のみ", "ワンオペ", "一人親方", "自分一人", "自分ひとり", "私一人", "ひとりぼっち")  # fmt: skip
"""Ways of saying that somebody works alone, with no employees."""

_UNCOUNTED = (
    "役員",
    "家族",
    "取締役",
    "妻",
    "嫁",
    "夫",
    "母",
    "父",
    "息子",
    "娘",
    "奥さん",
    "旦那",
    "社長",
    "お客",
    "顧客",
    "ボランティア",
)
"""Whoever stands right before a number of people that are no employees."""

_OF_THEM = ("うち", "内", "中")

_PART_TIMERS = ("パート", "バイト", "ぱーと", "ばいと")

_ONLY = ("だけ", "のみ", "しか", "ばかり")

_EMPLOYEES = ("従業", "社員", "職員", "スタッフ", "雇って", "人数", "職人", "人員", "fte", "正規")

_WHOSE: tuple[tuple[tuple[str, ...], Literal["employees", "part-timers", "others", ""]], ...] = (
    (_EMPLOYEES, "employees"),
    (_UNCOUNTED, "others"),
    (_PART_TIMERS, "part-timers"),
)

_WHOSE_WITHIN = 14
"""Signs before a number in which stands whose it is (パートのおばちゃんが4人)."""


@dataclass(frozen=True, slots=True)
class _Count:
    """A number of people, or one beside a word for people (社員5), and whose it is."""

    start: int
    end: int
    low: int
    high: int
    vague: bool
    whose: Literal["employees", "part-timers", "others", "all", ""]


def headcount(utterance: Utterance, span: tuple[int, int], slot: Slot) -> Read:
    """Employees: not officers and family; part-timers only for the slot that asks for them, a total as it is."""
    text = utterance.text
    wanted = "part-timers" if "パート" in slot.words else "employees"
    counts = _counts(utterance, span)
    inside = [one for one in counts if one.start < span[1] and span[0] < one.end] or counts
    total = next((one for one in inside if one.whose == "all"), None)
    if total is not None and wanted == "employees":
        return _of_people([total])
    elsewhere = counts if all(one.whose == "part-timers" for one in inside) else []
    named = [one for one in inside if one.whose == wanted] or [one for one in elsewhere if one.whose == wanted]
    if named:
        return _of_people(named[-1:] if wanted == "part-timers" or (len(named) > 1 and _corrects(text, named)) else named)
    if wanted == "part-timers":
        return Read()
    free = [one for one in inside if one.whose == ""]
    if any(word in text for word in _ALONE) and all(one.high <= 1 for one in free):
        return Read(0)
    if free:
        part = next((one for one in counts if one.start >= free[0].end and _is_part_uncounted(text, free[0], one)), None)
        return _of_people(free[-1:] if part is None else [_less(free[0], part.high)])
    if inside:  # all of them are family, officers or part-timers
        only = any(one.whose == "others" for one in inside) or any(word in text for word in _ONLY)
        return Read(0) if only else Read()
    return Read(0) if says_none(text[span[0] : span[1] + _NONE_BEHIND]) else Read()


def _counts(utterance: Utterance, span: tuple[int, int]) -> list[_Count]:
    """Every number of people; without a unit those beside a word for people, and those in the stretch itself."""
    text = utterance.text
    found = [
        _Count(one.start, one.end, one.value.low, one.value.high, one.value.vague, _whose(text, one.start))
        for one in utterance.mentions
        if isinstance(one.value, People)
    ]
    for bare in quantities(text):
        if (
            not bare.bare
            or bare.high != bare.high.to_integral_value()
            or any(one.start < bare.end and bare.start < one.end for one in found)
        ):
            continue
        whose = _whose(text, bare.start)
        if whose or span[0] <= bare.start < span[1]:
            found.append(_Count(bare.start, bare.end, int(bare.low), int(bare.high), bare.vague, whose))
    return sorted(found, key=lambda one: one.start)


def _whose(text: str, place: int) -> Literal["employees", "part-timers", "others", "all", ""]:
    """Whose number stands at a place, by the word right before it."""
    before = text[max(0, place - _WHOSE_WITHIN) : place]
    for stop in "、,。・人名＋+と":
        before = before[before.rindex(stop, 0, -1) + 1 :] if stop in before[:-1] else before
    if any(word in before for word in TOTAL):
        return "all"
    nearest: tuple[int, Literal["employees", "part-timers", "others", ""]] = (-1, "")
    for words, whose in _WHOSE:
        place = max(before.rfind(word) for word in words)
        nearest = (place, whose) if place > nearest[0] else nearest
    return nearest[1]


def _corrects(text: str, counts: Sequence[_Count]) -> bool:
    """Whether the second of two numbers takes the place of the first (15、いや20人)."""
    between = text[counts[-2].end : counts[-1].start]
    return any(word in between for word in ("いや", "じゃな", "でな", "違", "やっぱ", "ではな", "訂正", "→"))


def _less(count: _Count, others: int) -> _Count:
    return replace(count, low=count.low - others, high=count.high - others)


def _is_part_uncounted(text: str, all_: _Count, part: _Count) -> bool:
    """Whether the second number is a part of the first that does not count (22人のうち3人は家族)."""
    within = any(word in text[all_.end : part.start] for word in _OF_THEM) and part.high < all_.high
    return within and any(word in text[part.end : part.end + _WHOSE_WITHIN] for word in _UNCOUNTED)


def _of_people(counts: Sequence[_Count]) -> Read:
    high, low = sum(one.high for one in counts), sum(one.low for one in counts)
    return Read(high, low if low != high else None, any(one.vague for one in counts))

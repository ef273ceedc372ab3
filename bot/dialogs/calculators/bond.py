"""Whether a company meets the criteria for a guaranteed private bond.

Source: SME Agency's guidebook, 2016-02 (特定社債保証制度): by net assets, (equity ratio or net-assets multiple) and (return on
assets or interest coverage).
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.dialogs.calculators import results
from bot.dialogs.case import Answers, Case, Result
from bot.nlp.values.amounts import amounts, yen
from bot.talk.replies import Block

_RATIOS = ("equity", "multiple", "return", "coverage")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:%|倍)以上")
_MARKS = {True: "○ 満たす", False: "× 満たさない", None: "？ わからない"}
_VERDICTS = {
    True: "適債基準を満たすため、特定社債保証（私募債）の対象になります。",
    False: "適債基準を満たさないため、特定社債保証（私募債）の対象になりません。",
    None: "適債基準を満たすかどうかは、まだ判断できません。",
}
_RULE = "イかロのどちらかと、ハかニのどちらかを満たす必要があります。2016年2月時点の基準です。"


def conclude(case: Case) -> Result:
    """The verdict so far, ratio by ratio."""
    tail = (results.desk(case.kb, case.answers), results.sources(case.kb, ("tekisai-kijun", "tokutei-shasai-hosho")))
    buttons = results.entry_buttons(case.kb, ("tokutei-shasai-hosho", "tekisai-kijun", "shasai-ratio-def"))
    if case.answers.get("entity") == "sole":
        return Result("私募債は会社が発行するものです。個人事業主の方は対象になりません。", tail, buttons=buttons, outcome="no")
    net = case.number("net_assets")
    if net is None:
        told = any(ratio in case.answers for ratio in _RATIOS)
        return Result(
            f"{_VERDICTS[None]}まず純資産額で、満たすべき比率が決まります。",
            tail,
            buttons=buttons,
            useful=told,
            outcome="unknown",
        )
    row = _row(case, net)
    if row is None:
        text = f"純資産額が{yen(net)}なので、適債基準を満たしません（5,000万円以上が必要です）。"
        return Result(text, tail, buttons=buttons, outcome="no")
    name, bounds = row
    slots = [slot for ratio in _RATIOS if (slot := case.kb.content.slots.get(ratio)) is not None]
    met = [_met(case.answers, slot.id, bound) for slot, bound in zip(slots, bounds, strict=True)]
    lines = tuple(
        f"{_MARKS[one]}：{mark} {slot.label} {bound}{'%' if slot.kind == 'percent' else '倍'}以上"
        for one, mark, slot, bound in zip(met, "イロハニ", slots, bounds, strict=True)
    )
    both = (_either(met[0], met[1]), _either(met[2], met[3]))
    verdict = True if all(both) else False if False in both else None
    blocks = (Block("facts", lines, name), Block("note", (_RULE,)), *tail)
    return Result(_VERDICTS[verdict], blocks, buttons=buttons, outcome={True: "yes", False: "no", None: "unknown"}[verdict])


def _row(case: Case, net: int) -> tuple[str, list[Decimal]] | None:
    """The table's row for net assets in yen: its name and the four bounds; ``None`` below the lowest."""
    found = None
    for name, text in results.rows(case.kb.entry("tekisai-kijun")):
        if net >= amounts(name)[0].low:
            found = (name, [Decimal(value) for value in _NUMBER.findall(text)])
    return found


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first or second:
        return True
    return None if first is None or second is None else False


def _met(answers: Answers, slot: str, bound: Decimal) -> bool | None:
    value = answers.get(slot)
    return None if value is None else Decimal(str(value)) >= bound

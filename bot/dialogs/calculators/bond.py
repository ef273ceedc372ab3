"""Whether a company meets the criteria for a guaranteed private bond.

Source: SME Agency's guidebook, 2016-02 (特定社債保証制度): by net assets, (equity ratio or net-assets multiple) and (return on
assets or interest coverage).
"""

from __future__ import annotations

from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.knowledge.bonds import RATIOS, standard
from bot.nlp.values.amounts import yen
from bot.talk.replies import Block

_MARKS = {True: "○ 満たす", False: "× 満たさない", None: "？ わからない"}
_VERDICTS = {
    True: "適債基準を満たします。特定社債保証（私募債）の対象になります。",
    False: "適債基準を満たしません。特定社債保証（私募債）の対象になりません。",
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
        told = any(ratio in case.answers for ratio in RATIOS)
        return Result(
            f"{_VERDICTS[None]}まず純資産額で、満たすべき比率が決まります。",
            tail,
            buttons=buttons,
            useful=told,
            outcome="unknown",
        )
    row = standard(case.kb.content, case.answers)
    if row is None:
        text = f"純資産額が{yen(net)}なので、適債基準を満たしません（5,000万円以上が必要です）。"
        return Result(text, tail, buttons=buttons, outcome="no")
    slots = [slot for ratio in RATIOS if (slot := case.kb.content.slots.get(ratio)) is not None]
    lines = tuple(
        f"{_MARKS[one]}：{mark} {slot.label} {bound}{'%' if slot.kind == 'percent' else '倍'}以上"
        for one, mark, slot, bound in zip(row.met, "イロハニ", slots, row.bounds, strict=True)
    )
    verdict = row.holds
    blocks = (Block("facts", lines, row.name), Block("note", (_RULE,)), *tail)
    return Result(_VERDICTS[verdict], blocks, buttons=buttons, outcome={True: "yes", False: "no", None: "unknown"}[verdict])

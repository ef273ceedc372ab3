"""Whether a company meets the criteria for a guaranteed private bond.

Source: SME Agency's guidebook, 2016-02 (特定社債保証制度): by net assets, (equity ratio or net-assets multiple) and (return on
assets or interest coverage).
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.dialogs.catalog import common, results
from bot.dialogs.declaration import Answers, Case, Dialog, Result, Slot
from bot.nlp.values.amounts import amounts, yen
from bot.talk.replies import Block

_NET = Slot(
    id="net_assets",
    label="純資産額",
    kind="yen",
    question="純資産額はいくらですか。",
    why="純資産額によって、満たすべき比率が違うためです。",
    hint="「4億円」「8,000万円」のように送ってください。",
    near=r"純資産(?:額|の部)?(?!倍)",
)
_EQUITY = Slot(
    id="equity",
    label="自己資本比率",
    kind="percent",
    question="自己資本比率は何%ですか。",
    why="「イ 自己資本比率」か「ロ 純資産倍率」のどちらかを満たす必要があるためです。",
    hint="「25%」のように送ってください。",
    near=r"自己資本(?:比率)?",
    matters="イを満たすかどうかが決まります",
)
_MULTIPLE = Slot(
    id="multiple",
    label="純資産倍率",
    kind="times",
    question="純資産倍率は何倍ですか。",
    why="「イ 自己資本比率」を満たさないとき、こちらを見るためです。",
    hint="「2.1倍」のように送ってください。",
    near=r"純資産倍率",
    matters="ロを満たすかどうかが決まります",
)
_RETURN = Slot(
    id="return",
    label="使用総資本事業利益率",
    kind="percent",
    question="使用総資本事業利益率は何%ですか。（営業利益＋受取利息・受取配当金）÷資産額×100 です。",
    why="「ハ」か「ニ」のどちらかを満たす必要があるためです。",
    hint="「11%」のように送ってください。",
    near=r"使用総資本|事業利益率|利益率",
    matters="ハを満たすかどうかが決まります",
)
_COVERAGE = Slot(
    id="coverage",
    label="インタレスト・カバレッジ・レシオ",
    kind="times",
    question="インタレスト・カバレッジ・レシオは何倍ですか。（営業利益＋受取利息・受取配当金）÷（支払利息＋割引料）です。",
    why="「ハ」を満たさないとき、こちらを見るためです。",
    hint="「2.5倍」のように送ってください。",
    near=r"インタレスト|icr|カバレッジ",
    matters="ニを満たすかどうかが決まります",
)
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:%|倍)以上")
_MARKS = {True: "○ 満たす", False: "× 満たさない", None: "？ わからない"}


def _row(case: Case, net: int) -> tuple[str, list[Decimal]] | None:
    """The table's row for net assets in yen: its name and the four bounds; ``None`` below the lowest."""
    found = None
    for name, text in results.rows(case.kb.entry("tekisai-kijun")):
        if net >= amounts(name)[0].yen:
            found = (name, [Decimal(value) for value in _NUMBER.findall(text)])
    return found


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first or second:
        return True
    return None if first is None or second is None else False


def _met(answers: Answers, slot: str, bound: Decimal) -> bool | None:
    value = answers.get(slot)
    return None if value is None else Decimal(str(value)) >= bound


def _conclude(case: Case) -> Result:
    net = int(str(case.answers["net_assets"]))
    row = _row(case, net)
    cited = results.sources(case.kb, ("tekisai-kijun", "tokutei-shasai-hosho"))
    buttons = results.entry_buttons(case.kb, ("tokutei-shasai-hosho", "tekisai-kijun", "shasai-ratio-def"))
    desk = results.desk(case.kb, case.answers)
    if row is None:
        text = f"純資産額が{yen(net)}なので、適債基準を満たしません（5,000万円以上が必要です）。"
        return Result((Block("title", (text,)), desk, cited), buttons)
    name, bounds = row
    slots = (_EQUITY, _MULTIPLE, _RETURN, _COVERAGE)
    met = [_met(case.answers, slot.id, bound) for slot, bound in zip(slots, bounds, strict=True)]
    lines = [
        f"{_MARKS[one]}：{mark} {slot.label} {bound}{'%' if slot.kind == 'percent' else '倍'}以上"
        for one, mark, slot, bound in zip(met, "イロハニ", slots, bounds, strict=True)
    ]
    both = [_either(met[0], met[1]), _either(met[2], met[3])]
    verdict = (
        "適債基準を満たします。"
        if all(both)
        else "適債基準を満たしません。"
        if False in both
        else "適債基準を満たすかどうかは、まだ判断できません。"
    )
    blocks = (
        Block("title", (verdict,)),
        Block("facts", tuple(lines), name),
        Block("note", ("イかロのどちらかと、ハかニのどちらかを満たす必要があります。2016年2月時点の基準です。",)),
        desk,
        cited,
    )
    return Result(blocks, buttons)


DIALOG = Dialog(
    id="bond",
    title="私募債の基準の確認",
    command="bond",
    opens=(r"(?:私募債|社債|適債基準).{0,14}(?:診断|判定|出せるか|発行できるか|満たすか|満たしている|確認したい|チェック)",),
    slots=(_NET, _EQUITY, _MULTIPLE, _RETURN, _COVERAGE, common.told_only(common.MUNICIPALITY)),
    conclude=_conclude,
    result_words=r"満たし(?:て|ます)|出せ(?:ます|る)",
    intro="特定社債保証（私募債）の適債基準を満たすか、確かめます。",
    near=("tekisai-kijun", "tokutei-shasai-hosho"),
)

"""Who can join the bankruptcy-prevention mutual aid (経営セーフティ共済), and how much it lends.

Source: SME Agency's guidebook, 2016-02: a year in business; the lesser of ten times the premiums paid and what cannot be
collected, 80 million yen at most; a tenth of the loan is taken off the premiums. Premiums 5,000 to 200,000 yen a month, 8 million in
all.
"""

from __future__ import annotations

from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.knowledge import sizes
from bot.nlp.values.amounts import yen
from bot.talk.replies import Block, Button

LEAST, MOST, STEP = 5_000, 200_000, 5_000
MOST_PAID = 8_000_000
MOST_LENT = 80_000_000
TIMES = 10
OUT_OF_RANGE = (
    f"掛金は月{LEAST:,}円から{MOST:,}円まで、{STEP:,}円きざみです。{{premium:,}}円では計算できません。"
    "「掛金は5万円でした」のように直してください。"
)
_ABSCONDED = "夜逃げだけでは、共済金の借入れの対象になりません。{rule}"
_BANKRUPTCY = "kyosai-tosan-teigi"
"""The entry that says what counts as a bankruptcy."""

_YEAR = 12
_NOTE = "無利子、無担保、無保証人です。返済は5年～7年（据置6か月を含む）で、2016年2月時点の内容です。夜逃げは倒産に含まれません。"
_SIZE = "中小企業の規模は、信用保証の規模の表で見ています。共済の正確な条件は、窓口で確かめてください。"
_PREMIUMS = (f"・月{yen(LEAST)}から{yen(MOST)}まで（{yen(STEP)}きざみ）", f"・全部で{yen(MOST_PAID)}まで")
_MARKS = {True: "○ 満たす", False: "× 満たさない", None: "？ わからない"}


def lendable(premium: int, months: int, loss: int | None) -> int:
    """What can be borrowed, in yen.

    >>> lendable(100_000, 30, 20_000_000), lendable(200_000, 60, None)
    (20000000, 80000000)
    """
    paid = min(premium * months, MOST_PAID)
    most = min(paid * TIMES, MOST_LENT)
    return most if loss is None else min(most, loss)


def conclude(case: Case) -> Result:
    """What can be borrowed, for somebody who pays premiums; else whether one can join."""
    buttons = results.entry_buttons(case.kb, ("keiei-safety-kyosai", "kyosai-kashitsuke", "kyosai-tosan-teigi"))
    tail = (
        results.desk(case.kb, case.answers, ("contact-smrj-kyosai",), branch=False),
        results.sources(case.kb, ("keiei-safety-kyosai",)),
    )
    troubles = case.answers.get("trouble")
    if isinstance(troubles, tuple) and "absconded" in troubles and "bankruptcy" not in troubles:
        rule = case.kb.entry(_BANKRUPTCY)
        head = _ABSCONDED.format(rule=rule.summary if rule is not None else "")
        return Result(head, tail, buttons=buttons, outcome="no bankruptcy")
    premium, months, loss = case.number("premium"), case.number("paid_months"), case.number("loss")
    if premium is None or (months is None and premium > MOST):
        return _joining(case, tail, buttons)
    if not LEAST <= premium <= MOST or premium % STEP:
        return Result(OUT_OF_RANGE.format(premium=premium), tail, buttons=buttons, outcome="invalid")
    if months is None:
        head = f"月{premium:,}円の掛金なら、1年で{yen(premium * _YEAR)}、その10倍の{yen(lendable(premium, _YEAR, None))}まで借りられます。"
        return Result(head, (Block("note", (_NOTE,)), *tail), buttons=buttons, outcome="a year")
    paid = min(premium * months, MOST_PAID)
    lent = lendable(premium, months, loss)
    lines = [
        f"・掛金の合計：{premium:,}円 × {months}か月 ＝ {yen(premium * months)}"
        + ("（上限の800万円まで）" if premium * months > MOST_PAID else "")
    ]
    lines.append(f"・合計の10倍：{yen(paid * TIMES)}" + ("（貸付限度額8,000万円まで）" if paid * TIMES > MOST_LENT else ""))
    if loss is not None:
        lines.append(f"・回収が難しい額：{yen(loss)}")
    lines.append(f"・借りると掛金から引かれる額：{yen(lent // TIMES)}（借りた額の10分の1）")
    head = f"借りられるのは {yen(lent)}{'まで' if loss is None else ''}です。"
    blocks = (Block("facts", tuple(lines), "計算"), Block("note", (_NOTE,)), *tail)
    return Result(head, blocks, buttons=buttons, outcome=str(lent))


def _joining(case: Case, tail: tuple[Block, ...], buttons: tuple[Button, ...]) -> Result:
    age = case.answers.get("business_age")
    long_enough = (
        {"before": False, "established": True}.get(age)
        if isinstance(age, str)
        else age >= _YEAR
        if isinstance(age, int)
        else None
    )
    size = sizes.size_of(case.kb.content, case.answers)
    small = sizes.is_sme(size, case.answers) if size is not None else None
    lines = (f"{_MARKS[long_enough]}：1年以上事業を続けている", f"{_MARKS[small]}：中小企業の規模である")
    if long_enough is False:
        head, outcome = "1年以上事業を続けていることが条件なので、いまはまだ加入できません。", "no"
    elif small is False:
        head, outcome = "中小企業の規模を超えるため、加入の対象になりません。", "no"
    elif long_enough and small:
        head, outcome = "経営セーフティ共済に加入できる条件を満たしています。", "yes"
    else:
        head, outcome = "加入できるかどうかは、まだ判断できません。", "unknown"
    blocks = (Block("facts", lines, "条件ごとの結果"), Block("facts", _PREMIUMS, "掛けられる額"), Block("note", (_SIZE,)), *tail)
    useful = long_enough is not None or small is not None
    return Result(head, blocks, buttons=buttons, useful=useful, outcome=outcome)

"""What comes back when the bankruptcy-prevention mutual aid (経営セーフティ共済) is cancelled.

Source: undated pages of the Organization for Small & Medium Enterprises (kyosai-refund-rates): a rate by the months paid and by the
kind of cancelling, on the premiums paid less a tenth of what was borrowed. Premiums are 8 million yen in all at most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.dialogs.calculators import kyosai, results
from bot.dialogs.case import Case, Result
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import age
from bot.nlp.values.amounts import yen
from bot.nlp.values.periods import length
from bot.talk.replies import Block

KINDS = ("voluntary", "deemed", "organisation")
"""How it is cancelled, in the order in which the entry has the rates: by the member, deemed to be, by the organisation."""

_ENTRY = "kyosai-refund-rates"
_FROM = re.compile(r"(\d+)")
_RATE = re.compile(r"(\d+)%")
_NOTE = "目安の額です。返済を怠って掛金から充てられた額があれば、さらに引かれます。前納した分のうち、まだ月が来ていない分は月数に数えません。"


def refund(premium: int, months: int, rate: int, borrowed: int = 0) -> int:
    """What comes back, in yen, for ``months`` premiums at ``rate`` percent when ``borrowed`` yen were lent at some time.

    >>> refund(100_000, 36, 95), refund(200_000, 60, 100, borrowed=10_000_000)
    (3420000, 7000000)
    """
    return max(0, min(premium * months, kyosai.MOST_PAID) - borrowed // kyosai.TIMES) * rate // 100


def rates_of(kb: KnowledgeBase, months: int) -> Mapping[str, int]:
    """The rates in percent for so many months, by the kind of cancelling."""
    entry = kb.entry(_ENTRY)
    section = entry.section("rate") if entry is not None else None
    found: tuple[int, ...] = ()
    for line in section.lines if section is not None else ():
        least = _FROM.match(line.label)
        if least is not None and months >= int(least[1]):
            found = tuple(map(int, _RATE.findall(line.text)))
    return dict(zip(KINDS, found, strict=False))


def conclude(case: Case) -> Result:
    """The refund from what is known: the rate alone while the premium is open, every kind while it is open which."""
    aged = "".join(f"（{age(one.pages)}。確認は共済相談室へ）" for one in case.kb.entries((_ENTRY,)))
    premium, months, borrowed = case.number("premium"), case.number("paid_months"), case.number("borrowed")
    buttons = results.entry_buttons(case.kb, (_ENTRY, "kyosai-premium-changes", "kyosai-pause"))
    tail = (
        results.desk(case.kb, case.answers, ("contact-smrj-kyosai",), branch=False),
        results.sources(case.kb, (_ENTRY,)),
    )
    if premium is not None and (not kyosai.LEAST <= premium <= kyosai.MOST or premium % kyosai.STEP):
        return Result(kyosai.OUT_OF_RANGE.format(premium=premium), tail, buttons=buttons, outcome="invalid")
    if months is None:
        head = f"解約して戻る額は、掛けた月数で決まります。40か月以上なら、自分からの解約で100%です{aged}。"
        return Result(head, tail, buttons=buttons, useful=premium is not None, outcome="unknown")
    rates = rates_of(case.kb, months)
    kind = case.answers.get("cancelling")
    chosen = {name: rate for name, rate in rates.items() if kind in (None, "unknown", name)}
    slot = case.dialog.slot("cancelling")
    labels = {one.id: one.label for one in slot.options} if slot is not None else {}
    named = "、".join(f"{labels.get(name, name)}なら{rate}%" for name, rate in chosen.items())
    if premium is None:
        head = f"{length(months)}掛けて解約すると、戻る割合は{named}です{aged}。"
        return Result(head, (Block("note", (_NOTE,)), *tail), buttons=buttons, outcome=named)
    paid = min(premium * months, kyosai.MOST_PAID)
    less = (borrowed or 0) // kyosai.TIMES
    lines = [f"・掛金の合計：{premium:,}円 × {months}か月 ＝ {yen(premium * months)}{_capped(premium * months)}"]
    if less:
        lines.append(f"・引かれる額：借りた{yen(borrowed or 0)}の10分の1 ＝ {yen(less)}")
    base = yen(max(0, paid - less)) if paid > less else "0円"
    refunds = {name: refund(premium, months, rate, borrowed or 0) for name, rate in chosen.items()}
    lines += [f"・{labels.get(name, name)}：{base} × {rate}% ＝ {refunds[name]:,}円" for name, rate in chosen.items()]
    first = next(iter(chosen))
    head = f"解約して戻るのは、{labels.get(first, first)}の場合で {refunds[first]:,}円です{aged}。"
    blocks = (Block("facts", tuple(lines), "計算"), Block("note", (_NOTE,)), *tail)
    return Result(head, blocks, buttons=buttons, outcome=str(refunds[first]), focus=_ENTRY)


def _capped(total: int) -> str:
    return "（上限の800万円まで）" if total > kyosai.MOST_PAID else ""

"""The guarantee fee in yen.

Formula as the Tokyo guarantee corporation publishes it on its web site (信用保証料の計算例): amount × rate × months ÷ 12, times a
factor for repayment in instalments, truncated to the yen. While repayment is deferred no factor applies (other
corporations' pages). Rates by class: guide of 2024-03 (基本となる保証料率).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from bot.dialogs.calculators import instalments, results
from bot.dialogs.case import Case, Result
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.rules import FeeFactor, WardTopUp
from bot.nlp.values.amounts import yen
from bot.nlp.values.periods import length
from bot.talk.acts import Value
from bot.talk.replies import Block

CLASSES = tuple(range(1, 10))
_RATE = re.compile(r"年(\d+\.\d+)%")
_YEAR = 12
_WAYS = ("lump", "equal", "uneven")
_NOTE = "目安の額です。料率は協会の評価で決まり、一律の料率や割引のある制度もあります。"


def fee(amount: int, rate: Decimal, months: int, factor: Decimal = Decimal(1), deferment: int = 0) -> int:
    """The fee in yen for ``amount`` yen at ``rate`` percent a year over ``months``, of which ``deferment`` without repayment.

    >>> fee(12_000_000, Decimal("1.15"), 24), fee(12_000_000, Decimal("1.15"), 24, Decimal("0.60"))
    (276000, 165600)
    """
    yearly = Fraction(amount) * Fraction(rate) / 100
    full = yearly * deferment / _YEAR
    rest = yearly * (months - deferment) / _YEAR * Fraction(factor)
    total = full + rest
    return int(total.numerator // total.denominator)


def factor_of(factors: tuple[FeeFactor, ...], payments: int, *, even: bool) -> Decimal:
    """The factor for so many instalments; a single payment has none."""
    found = next((one for one in factors if one.payments_from <= payments <= one.payments_to), None)
    return Decimal(1) if found is None else (found.equal if even else found.uneven)


def rates(kb: KnowledgeBase, *, shared: bool) -> dict[int, Decimal]:
    """The rates in percent a year by class, from the table of the guide."""
    found: dict[int, Decimal] = {}
    table = kb.entry("hoshoryo-rate-9")
    for number, (_, text) in zip(CLASSES, table.rows if table is not None else (), strict=False):
        values = _RATE.findall(text)
        found[number] = Decimal(values[0 if shared else 1])
    return found


@dataclass(frozen=True, slots=True)
class _Terms:
    """How the loan is paid back: over how many months, of which how many without repayment, in how many payments, at what factor."""

    months: int
    deferment: int
    payments: int
    factor: Decimal
    said: str


def conclude(case: Case) -> Result:
    """The fee from what is known: a range over the classes, a year's fee while the term is open, rates while the amount is."""
    named = _rates_for(case)
    amount, months = case.number("amount"), case.number("months") or case.number("payments")
    buttons = results.entry_buttons(case.kb, ("hoshoryo-calc", "hoshoryo-hojo"))
    if amount is None:
        top_up = top_up_of(case.kb, case.answers.get("municipality"))
        useful = bool({"fee_class", "rate", "sharing", "months", "payments"} & set(case.answers)) or top_up is not None
        head = _of_rates(named) + (top_up.says if top_up is not None else "")
        return Result(head, (*_tail(case, 0, 0),), buttons=buttons, useful=useful, outcome="rate")
    terms = _terms(case, months or _YEAR)
    fees = [(name, rate, fee(amount, rate, terms.months, terms.factor, terms.deferment)) for name, rate in named]
    low, high = fees[0][2], fees[-1][2]
    span = f"{low:,}円" if low == high else f"{low:,}円～{high:,}円"
    if months is None:
        head = f"信用保証料は、1年あたり {span}です（{yen(amount)}を一括で返す場合）。"
        return Result(head, _tail(case, low, high), buttons=buttons, outcome=f"{low}-{high} a year")
    lines = tuple(f"・{name}：{_formula(amount, rate, terms)} ＝ {total:,}円" for name, rate, total in fees)
    basis = f"{yen(amount)}を{length(terms.months)}、{terms.said}で借りる場合です。円未満は切り捨てます。"
    other = _other_ways(case, named, amount, months)
    blocks = (
        Block("text", (basis,)),
        Block("facts", lines, "計算式"),
        *((Block("facts", other, "ほかの返し方なら"),) if other else ()),
        *_tail(case, low, high),
    )
    more = instalments.block(case.kb, low, terms.months) if low == high else ()
    return Result(f"信用保証料は {span}です。", blocks, more, buttons, outcome=str(low) if low == high else f"{low}-{high}")


def _of_rates(named: list[tuple[str, Decimal]]) -> str:
    if len(named) == 1:
        return f"保証料率は、{named[0][0]}です。"
    return f"保証料率は、年{named[0][1]}%（区分9）～{named[-1][1]}%（区分1）です。"


def _rates_for(case: Case) -> list[tuple[str, Decimal]]:
    """The rate, or the lowest and the highest while the class is unknown."""
    answers = case.answers
    if "rate" in answers:
        return [("年" + str(answers["rate"]) + "%", Decimal(str(answers["rate"])))]
    table = rates(case.kb, shared=answers.get("sharing") != "outside")
    number = case.number("fee_class")
    numbers = (CLASSES[-1], CLASSES[0]) if number is None or number not in table else (number,)
    return [(f"区分{one}（年{table[one]}%）", table[one]) for one in numbers]


def _other_ways(case: Case, named: list[tuple[str, Decimal]], amount: int, months: int) -> tuple[str, ...]:
    """The fee for the ways of repaying that were not told, where it is one sum: which of them is cheaper shows at once."""
    slot = case.dialog.slot("repayment")
    if len(named) != 1 or slot is None:
        return ()
    own = case.answers.get("repayment", "lump")
    others = [option for way in _WAYS if way != own and (option := slot.option(way)) is not None]
    sums = []
    for one in others:
        terms = _terms(case, months, one.id)
        sums.append(f"{one.label} {fee(amount, named[0][1], terms.months, terms.factor, terms.deferment):,}円")
    return (f"・{'、'.join(sums)}",) if sums else ()


def _terms(case: Case, months: int, repayment: str = "") -> _Terms:
    deferment = min(case.number("deferment") or 0, months)
    repayment = repayment or str(case.answers.get("repayment", "lump"))
    payments = case.number("payments") or max(1, months - deferment)
    if repayment == "lump":
        return _Terms(months, deferment, 1, Decimal(1), "一括返済")
    even = repayment == "equal"
    factor = factor_of(case.kb.content.rules.fee_factors, payments, even=even)
    return _Terms(months, deferment, payments, factor, f"{payments}回の{'均等' if even else '不均等'}分割返済")


def _formula(amount: int, rate: Decimal, terms: _Terms) -> str:
    if terms.deferment and terms.factor != 1:
        rest = f"{terms.months - terms.deferment}か月 × 係数{terms.factor}"
        return f"{amount:,}円 × {rate}% ×（据置{terms.deferment}か月 ＋ {rest}）÷ 12"
    factor = f" × 係数{terms.factor}" if terms.factor != 1 else ""
    return f"{amount:,}円 × {rate}% × {terms.months}か月 ÷ 12{factor}"


def _tail(case: Case, low: int, high: int) -> tuple[Block, ...]:
    kb, answers = case.kb, case.answers
    top_up = top_up_of(kb, answers.get("municipality"))
    cited = ("hoshoryo-rate-9", "hoshoryo-calc", "hoshoryo-hojo", *((top_up.entry,) if top_up is not None else ()))
    blocks = [_subsidy(case, top_up, low, high), Block("note", (_NOTE,))]
    if "municipality" in answers:
        blocks.append(results.desk(kb, answers))
    return (*blocks, results.sources(kb, cited))


def top_up_of(kb: KnowledgeBase, ward: Value | None) -> WardTopUp | None:
    """What a ward adds, where a source gives an example."""
    return next((one for one in kb.content.rules.ward_top_ups if one.ward == ward), None)


def borne(total: int, top_up: WardTopUp) -> int:
    """What is left of a fee in yen after Tokyo's share and the ward's."""
    left = total - int((total * top_up.tokyo_share).to_integral_value(ROUND_FLOOR))
    ward = int((left * top_up.share).to_integral_value(ROUND_FLOOR))
    return left - (ward if top_up.most_yen is None else min(ward, top_up.most_yen))


def _subsidy(case: Case, top_up: WardTopUp | None, low: int, high: int) -> Block:
    lines = ["東京都の制度融資では、メニューによって都が保証料の1/2、2/3、4/5などを補助します。"]
    if top_up is not None:
        lines.append(top_up.says)
        if top_up.kind == "fee" and high:
            after = [borne(one, top_up) for one in dict.fromkeys((low, high))]
            lines.append("この例に当てはめた負担：" + "～".join(f"{one:,}円" for one in after))
    elif "municipality" in case.answers:
        ward = case.answers["municipality"]
        lines.append(f"{ward}の上乗せ補助は資料に記載がありません。区市町村の窓口で確かめてください。")
    return Block("text", tuple(lines), "補助")

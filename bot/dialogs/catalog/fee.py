"""The guarantee fee in yen.

Formula as the Tokyo guarantee corporation publishes it on its web site (信用保証料の計算例): amount × rate × months ÷ 12, times a
factor for repayment in instalments, truncated to the yen. While repayment is deferred no factor applies (other
corporations' pages). Rates by class: guide of 2024-03 (基本となる保証料率).
"""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from bot.dialogs.catalog import results
from bot.dialogs.declaration import Answers, Case, Dialog, Option, Result, Slot, Value
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.rules import FeeFactor, WardTopUp
from bot.nlp.values.amounts import yen
from bot.nlp.values.periods import length
from bot.talk.replies import Block

CLASSES = tuple(range(1, 10))
_RATE = re.compile(r"年(\d+\.\d+)%")

AMOUNT = Slot(
    id="amount",
    label="借入金額",
    kind="yen",
    question="いくら借りる予定ですか。",
    why="保証料は、借入金額に料率を掛けて計算するためです。",
    hint="「500万円」「1,200万」のように送ってください。",
    near=r"借り|借入|融資|貸し|保証(?:金額|額)|必要|希望",
)
_MONTHS = Slot(
    id="months",
    label="借入期間",
    kind="months",
    question="どれくらいの期間で借りますか。",
    why="保証料は、期間が長いほど高くなるためです。",
    hint="「24か月」「5年」のように送ってください。",
    near=r"期間|返済|借り|借入|で返|払い",
    applies=lambda answers: "months" in answers or "payments" not in answers,
)
_CLASS = Slot(
    id="fee_class",
    label="料率の区分",
    kind="choice",
    question="料率の区分（1～9）はわかりますか。決算の内容で決まり、わからない方がほとんどです。",
    why="区分によって、料率が年0.45%から1.90%（責任共有の対象）まで変わるためです。",
    hint="「区分5」「わからない」のように送ってください。",
    options=tuple(
        Option(
            str(number),
            f"区分{number}",
            rf"区分(?:は|が)?{number}(?!\d)|第{number}区分|{number}区分",
            rf"^{number}(?:です|でした|番|だ)?(?:$|[。、])",
        )
        for number in CLASSES
    ),
    near=r"区分",
    matters="区分がわかれば、保証料が1つの額に決まります。今は区分1から9までの幅でお示ししています",
    applies=lambda answers: "rate" not in answers,
)
_RATE_SAID = Slot(
    id="rate",
    label="保証料率",
    kind="percent",
    question="保証料率は年何%ですか。",
    why="料率がわかれば、区分を使わずに計算できるためです。",
    hint="「1.15%」のように送ってください。",
    near=r"料率|保証料|利率|率",
    optional=True,
)
_SHARING = Slot(
    id="sharing",
    label="責任共有の対象",
    kind="choice",
    question="責任共有制度の対象の保証ですか。セーフティネット1～4号・6号や創業関連などは対象外です。",
    why="対象か対象外かで、料率の表が違うためです。",
    hint="「対象」「対象外」「わからない」のように送ってください。",
    options=(
        Option("outside", "対象外", r"責任共有(?:制度)?(?:の)?(?:対象)?外|対象外", r"外"),
        Option("shared", "対象", r"責任共有(?:制度)?(?:の)?(?:対象(?!外)|あり|です|で(?!は))", r"対象|はい"),
    ),
    matters="ふつうは対象なので、対象として計算しています。対象外なら料率が少し高くなります",
    applies=lambda answers: "rate" not in answers,
)
_REPAYMENT = Slot(
    id="repayment",
    label="返済方法",
    kind="choice",
    question="返済は一括ですか、分割ですか。",
    why="分割で返すと、係数を掛けて保証料が安くなるためです。",
    hint="「一括」「毎月の均等分割」「不均等」のように送ってください。",
    options=(
        Option("uneven", "不均等の分割", r"不均等"),
        Option("equal", "均等の分割", r"均等|(?:同じ|おなじ)額|おなじがく|同額|分割|毎月(?:返|払)|月々|元金均等|\d+回払い"),
        Option("lump", "一括", r"一括|まとめて返|期日(?:に)?一括"),
    ),
    matters="分割で返す場合は、係数（0.55～0.77）を掛けた額に下がります",
)
_PAYMENTS = Slot(
    id="payments",
    label="返済回数",
    kind="months",
    question="何回の分割で返しますか。毎月なら「毎月」の月数を送ってください。",
    why="回数によって係数が変わるためです。",
    hint="「24回」のように送ってください。",
    near=r"回払い|回数|分割",
    optional=True,
)
_DEFERMENT = Slot(
    id="deferment",
    label="据置期間",
    kind="months",
    question="据置期間はありますか。",
    why="据え置く間は、係数が掛からないためです。",
    hint="「6か月」「なし」のように送ってください。",
    near=r"据え?置",
    optional=True,
)


def fee(amount: int, rate: Decimal, months: int, factor: Decimal = Decimal(1), deferment: int = 0) -> int:
    """The fee in yen for ``amount`` yen at ``rate`` percent a year over ``months``, of which ``deferment`` without repayment.

    >>> fee(12_000_000, Decimal("1.15"), 24), fee(12_000_000, Decimal("1.15"), 24, Decimal("0.60"))
    (276000, 165600)
    """
    yearly = Fraction(amount) * Fraction(rate) / 100
    full = yearly * deferment / 12
    rest = yearly * (months - deferment) / 12 * Fraction(factor)
    total = full + rest
    return int(total.numerator // total.denominator)


def factor_of(factors: tuple[FeeFactor, ...], payments: int, *, even: bool) -> Decimal:
    """The factor for so many instalments; a single payment has none."""
    found = next((one for one in factors if one.payments_from <= payments <= one.payments_to), None)
    return Decimal(1) if found is None else (found.equal if even else found.uneven)


def rates(kb: KnowledgeBase, *, shared: bool) -> dict[int, Decimal]:
    """The rates in percent a year by class, from the table of the guide."""
    found: dict[int, Decimal] = {}
    for number, (_, text) in zip(CLASSES, results.rows(kb.entry("hoshoryo-rate-9")), strict=False):
        values = _RATE.findall(text)
        found[number] = Decimal(values[0 if shared else 1])
    return found


def _rates_for(case: Case) -> list[tuple[str, Decimal]]:
    """The rate, or the lowest and the highest while the class is unknown."""
    answers = case.answers
    if "rate" in answers:
        return [("年" + str(answers["rate"]) + "%", Decimal(str(answers["rate"])))]
    table = rates(case.kb, shared=answers.get("sharing") != "outside")
    if "fee_class" in answers:
        number = int(str(answers["fee_class"]))
        return [(f"区分{number}（年{table[number]}%）", table[number])]
    return [(f"区分{number}（年{table[number]}%）", table[number]) for number in (CLASSES[-1], CLASSES[0])]


def _conclude(case: Case) -> Result:
    answers, kb = case.answers, case.kb
    amount = int(str(answers["amount"]))
    months = int(str(answers.get("months", answers.get("payments"))))  # so many payments, one a month
    deferment = min(int(str(answers.get("deferment", 0))), months)
    repayment = answers.get("repayment", "lump")
    payments = int(str(answers.get("payments", max(1, months - deferment))))
    factor = Decimal(1) if repayment == "lump" else factor_of(kb.content.rules.fee_factors, payments, even=repayment == "equal")
    fees = [(name, rate, fee(amount, rate, months, factor, deferment)) for name, rate in _rates_for(case)]
    low, high = fees[0][2], fees[-1][2]
    head = f"信用保証料は {low:,}円です。" if len(fees) == 1 else f"信用保証料は {low:,}円～{high:,}円です。"
    lines = []
    for name, rate, total in fees:
        formula = f"{amount:,}円 × {rate}% × {months}か月 ÷ 12"
        if factor != 1:
            formula += f" × 係数{factor}"
        if deferment and factor != 1:
            formula = f"{amount:,}円 × {rate}% ×（据置{deferment}か月 ＋ {months - deferment}か月 × 係数{factor}）÷ 12"
        lines.append(f"・{name}：{formula} ＝ {total:,}円")
    basis = f"{yen(amount)}を{length(months)}、{_said(answers, payments)}で借りる場合です。円未満は切り捨てます。"
    blocks = [Block("title", (head,)), Block("text", (basis,)), Block("facts", tuple(lines), "計算式")]
    blocks += _subsidy(kb, answers, low, high)
    blocks.append(Block("note", ("目安の額です。料率は協会の評価で決まり、一律の料率や割引のある制度もあります。",)))
    blocks.append(results.desk(kb, answers))
    top_up = _top_up(kb, answers.get("municipality"))
    example = (top_up.entry,) if top_up is not None else ()
    blocks.append(results.sources(kb, ("hoshoryo-rate-9", "hoshoryo-calc", "hoshoryo-hojo", *example)))
    return Result(tuple(blocks), results.entry_buttons(kb, ("hoshoryo-calc", "hoshoryo-hojo")))


def _said(answers: Answers, payments: int) -> str:
    match answers.get("repayment", "lump"):
        case "equal":
            return f"{payments}回の均等分割返済"
        case "uneven":
            return f"{payments}回の不均等分割返済"
        case _:
            return "一括返済"


def _top_up(kb: KnowledgeBase, ward: Value | None) -> WardTopUp | None:
    return next((one for one in kb.content.rules.ward_top_ups if one.ward == ward), None)


def borne(total: int, top_up: WardTopUp) -> int:
    """What is left of a fee in yen after Tokyo's share and the ward's."""
    left = total - int((total * top_up.tokyo_share).to_integral_value(ROUND_FLOOR))
    ward = int((left * top_up.share).to_integral_value(ROUND_FLOOR))
    return left - (ward if top_up.most_yen is None else min(ward, top_up.most_yen))


def _subsidy(kb: KnowledgeBase, answers: Answers, low: int, high: int) -> list[Block]:
    top_up = _top_up(kb, answers.get("municipality"))
    lines = ["東京都の制度融資では、メニューによって都が保証料の1/2、2/3、4/5などを補助します。"]
    if top_up is not None:
        lines.append(top_up.says)
        if top_up.kind == "fee":
            after = [borne(one, top_up) for one in dict.fromkeys((low, high))]
            lines.append("この例に当てはめた負担：" + "～".join(f"{one:,}円" for one in after))
    elif "municipality" in answers:
        lines.append(f"{answers['municipality']}の上乗せ補助は資料に記載がありません。区市町村の窓口で確かめてください。")
    return [Block("text", tuple(lines), "補助")]


def _remark(kb: KnowledgeBase, ward: Value) -> str:
    top_up = _top_up(kb, ward)
    return top_up.says if top_up is not None else ""


_WARD = Slot(
    id="municipality",
    label="区市町村",
    kind="place",
    question="事業所のある区市町村はどちらですか。",
    why="区市町村が保証料を補助することがあるためです。",
    hint="「中央区」「立川市」のように送ってください。",
    matters="区市町村の補助をお伝えできることがあります",
    shared=True,
    remark=_remark,
)

DIALOG = Dialog(
    id="fee",
    title="保証料の試算",
    command="fee",
    opens=(
        r"保証料.{0,10}(?:見積|試算|計算(?:して|したい|[をの]?(?:お願い|おねがい)|をして)|シミュレーション|出して(?:ほしい|ください))",
        r"(?:見積|試算|シミュレーション).{0,10}保証料",
        r"保証料.{0,12}いくら(?:に|くらいに)なる(?:か)?(?:計算|試算|教えて|知りたい)",
        r"\d[\d,]*(?:万|億|千).{0,30}保証料.{0,10}(?:いくら|計算|どれくらい)",
    ),
    slots=(AMOUNT, _MONTHS, _DEFERMENT, _REPAYMENT, _PAYMENTS, _RATE_SAID, _CLASS, _SHARING, _WARD),
    conclude=_conclude,
    result_words=r"いくら(?:だ|払|納め|で済|に変)|おいくら|いかほど|なんぼ|負担額|納める(?:額|お金)|いくらから(?:いくら)?|見積(?:もり)?(?:の)?(?:金額|額|結果)|(?:合計|総額)(?:の)?(?:保証料|金額|額)|いくら(?:くらい|ぐらい)?(?:になり|になる)|(?:入れると|引くと|込みで|差し引くと|結局).{0,4}いくら|^.{0,6}いくら(?:くらい)?(?:でしょう|ですか|になる|になり|かかる|かかり)|(?:合計|全部|総額)(?:で|は)?.{0,3}いくら|保証料(?:は|が|って)?.{0,6}(?:いくら|どれくらい|どのくらい)|^(?:で|それで|結局)?[、 ]?いくら(?:です(?:か)?|になり(?:ます)?(?:か)?)?[?。]*$",
    intro="信用保証料を計算します。",
    near=("hoshoryo-calc", "hoshoryo-rate-9"),
)

"""How much the bankruptcy-prevention mutual aid (経営セーフティ共済) lends.

Source: SME Agency's guidebook, 2016-02: the lesser of ten times the premiums paid and what cannot be collected, 80 million
yen at most; a tenth of the loan is taken off the premiums. Premiums 5,000 to 200,000 yen a month, 8 million in all.
"""

from __future__ import annotations

from bot.dialogs.catalog import results
from bot.dialogs.declaration import Case, Dialog, Result, Slot
from bot.nlp.values.amounts import yen
from bot.talk.replies import Block

LEAST, MOST, STEP = 5_000, 200_000, 5_000
MOST_PAID = 8_000_000
MOST_LENT = 80_000_000
TIMES = 10

_PREMIUM = Slot(
    id="premium",
    label="掛金（月額）",
    kind="yen",
    question="掛金は月いくらですか。",
    why="借りられる額が、払った掛金の合計の10倍までだからです。",
    hint="「5万円」「20,000円」のように、月の額を送ってください。",
    near=r"(?<!売)掛け?金|月々|毎月|月額|月に",
)
_PAID = Slot(
    id="paid_months",
    label="掛けた期間",
    kind="months",
    question="何か月（何年）掛けましたか。",
    why="掛金の合計を出すためです。",
    hint="「3年」「30か月」のように送ってください。",
    near=r"(?<!売)掛け|加入|払|積",
)
_LOSS = Slot(
    id="loss",
    label="回収できない額",
    kind="yen",
    question="取引先の倒産で、回収が難しくなった売掛金などはいくらですか。",
    why="回収が難しい額と、掛金の合計の10倍の、少ない方までしか借りられないためです。",
    hint="「2,000万円」のように送ってください。",
    near=r"売掛|回収|焦げ|債権|手形|損害|被害",
    matters="借りられる額は、回収が難しい額までになります",
)


def lendable(premium: int, months: int, loss: int | None) -> int:
    """What can be borrowed, in yen.

    >>> lendable(100_000, 30, 20_000_000), lendable(200_000, 60, None)
    (20000000, 80000000)
    """
    paid = min(premium * months, MOST_PAID)
    most = min(paid * TIMES, MOST_LENT)
    return most if loss is None else min(most, loss)


def _conclude(case: Case) -> Result:
    answers = case.answers
    premium, months = int(str(answers["premium"])), int(str(answers["paid_months"]))
    loss = int(str(answers["loss"])) if "loss" in answers else None
    buttons = results.entry_buttons(case.kb, ("keiei-safety-kyosai", "kyosai-kashitsuke", "kyosai-tosan-teigi"))
    tail = (
        results.desk(case.kb, answers, ("contact-smrj-kyosai",), branch=False),
        results.sources(case.kb, ("keiei-safety-kyosai",)),
    )
    if not LEAST <= premium <= MOST or premium % STEP:
        text = f"掛金は月{LEAST:,}円から{MOST:,}円まで、{STEP:,}円きざみです。{premium:,}円では計算できません。「掛金は5万円でした」のように直してください。"
        return Result((Block("title", (text,)), *tail), buttons)
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
    note = (
        "無利子、無担保、無保証人です。返済は5年～7年（据置6か月を含む）で、2016年2月時点の内容です。夜逃げは倒産に含まれません。"
    )
    return Result((Block("title", (head,)), Block("facts", tuple(lines), "計算"), Block("note", (note,)), *tail), buttons)


DIALOG = Dialog(
    id="kyosai",
    title="共済で借りられる額の試算",
    command="kyosai",
    opens=(
        r"(?:共済|セーフティ共済|倒産防止).{0,16}(?:試算|計算して|シミュレーション|いくら借りられるか|計算したい)",
        r"掛け?金.{0,24}(?:いくら借りられ|いくらまで借り)",
    ),
    slots=(_PREMIUM, _PAID, _LOSS),
    conclude=_conclude,
    result_words=r"いくら(?:まで)?借りられ|^(?:で|それで|結局)?[、 ]?いくら",
    intro="経営セーフティ共済で借りられる額を計算します。",
    near=("keiei-safety-kyosai", "kyosai-kakekin", "kyosai-kashitsuke"),
)

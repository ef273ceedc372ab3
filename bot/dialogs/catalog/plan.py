"""A timeline: back from the day that funds are needed, or on from the day that they came.

Source: commercial guide to Tokyo's institutional loans, about 2025 (申請から受給までの流れ): referral 2 to 3 weeks, double screening 1
to 2 months, subsidies to be applied for within 3 months after the loan, one day late and they are lost.
"""

from __future__ import annotations

from datetime import date

from bot.dialogs import reminding
from bot.dialogs.catalog import common, results
from bot.dialogs.deadlines import deadline, reminders, schedule
from bot.dialogs.declaration import Case, Dialog, Option, Result, Slot
from bot.nlp.values.dates import japanese
from bot.talk.replies import Block

_EVENT = "補助（保証料・利子）の申請期限"
_WHICH = Slot(
    id="which",
    label="予定の種類",
    kind="choice",
    question="お金が要る日から逆算しますか。それとも、融資が実行された日から補助の期限を出しますか。",
    why="これから申し込む方と、もう融資を受けた方では、要る日取りが違うためです。",
    hint="「逆算」「もう実行された」のように送ってください。",
    options=(
        Option(
            "executed",
            "もう融資が実行された",
            r"(?:融資|お金|資金)(?:が|を|は)?.{0,10}(?:実行され|入金され|振り込まれ|出ました|おりました|下りました|受けました|入りました)|実行日|補助(?:金)?(?:の)?(?:申請)?(?:の)?期限|実行された",
        ),
        Option(
            "needed",
            "お金が要る日から逆算する",
            r"逆算|までに(?:お金|資金|融資|借り|ほしい|欲しい|要る|必要)|必要(?:な|に|です)|要る|スケジュール|いつから(?:動|準備|申)",
        ),
    ),
)
_DAY = Slot(
    id="day",
    label="日付",
    kind="date",
    question="それはいつですか。",
    why="日付から、いつ何をするかを計算するためです。",
    hint="「来年3月末」「令和9年2月10日」のように送ってください。",
    near=r"までに|実行|入金|必要|要る|頃|ごろ",
)


def _conclude(case: Case) -> Result:
    day = date.fromisoformat(str(case.answers["day"]))
    kb = case.kb
    tail = (
        results.desk(kb, case.answers, ("ward-office",)),
        results.sources(kb, ("loan-seven-step-flow", "loan-total-duration")),
    )
    buttons = results.entry_buttons(kb, ("loan-seven-step-flow", "docs-assen", "docs-hojokin"))
    if case.answers["which"] == "executed":
        last = deadline(day)
        left = (last - case.today).days
        head = f"補助の申請の期限は {japanese(last)} です。" + (f"あと{left}日です。" if left >= 0 else "もう過ぎています。")
        lines = [f"・{japanese(one)}" for one in reminders(last) if one >= case.today]
        blocks = [
            Block("title", (head,)),
            Block(
                "text",
                (
                    "融資実行から3か月以内が目安です。期限を1日でも過ぎると、補助は受けられません。正確な期限は区市町村の窓口で確かめてください。",
                ),
            ),
        ]
        if lines:
            blocks.append(Block("facts", tuple(lines), "思い出す日"))
        asking = (reminding.ask_button(last), *buttons) if lines else buttons
        return Result((*blocks, *tail), asking, attachment=reminding.calendar(last, _EVENT))
    steps = schedule(day)
    lines = [f"・{japanese(when)}まで：{what}" for when, what in steps]
    late = steps[0][0] < case.today
    head = f"{japanese(day)}に資金が要る場合の日取りです。"
    note = (
        "日数が足りません。都の制度融資は約1.5～3か月かかります。公庫（約1か月）も合わせて相談してください。"
        if late
        else "審査が長引くこともあるため、早めに動いてください。"
    )
    return Result(
        (Block("title", (head,)), Block("facts", tuple(lines), "逆算した日取り"), Block("note", (note,)), *tail), buttons
    )


DIALOG = Dialog(
    id="plan",
    title="日取りの計算",
    command="plan",
    opens=(
        r"(?:逆算|スケジュール(?:を|が)?(?:立て|作っ|知りた|組))",
        r"(?:補助|利子補給).{0,10}(?:申請)?(?:の)?期限(?:を|は)?(?:計算|いつか|管理|知らせ|教えて(?:くれ|ほし))",
        r"(?:融資|お金|資金).{0,20}までに.{0,12}(?:いつ(?:から|まで)|間に合(?:う|い)(?:か|ます))",
        r"融資が実行され(?:た|ました).{0,16}(?:期限|補助|いつまで)",
    ),
    slots=(_WHICH, _DAY, common.told_only(common.MUNICIPALITY)),
    conclude=_conclude,
    result_words=r"スケジュール|日取り|予定を|いつまで|いつから|間に合",
    intro="いつ何をすればよいかを、日付から計算します。",
    near=("loan-seven-step-flow", "loan-total-duration", "docs-hojokin"),
)

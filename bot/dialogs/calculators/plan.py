"""A timeline: back from the day that funds are needed, or on from the day that they came.

Source: commercial guide to Tokyo's institutional loans, about 2025 (申請から受給までの流れ): referral 2 to 3 weeks, double screening 1
to 2 months, subsidies to be applied for within 3 months after the loan, one day late and they are lost.
"""

from __future__ import annotations

from datetime import date

from bot.dialogs import reminding
from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.dialogs.deadlines import deadline, durations, reminders, schedule, shortest
from bot.nlp.values.dates import japanese
from bot.talk.replies import Block

_EVENT = "補助（保証料・利子）の申請期限"
_ABOUT_DEADLINE = (
    "融資実行から3か月以内が目安です。期限を1日でも過ぎると、補助は受けられません。正確な期限は区市町村の窓口で確かめてください。"
)
_LATE = "日数が足りません。都の制度融資は約1.5～3か月かかります。公庫（約1か月）も合わせて相談してください。"
_EARLY = "審査が長引くこともあるため、早めに動いてください。"


def conclude(case: Case) -> Result:
    """The dates; without a day the lengths of the steps."""
    kb = case.kb
    cited = results.sources(kb, ("loan-seven-step-flow", "loan-total-duration"))
    tail = (results.desk(kb, case.answers, ("ward-office",), branch="municipality" in case.answers), cited)
    buttons = results.entry_buttons(kb, ("loan-seven-step-flow", "docs-assen", "docs-hojokin"))
    said = case.answers.get("day")
    executed = case.answers.get("which") == "executed"
    if said is None:
        head = (
            "申込みから入金まで、都の制度融資は約1.5～3か月です。"
            if not executed
            else "補助の申請は、融資実行から3か月以内が目安です。"
        )
        lines = tuple(f"・{what}" for what in durations())
        useful = "which" in case.answers
        return Result(head, (Block("facts", lines, "かかる日数"), *tail), buttons=buttons, useful=useful, outcome="durations")
    day = date.fromisoformat(str(said))
    if executed and day <= case.today:
        last = deadline(day)
        left = (last - case.today).days
        head = f"補助の申請の期限は {japanese(last)} です。" + (f"あと{left}日です。" if left >= 0 else "もう過ぎています。")
        ahead = tuple(f"・{japanese(one)}" for one in reminders(last) if one >= case.today)
        blocks = (Block("text", (_ABOUT_DEADLINE,)), *((Block("facts", ahead, "思い出す日"),) if ahead else ()))
        asking = (reminding.ask_button(last), *buttons) if ahead else buttons
        attached = reminding.calendar(last, _EVENT)
        return Result(head, (*blocks, *tail), buttons=asking, attachment=attached, outcome=last.isoformat())
    steps = schedule(day)
    lines = tuple(f"・{japanese(when)}まで：{what}" for when, what in steps)
    note = _LATE if steps[0][0] < case.today else _EARLY
    head = f"{japanese(day)}に資金が要る場合、{_in_time(day, steps[0][0], case.today)}"
    blocks = (Block("facts", lines, "逆算した日取り"), Block("note", (note,)), *tail)
    return Result(head, blocks, buttons=buttons, outcome=steps[0][0].isoformat())


def _in_time(day: date, first: date, today: date) -> str:
    """Whether there is time enough for Tokyo's institutional loan: for the longest that it takes, or at least for the shortest."""
    if first >= today:
        return "いまから動けば間に合う見込みです。"
    if shortest(day) >= today:
        return "ぎりぎりです。都の制度融資は早くても約1.5か月かかります。"
    return "都の制度融資では間に合わない見込みです。早くても約1.5か月かかります。"

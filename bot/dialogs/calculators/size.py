"""Whether one may use the guarantee: size by industry, excluded trades and circumstances, criterion by criterion.

Source: guide of the Tokyo guarantee corporation, 2024-03 (ご利用いただける中小企業の規模, ご利用になれない方).
"""

from __future__ import annotations

from bot.dialogs import fitting
from bot.dialogs.calculators import results
from bot.dialogs.case import Answers, Case, Result
from bot.knowledge import sizes
from bot.knowledge.fits import Judge, Judged
from bot.nlp.values.amounts import yen
from bot.talk.replies import Block

_MARKS = {True: "○ 満たす", False: "× 満たさない", None: "？ わからない"}
_NOTE = (
    "従業員数には、役員と個人事業の家族従業員を入れません。パート・アルバイトは、経営に欠かせない人なら数えます。"
    "要件を満たしても、審査の結果で利用できないことがあります。"
)
_LODGING = "ホテルや民宿が「旅館業」と「宿泊業」のどちらに当たるかは、資料に記載がありません。担当支店で確かめてください。"
_GUARANTEE = "shinyo-hosho-seido"
"""The entry whose criteria say who can use the guarantee."""

_UNDECIDED = "中小企業の規模に当たるかどうかは、まだ判断できません。"


def conclude(case: Case) -> Result:
    """The verdict so far, with every criterion met, not met or unknown."""
    answers, kb = case.answers, case.kb
    judge = Judge(kb.content, answers)
    bars = [one for one in judge.fit(_GUARANTEE).judged if one.criterion.kind == "bar"]
    excluded = sizes.excluded(answers)
    size = sizes.size_of(kb.content, answers)
    barred = any(one.verdict == "not met" for one in bars)
    lines = [f"× 満たさない：利用できる業種（{excluded}は対象外です）"] if excluded else []
    lines += _sizes(case, size) if size is not None else []
    if answers.get("form") == "association":
        lines.append("？ わからない：一般社団法人は、対象になることがあります。担当支店で確かめてください")
    lines += _bars(case, judge, bars)
    notes = [_NOTE]
    if answers.get("part_timers") and answers.get("essential") is None:
        notes.append(f"パート・アルバイトの{answers['part_timers']}人は、数えずに判断しました。")
    if answers.get("industry") in ("lodging", "ryokan"):
        notes.append(_LODGING)
    head, outcome = _verdict(case, size, excluded, barred=barred)
    blocks = [Block("facts", tuple(lines), "条件ごとの結果"), Block("note", tuple(notes))]
    if "municipality" in answers or barred or excluded:
        blocks.append(results.desk(kb, answers))
    blocks.append(results.sources(kb, ("sme-size-table", "tgc-excluded")))
    useful = bool(excluded or barred) or size is not None
    buttons = results.entry_buttons(kb, ("sme-size-table", "juugyoin-kazoekata", "tgc-excluded"))
    return Result(head, tuple(blocks), buttons=buttons, useful=useful, outcome=outcome)


def _bars(case: Case, judge: Judge, bars: list[Judged]) -> list[str]:
    """What excludes: what speaks against the user or may, each by itself, the rest in a line."""
    telling = [one for one in bars if one.verdict == "not met" or one.touched]
    lines = [
        f"{_MARKS[False]}：{one.criterion.says}"
        if one.verdict == "not met"
        else f"{_MARKS[None]}：{fitting.what_decides(case.kb, judge, one.criterion)}"
        for one in telling
    ]
    rest = [one for one in bars if one not in telling and "barriers" in one.criterion.slots]
    if rest and not telling:
        met = True if all(one.verdict == "met" for one in rest) else None
        lines.append(f"{_MARKS[met]}：延滞、不渡り、代位弁済、法的整理などがないこと")
    return lines


def _sizes(case: Case, size: sizes.Size) -> list[str]:
    answers = case.answers
    capital, employees = case.number("capital"), sizes.headcount(answers)
    lines = []
    if size.capital is not None:
        met = None if capital is None else capital <= size.capital
        said = f"（{'なし' if capital == 0 else yen(capital)}）" if capital is not None else ""
        lines.append(f"{_MARKS[met]}：資本金{said}が{yen(size.capital)}以下")
    met = None if employees is None else employees <= size.employees
    lines.append(f"{_MARKS[met]}：従業員数{_counted(answers)}が{size.employees}人以下")
    if size.capital is not None:
        lines.append("※資本金と従業員数は、どちらか一方を満たせば中小企業です。")
    small = sizes.is_small(size, answers)
    lines.append(f"{_MARKS[small]}：小規模企業者の人数（{size.industry.label}は{size.small}人以下）")
    return lines


def _counted(answers: Answers) -> str:
    employees = sizes.headcount(answers)
    if employees is None:
        return ""
    regular = int(str(answers["employees"]))
    if employees == regular:
        return f"（{employees}人）"
    return f"（{regular}人とパート・アルバイト{employees - regular}人で{employees}人）"


def _verdict(case: Case, size: sizes.Size | None, excluded: str, *, barred: bool) -> tuple[str, str]:
    """What it comes to in a sentence, and the same for machines."""
    if excluded:
        return f"{excluded}は、信用保証の対象外です。保証協会を利用できません。", "excluded"
    if barred:
        return "うかがった事情では、いまは保証協会を利用できません。", "barred"
    if size is None:
        return "業種がわからないため、規模の条件はまだ判断できません。", "unknown"
    sme, small = sizes.is_sme(size, case.answers), sizes.is_small(size, case.answers)
    if small:
        label = f"{size.industry.label}は従業員{size.small}人以下"
        return f"小規模企業者に当たります（{label}）。保証協会の対象になる規模です。", "small"
    if sme:
        tail = (
            "小規模企業者かどうかは、従業員数で決まります。"
            if small is None
            else f"小規模企業者には当たりません（{size.small}人以下が条件です）。"
        )
        return f"保証協会の対象になる中小企業の規模に該当します。{tail}", "sme"
    if sme is False:
        bound = f"{yen(size.capital)}以下か" if size.capital is not None else ""
        return (
            f"中小企業の規模には該当しません。{size.industry.label}は、{'資本金' if bound else ''}{bound}従業員{size.employees}人以下が条件です。",
            "large",
        )
    return _UNDECIDED, "unknown"

"""Which loans and guarantees fit, and why. The criteria are in ``knowledge_base/rules/loans.yaml``."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogs.calculators import results, sizes
from bot.dialogs.case import Answers, Case, Result
from bot.dialogs.rules import Verdict, judge
from bot.knowledge.citing import summary_line
from bot.knowledge.entries import Entry
from bot.knowledge.rules import Criterion, LoanMatch
from bot.talk.replies import Block

_MOST_FITTING = 5
_MOST_SHOWN = 2
"""Fitting programs that are described at once; the others are behind 「続き」."""

_MOST_UNFIT = 4
_EXCLUDED = "tokyo-loan-excluded"
_YOUNG_MONTHS = 60
_WEIGHTS = {"trouble": 3, "purpose": 2, "collateral": 2}
"""How much a met criterion says about what the user is looking for; others count 1."""

_BARRED = {
    "tax": "税金の滞納があると、東京都の制度融資は原則として使えません。審査の対象にもなりません。",
    "arrears": "借入れの延滞など、信用情報に重大な問題があると、東京都の制度融資は原則として使えません。",
    "subrogated": "代位弁済の債務が残っていると、信用保証は利用できません。",
    "bounced": "取引停止処分を受けている間と、原則として1回目の不渡りから6か月以内は、信用保証を利用できません。",
    "insolvency": "破産や再生などの手続きの最中は、信用保証を利用できません（再生では例外があります）。",
}
"""Commercial guide, about 2025 (対象外となるケース), and guide of the corporation, 2024-03 (ご利用になれない方)."""

_USEFUL = frozenset({"purpose", "trouble", "business_age", "collateral", "barriers", "amount", "industry", "employees"})


@dataclass(frozen=True, slots=True)
class Fit:
    """A program with its criteria judged."""

    match: LoanMatch
    entry: Entry
    judged: tuple[tuple[Criterion, Verdict], ...]

    @property
    def met(self) -> int:
        """What speaks for it: the criteria met that choose between programs, a trouble counting most."""
        return sum(_WEIGHTS.get(one.slot, 1) for one, verdict in self.judged if verdict == "met" and _tells(one))

    @property
    def fits(self) -> bool:
        """Nothing speaks against it, and something other than the amount and the age speaks for it."""
        return self.met > 0 and all(verdict != "not met" for _, verdict in self.judged)

    @property
    def is_for_trouble_untold(self) -> bool:
        """Made for a trouble that the user has not told of."""
        return any(one.slot == "trouble" and verdict == "unknown" for one, verdict in self.judged)


def _tells(criterion: Criterion) -> bool:
    """Whether a criterion chooses between programs at all: being a company in business or a limit of millions does not."""
    return criterion.slot not in ("amount", "entity") and not (criterion.slot == "age" and "established" in criterion.values)


def fits(case: Case) -> list[Fit]:
    """Every program with its criteria judged, the most fitting first."""
    answers = _with_derived(case)
    found = [
        Fit(match, entry, tuple((one, judge(answers, one)) for one in match.criteria))
        for match in case.kb.content.rules.loan_matches
        if (entry := case.kb.entry(match.program)) is not None
    ]
    return sorted(
        found,
        key=lambda fit: (
            not fit.fits,
            fit.is_for_trouble_untold,
            -fit.met,
            sum(verdict == "unknown" for _, verdict in fit.judged),
        ),
    )


def _with_derived(case: Case) -> Answers:
    """The answers with what follows from them: age from months, whether it is a small enterprise."""
    derived = dict(case.answers)
    age = derived.pop("business_age", None)
    if isinstance(age, int):
        derived["age"] = "young" if age < _YOUNG_MONTHS else "established"
        derived["months_in_business"] = age
    elif age is not None:
        derived["age"] = str(age)
    troubles = set(case.chosen("trouble"))
    if "age" not in derived and troubles & {"sales-down", "prices", "bankruptcy", "repayment", "bank"}:
        derived["age"] = "established"  # only a running business has such a trouble
    size = sizes.size_of(case.kb, derived)
    small = sizes.is_small(size, derived) if size is not None else None
    if small is not None:
        derived["small"] = "yes" if small else "no"
    purposes = set(case.chosen("purpose"))
    if "starting" in purposes:
        derived.setdefault("age", "before")
    if troubles - {"none"} and not purposes and derived.get("age") != "before":
        derived["purpose"] = ("working",)
    return derived


def conclude(case: Case) -> Result:
    """The programs that fit so far, why, and which do not."""
    kb = case.kb
    excluded = sizes.excluded(case.answers)
    judged = fits(case)
    fitting = [fit for fit in judged if fit.fits and not fit.is_for_trouble_untold][:_MOST_FITTING]
    barred = "".join(_BARRED[one] for one in case.chosen("barriers") if one in _BARRED)
    unfit = [fit for fit in judged if any(verdict == "not met" for _, verdict in fit.judged) and fit.met][:_MOST_UNFIT]
    top_up = next((one for one in kb.content.rules.ward_top_ups if one.ward == case.answers.get("municipality")), None)
    blocks: list[Block] = []
    if excluded:
        head = f"{excluded}は、信用保証の対象外です。保証協会の保証が付く融資は使えません。"
    elif barred:
        head = barred
        blocks.append(Block("text", ("解消したあとに考えられる制度は、次のとおりです。",)))
    elif fitting:
        others = f"など{len(fitting)}つ" if len(fitting) > 1 else ""
        head = f"候補は「{fitting[0].entry.name}」{others}です。"
    else:
        head = "うかがった内容だけでは、専用の制度に絞れていません。一般の制度は、次のとおりです。"
        fallback = kb.entries(("tokyo-loan", "shinyo-hosho-seido"))
        blocks.append(Block("facts", tuple(f"・{entry.name}：{summary_line(entry)}" for entry in fallback), "一般の制度"))
    blocks += [_described(fit) for fit in fitting[:_MOST_SHOWN]]
    if len(fitting) > _MOST_SHOWN:
        blocks.append(
            Block("facts", tuple(f"・{fit.entry.name}（{fit.match.family}）" for fit in fitting[_MOST_SHOWN:]), "ほかの候補")
        )
    if top_up is not None:
        blocks.append(Block("text", (top_up.says,), f"{top_up.ward}の上乗せ"))
    if "municipality" in case.answers:
        blocks.append(results.desk(kb, case.answers))
    ids = [fit.entry.id for fit in fitting]
    cited = (
        *(ids or ("tokyo-loan",)),
        "loan-total-duration",
        *((top_up.entry,) if top_up else ()),
        *((_EXCLUDED,) if barred else ()),
    )
    blocks.append(results.sources(kb, cited))
    more = [_described(fit) for fit in fitting[_MOST_SHOWN:]]
    if unfit:
        more.append(Block("note", tuple(_reason(fit) for fit in unfit), "合わなかった制度"))
    more.append(Block("note", ("審査の結果、利用できないことがあります。都の制度融資は約1.5～3か月、公庫は約1か月かかります。",)))
    more.append(results.desk(kb, case.answers, ("contact-tokyo-kinyuka", "contact-jfc-dial")))
    return Result(
        head,
        tuple(blocks),
        tuple(more),
        results.entry_buttons(kb, (*ids[:4], "jfc-vs-tokyo-table")),
        useful=bool(_USEFUL & set(case.answers)),
        outcome="excluded" if excluded else "barred" if barred else ids[0] if ids else "general",
        focus=ids[0] if ids else "tokyo-loan",
    )


def _described(fit: Fit) -> Block:
    """A fitting program: what speaks for it, what is still open, its limit and term."""
    marks = {"met": "○", "unknown": "？", "not met": "×"}
    lines = [f"{marks[verdict]} {criterion.says}" for criterion, verdict in fit.judged]
    for part, label in (("limit", "限度額"), ("term", "期間")):
        section = fit.entry.section(part)
        if section is not None:
            lines.append(f"{label}：{section.lines[0]}")
    note = "" if fit.entry.status == "受付中" else "【要確認】"
    return Block("facts", tuple(lines), f"{fit.entry.name}（{fit.match.family}）{note}")


def _reason(fit: Fit) -> str:
    reasons = "、".join(criterion.says for criterion, verdict in fit.judged if verdict == "not met")
    return f"× {fit.entry.name}：「{reasons}」に当てはまりません"

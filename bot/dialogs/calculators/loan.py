"""Which loans and guarantees fit, and why, from the criteria that stand with each of them (``fits``)."""

from __future__ import annotations

from bot.dialogs import fitting
from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.dialogs.fitting import Candidate
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import summary_line
from bot.knowledge.criteria import Criterion
from bot.knowledge.entries import Entry
from bot.knowledge.fits import Judge
from bot.knowledge.sizes import excluded
from bot.talk.replies import Block

_MOST_FITTING = 5
"""Programs that are told at once; the others are behind 「続き」."""

_MOST_UNFIT = 4
_MOST_WAITING = 3
_EXCLUDED = "tgc-excluded"
_GENERAL = ("tokyo-loan", "shinyo-hosho-seido")
"""What is told of when nothing special fits."""

_ASK_BRANCH = "当てはまるかどうかは、保証協会の担当支店で確かめられます。"
_LENT = frozenset({"loan", "guarantee"})
_USEFUL = frozenset(
    {"purpose", "trouble", "business_age", "collateral", "barriers", "amount", "industry", "employees", "support"}
)


def programs(kb: KnowledgeBase) -> list[Entry]:
    """Everything that lends or guarantees, but for kinds of a program and groups of others, which those stand for."""
    return [
        entry
        for entry in kb.content.entries.values()
        if (entry.category in _LENT or entry.topic == "mutual-aid")
        and not entry.within
        and not any(criterion.programs for criterion in entry.fits)
    ]


def conclude(case: Case) -> Result:
    """The programs that fit so far, why, and which do not."""
    kb, judge = case.kb, Judge(case.kb.content, case.answers)
    entries = programs(kb)
    judged = fitting.ranked(judge, entries)
    fits = [one for one in judged if one.fits]
    shown, others = fits[:_MOST_FITTING], fits[_MOST_FITTING:]
    barring = fitting.barring(judge, entries)
    waiting = [one for one in judged if one.waits][:_MOST_WAITING]
    top_up = next((one for one in kb.content.rules.ward_top_ups if one.ward == case.answers.get("municipality")), None)
    blocks: list[Block] = []
    trade = excluded(case.answers)
    if trade:
        head = f"{trade}は、信用保証の対象外です。保証協会の保証が付く融資は使えません。"
    elif barring:
        head = "".join(f"{fitting.why_not(kb, judge, one)}。" for one in barring)
    elif shown:
        count = f"など{len(fits)}つ" if len(fits) > 1 else ""
        head = f"候補は「{shown[0].entry.name}」{count}です。"
    else:
        head = "うかがった内容だけでは、専用の制度に絞れていません。一般の制度は、次のとおりです。"
        blocks.append(Block("facts", tuple(f"・{one.name}：{summary_line(one)}" for one in kb.entries(_GENERAL)), "一般の制度"))
    if barring:
        blocks.append(Block("text", (*(_trades(kb, judge, barring) if trade else ()), _ASK_BRANCH)))
    if shown:
        heading = "それでも使えそうな制度" if trade or barring else "候補"
        blocks.append(Block("facts", tuple(_listed(kb, judge, place, one) for place, one in enumerate(shown, 1)), heading))
    if waiting:
        names = tuple(f"・{one.entry.name}" for one in waiting)
        blocks.append(Block("facts", names, "解消したあとに考えられる制度"))
    if top_up is not None and not trade:
        blocks.append(Block("text", (top_up.says,), f"{top_up.ward}の上乗せ"))
    if "municipality" in case.answers or barring:
        blocks.append(results.desk(kb, case.answers))
    ids = [one.entry.id for one in shown]
    cited = (*(ids or _GENERAL[:1]), *((top_up.entry,) if top_up else ()), *((_EXCLUDED,) if barring else ()))
    blocks.append(results.sources(kb, cited))
    more = [_described(kb, judge, one) for one in shown]
    if others:
        more.append(Block("facts", tuple(_listed(kb, judge, 0, one) for one in others), "ほかの候補"))
    unfit = [one for one in judged if one.fit.outcome == "cannot" and one.is_for_this and one not in waiting][:_MOST_UNFIT]
    if unfit:
        reasons = (f"× {one.entry.name}：{fitting.why_not(kb, judge, one.fit.excluding[0])}" for one in unfit)
        more.append(Block("note", tuple(reasons), "合わなかった制度"))
    more.append(Block("note", ("審査の結果、利用できないことがあります。都の制度融資は約1.5～3か月、公庫は約1か月かかります。",)))
    more.append(results.desk(kb, case.answers, ("contact-tokyo-kinyuka", "contact-jfc-dial")))
    return Result(
        head,
        tuple(blocks),
        tuple(more),
        results.entry_buttons(kb, (*ids[:4], "jfc-vs-tokyo-table")),
        useful=bool(_USEFUL & set(case.answers)),
        outcome="excluded" if trade else "barred" if barring else ids[0] if ids else "general",
        focus=ids[0] if ids else _GENERAL[0],
    )


def _trades(kb: KnowledgeBase, judge: Judge, barring: list[Criterion]) -> list[str]:
    """What the sources say of trades that are not served."""
    return [f"{fitting.why_not(kb, judge, one)}。" for one in barring if "industry" in one.slots][:1]


def _listed(kb: KnowledgeBase, judge: Judge, place: int, one: Candidate) -> str:
    """A program in two lines: whose it is and whether it is open, and why it is named."""
    mark = f"{place}. " if place else "・"
    return f"{mark}{one.entry.name}{results.status_note(one.entry, kb)}\n{fitting.line(kb, judge, one)}".strip()


def _described(kb: KnowledgeBase, judge: Judge, one: Candidate) -> Block:
    """A program with all that is its own: each criterion, its limit and its term."""
    marks = {"met": "○", "unknown": "？", "not met": "×"}
    lines = [
        f"{marks[part.verdict]} {part.criterion.says}"
        for part in one.fit.judged
        if not part.criterion.shared and part.criterion.kind not in ("wish", "limit")
    ]
    for name, label in (("limit", "限度額"), ("term", "期間")):
        section = one.entry.section(name)
        if section is not None:
            lines.append(f"{label}：{section.lines[0]}")
    owner = kb.content.organisations.get(one.entry.organisation, "")
    return Block("facts", tuple(lines), f"{one.entry.name}{f'（{owner}）' if owner else ''}")

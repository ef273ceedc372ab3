"""Answers 「うちは○○を使える？」: each criterion of a named program met, not met or unknown, and what would change that. Pure."""

from __future__ import annotations

from bot.dialogs import fitting
from bot.dialogs.calculators import results
from bot.dialogs.case import Answers, Result
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.knowledge.entries import Entry
from bot.knowledge.fits import Fit, Judge, Judged
from bot.talk.replies import Block

_MARKS = {"met": "○", "not met": "×", "unknown": "？"}
_MOST_MEMBERS = 3
_HEADS = {
    "can": "{name}は、お話の限り対象になりそうです。",
    "depends": "{name}は、条件しだいです。",
    "cannot": "{name}は、お話の内容では対象になりません。",
}
_CLOSED = "ただし、募集は終わっています。"
_SCREENED = "審査や窓口の判断で、利用できないことがあります。"


def is_known_of(kb: KnowledgeBase, entry: Entry, told: Answers) -> bool:
    """Whether anything told speaks for or against one of a program's criteria."""
    return any(one.verdict != "unknown" or one.touched for one in Judge(kb.content, told).fit(entry.id).judged)


def verdict(kb: KnowledgeBase, entry: Entry, told: Answers) -> Result:
    """Whether a program can be used, criterion by criterion, with what would change it and whom to ask."""
    judge = Judge(kb.content, told)
    fit = judge.fit(entry.id)
    head = _HEADS[fit.outcome].format(name=entry.name) + _because(kb, judge, fit)
    blocks = []
    if entry.status == "公募終了":
        blocks.append(Block("note", (_CLOSED + results.status_note(entry, kb),)))
    own, shared = _split(fit)
    lines = tuple(_line(kb, judge, one) for one in own)
    members = _members(kb, judge, fit)
    if lines and not members:
        blocks.append(Block("facts", lines, "条件ごとの結果"))
    if members:
        blocks.append(Block("facts", members, "どれに当たりそうか"))
    desks = [one for one in entry.contacts if one != BRANCH_OF_WARD][:1]
    blocks.append(results.desk(kb, told, desks, branch=not desks))
    blocks.append(Block("source", tuple(fitting.sources_of(kb, [one.criterion for one in own])[:2])))
    more = [Block("facts", tuple(_line(kb, judge, one) for one in shared), "多くの制度に共通する条件")] if shared else []
    more.append(Block("note", (_SCREENED,)))
    buttons = results.entry_buttons(kb, (entry.id,))
    return Result(head, tuple(blocks), tuple(more), buttons, outcome=fit.outcome, focus=entry.id)


def _split(fit: Fit) -> tuple[list[Judged], list[Judged]]:
    """The criteria to show at once, and the rest: what many programs share and nothing told speaks to, and mere wishes."""
    asked = [one for one in fit.judged if one.criterion.kind != "wish"]
    against = [one for one in asked if one.verdict == "not met"]
    own = [one for one in asked if one not in against and (not one.criterion.shared or one.touched)]
    shown = [*against, *own] or [one for one in asked if one.verdict != "met"]
    return shown, [one for one in asked if one not in shown]


def _because(kb: KnowledgeBase, judge: Judge, fit: Fit) -> str:
    """What decides: what speaks against it, or what is needed first."""
    if fit.outcome == "cannot":
        return "".join(f"{fitting.why_not(kb, judge, one)}。" for one in fit.excluding[:2])
    if fit.outcome == "can":
        return ""
    open_ = [one for one in fit.judged if one.verdict != "met" and one.criterion.kind == "get"]
    open_ += [one for one in fit.judged if one.touched and one not in open_]
    if not open_:
        open_ = [one for one in fit.judged if one.verdict == "unknown" and one.criterion.kind in ("trouble", "purpose", "who")]
    return f"{open_[0].criterion.says}が条件です。" if open_ and open_[0].criterion.kind == "get" else ""


def _line(kb: KnowledgeBase, judge: Judge, one: Judged) -> str:
    """A criterion with its mark, and what would change the verdict where it is not met or open."""
    text = f"{_MARKS[one.verdict]} {one.criterion.says}"
    if one.verdict == "not met" and one.criterion.kind == "get":
        return f"{text}\n　→ {fitting.why_not(kb, judge, one.criterion)}"
    if one.verdict == "unknown" and one.criterion.kind != "limit":
        changes = fitting.what_decides(kb, judge, one.criterion)
        return f"{text}\n　→ {changes}" if changes else text
    if one.verdict == "met":
        figures = fitting.figures_of(kb, judge, one.criterion)
        return text + figures
    return text


def _members(kb: KnowledgeBase, judge: Judge, fit: Fit) -> tuple[str, ...]:
    """The programs that a group consists of, those that fit first."""
    ids = [program for one in fit.judged for program in one.criterion.programs]
    if not ids:
        return ()
    order = {"can": 0, "depends": 1, "cannot": 2}
    marks = {"can": "○", "depends": "？", "cannot": "×"}
    found = sorted(kb.entries(ids), key=lambda entry: order[judge.fit(entry.id).outcome])[:_MOST_MEMBERS]
    return tuple(
        f"{marks[judge.fit(entry.id).outcome]} {entry.name}：{judge.fit(entry.id).judged[0].criterion.says}" for entry in found
    )

"""The overseas roadmap: which of the four stages, what next, with which help.

The stages are those of the SME Agency's paper of 2016-12 (海外展開実現までのロードマップ, STEP 1 to 4). When which
stage applies is in ``knowledge_base/rules/roadmap.yaml``; whom each support fits stands with it (``fits``).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs import fitting
from bot.dialogs.calculators import results
from bot.dialogs.case import Answers, Case, Result
from bot.dialogs.fitting import Candidate
from bot.dialogs.rules import holds
from bot.knowledge.citing import summary_line
from bot.knowledge.conditions import OneOf, leaves
from bot.knowledge.fits import Judge
from bot.knowledge.freshness import CLOSED
from bot.knowledge.rules import StageRule
from bot.knowledge.saying import said
from bot.talk.replies import Block, Picture
from bot.talk.stages import STAGES

_MOST_PROGRAMS = 5
_MOST_SHOWN = 3
_TELLING = ("country", "decided", "plan_ready", "bases", "needs")
_LAST_WITH_ROUTE = 3


def conclude(case: Case) -> Result:
    """The stage, the next step and the support that fits."""
    answers, kb = case.answers, case.kb
    rule = stage_rule(case.kb.content.rules.stage_rules, answers)
    advice = next(one for one in kb.content.rules.stage_advice if one.stage == rule.stage)
    chosen = _chosen(case, rule.stage, advice.programs)
    programs = [one.entry for one in chosen]
    lines = tuple(_line(case, one) for one in chosen)
    route = ("loan-flow-kuromaru", "overseas-support-flow-maru") if rule.stage <= _LAST_WITH_ROUTE else ()
    blocks = (
        Block("text", (f"{rule.because}。",), "理由"),
        Block("text", (advice.next_step,), "次の一歩"),
        Block("facts", lines[:_MOST_SHOWN], "使える支援"),
        results.desk(kb, answers, advice.contacts[:1], branch="municipality" in answers),
        results.sources(kb, ("roadmap-overview", f"roadmap-step{rule.stage}", *(entry.id for entry in programs), *route)),
    )
    more = [Block("facts", lines[_MOST_SHOWN:], "ほかの支援")] if lines[_MOST_SHOWN:] else []
    more += [Block("text", tuple(_route(case)), "東京都の支援の申込み")] if route else []
    more += [Block("text", tuple(_basis(case)), "もとにした内容"), Block("note", (advice.change,), "変わるとき")]
    more.append(results.desk(kb, answers, advice.contacts))
    alt = f"海外展開の4つの段階の図。いまは段階{rule.stage}「{STAGES[rule.stage]}」です。"
    buttons = results.entry_buttons(kb, (*(entry.id for entry in programs[:3]), f"roadmap-step{rule.stage}"))
    return Result(
        f"いまの段階は、段階{rule.stage}「{STAGES[rule.stage]}」です。",
        blocks,
        tuple(more),
        buttons,
        useful=any(slot in answers for slot in _TELLING),
        outcome=str(rule.stage),
        picture=Picture(rule.stage, alt),
    )


def stage_rule(rules: Sequence[StageRule], answers: Answers) -> StageRule:
    """The first rule whose conditions all hold; the last one has none."""
    return next(rule for rule in rules if all(holds(answers, slot, values) for slot, values in rule.when.items()))


def _basis(case: Case) -> list[str]:
    """What was told that stages go by."""
    told = [(slot, case.answers[slot.id]) for slot in case.dialog.slots if slot.id in _TELLING and slot.id in case.answers]
    return [f"{slot.label}：{said(case.kb.content, slot, value)}" for slot, value in told]


def _chosen(case: Case, stage: int, general: Sequence[str]) -> list[Candidate]:
    """Up to five programs that fit: for the needs in turn first, then the stage's usual ones; open ones before the others."""
    judge = Judge(case.kb.content, case.answers)
    ranked = fitting.ranked(judge, (entry for entry in case.kb.content.entries.values() if entry.stages))
    fits = [one for one in ranked if one.fits]
    lists = []
    for need in case.chosen("needs"):
        suited = [one for one in fits if need in _needs(one)]
        lists.append([one for one in suited if stage in one.entry.stages] or suited)
    in_turn = [ones[rank] for rank in range(max(map(len, lists), default=0)) for ones in lists if rank < len(ones)]
    usual = [one for one in ranked if one.entry.id in general and one.fit.outcome != "cannot"]
    usual.sort(key=lambda one: general.index(one.entry.id))
    chosen = list({one.entry.id: one for one in (*in_turn, *usual)}.values())[:_MOST_PROGRAMS]
    return sorted(chosen, key=lambda one: (one.entry.status == CLOSED, one.entry.status != "受付中"))


def _needs(one: Candidate) -> tuple[str, ...]:
    """The needs that a program is made for."""
    found = (leaf for criterion in one.fit.of("met", *fitting.MADE_FOR) if criterion.when for leaf in leaves(criterion.when))
    return tuple(value for leaf in found if isinstance(leaf, OneOf) and leaf.slot == "needs" for value in leaf.values)


def _line(case: Case, one: Candidate) -> str:
    """A program with why it is named."""
    slot = case.kb.content.slots.get("needs")
    met = tuple(need for need in case.chosen("needs") if need in _needs(one))
    because = f"（{said(case.kb.content, slot, met)}）" if slot is not None and met else ""
    return f"・{one.entry.name}{results.status_note(one.entry, case.kb)}{because}：{summary_line(one.entry)}"


def _route(case: Case) -> list[str]:
    """How to apply, in the leaflet's own numbering (❶ to ❹ for the loan, ① to ④ for the support)."""
    loan = case.kb.entry("loan-flow-kuromaru")
    support = case.kb.entry("overseas-support-flow-maru")
    lines = []
    for name, entry, marks in (("融資", loan, "❶❷❸❹"), ("支援サービス", support, "①②③④")):
        steps = entry.section("steps") if entry is not None else None
        if steps is not None:
            titles = [line.text.split(" ", 1)[1].split("（")[0].split(" ")[0].lstrip(marks) for line in steps.lines]
            lines.append(f"{name}：" + " → ".join(f"{mark}{title}" for mark, title in zip(marks, titles, strict=False)))
    lines.append(
        "どちらも、制度融資の取扱指定金融機関（銀行や信用金庫）を通して申し込みます。中小機構の支援だけは、直接申し込みます。"
    )
    return lines

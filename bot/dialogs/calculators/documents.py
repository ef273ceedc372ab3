"""Which papers to bring: the checklist for the occasion."""

from __future__ import annotations

from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.talk.replies import Block, Button

USUAL = "soudan-mochimono"
"""The checklist for whoever only says that they come: what to bring to the guarantee corporation's desk."""

_MOST_SHOWN = 8


def conclude(case: Case) -> Result:
    """The list for the occasion, and a button that makes boxes of it."""
    kb = case.kb
    chosen = str(case.answers.get("occasion", USUAL))
    entry = kb.entry(chosen) or kb.entry(USUAL)
    items = entry.section("items") if entry is not None else None
    if entry is None or items is None:
        return Result("", useful=False, outcome="unknown")
    lines = tuple(str(line) for line in items.lines)
    others = [one for one in kb.content.entries.values() if one.kind == "checklist" and one.id != entry.id]
    buttons = (
        Button("チェックリストにする", f"l:{entry.id}"),
        *(Button(one.name[:38], f"s:documents:occasion:{one.id}") for one in others),
    )
    blocks = (Block("facts", lines[:_MOST_SHOWN], entry.name), results.sources(kb, (entry.id,)))
    more = (Block("facts", lines[_MOST_SHOWN:], f"{entry.name}（続き）"),) if lines[_MOST_SHOWN:] else ()
    return Result(
        f"持っていく物は、「{entry.name}」の{len(lines)}点です。", blocks, more, buttons, outcome=entry.id, focus=entry.id
    )

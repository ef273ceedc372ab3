"""Results that are texts of the dialog itself, chosen by what was answered. A small dialog needs nothing else."""

from __future__ import annotations

from bot.dialogs.calculators import results
from bot.dialogs.case import Case, Result
from bot.dialogs.rules import holds
from bot.knowledge.dialogs import Conclusion


def conclusion(case: Case) -> Conclusion | None:
    """The first conclusion whose conditions all hold."""
    return next(
        (one for one in case.dialog.concludes if all(holds(case.answers, slot, values) for slot, values in one.when.items())),
        None,
    )


def conclude(case: Case) -> Result:
    """The text of the conclusion, the entries that it rests on, and their source."""
    found = conclusion(case)
    if found is None:
        return Result("", useful=False, outcome="unknown")
    place = case.dialog.concludes.index(found)
    return Result(
        found.text,
        (results.sources(case.kb, found.entries),) if found.entries else (),
        buttons=results.entry_buttons(case.kb, found.entries),
        outcome=str(place + 1),
    )

"""The dialogs that there are. To add one, declare it in a module here and list it."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.dialogs.catalog import bond, branch, eligible, fee, loan, mutual_aid, plan, roadmap, sharing
from bot.dialogs.declaration import Dialog
from bot.nlp.normalize import fold

DIALOGS: tuple[Dialog, ...] = (
    roadmap.DIALOG,
    fee.DIALOG,
    loan.DIALOG,
    bond.DIALOG,
    mutual_aid.DIALOG,
    sharing.DIALOG,
    plan.DIALOG,
    eligible.DIALOG,
    branch.DIALOG,
)


def find(dialog_id: str) -> Dialog | None:
    return next((dialog for dialog in DIALOGS if dialog.id == dialog_id), None)


def by_command(name: str) -> Dialog | None:
    return next((dialog for dialog in DIALOGS if dialog.command == name), None)


def near(entry_id: str) -> Dialog | None:
    """The dialog that an answer about an entry should offer."""
    return next((dialog for dialog in DIALOGS if entry_id in dialog.near), None)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Dialog], ...]:
    return tuple((re.compile("|".join(dialog.opens)), dialog) for dialog in DIALOGS if dialog.opens)


def opened_by(text: str) -> Dialog | None:
    """The dialog that a text asks for; where several patterns fit, the first dialog of the list."""
    folded = fold(text)
    return next((dialog for pattern, dialog in _patterns() if pattern.search(folded)), None)

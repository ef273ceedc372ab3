"""Says values and questions in Japanese."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.dialogs import wording
from bot.dialogs.declaration import Dialog, Slot, Value
from bot.knowledge.base import KnowledgeBase
from bot.nlp.values.amounts import yen
from bot.nlp.values.dates import japanese
from bot.nlp.values.periods import length
from bot.talk.replies import Block, Button, Reply


def shown(kb: KnowledgeBase, slot: Slot, value: Value) -> str:
    """A value as people say it."""
    match slot.kind:
        case "choice" | "choices":
            ids = value if isinstance(value, tuple) else (value,)
            return "、".join(option.label for option in slot.options if option.id in ids)
        case "yen":
            return yen(int(str(value))) if value else "なし"
        case "people":
            return f"{value}人"
        case "months":
            return f"{length(int(str(value)))}（{value}か月）" if int(str(value)) >= 12 else f"{value}か月"
        case "percent":
            return f"{value}%"
        case "times":
            return f"{value}倍"
        case "date":
            return japanese(date.fromisoformat(str(value)))
        case "industry":
            return next((one.label for one in kb.content.rules.industries if one.id == value), str(value))
        case _:
            return str(value)


def fact(kb: KnowledgeBase, slot: Slot, value: Value) -> str:
    return f"{slot.label}：{shown(kb, slot, value)}"


def ask(dialog: Dialog, slot: Slot, *, lead: Iterable[str] = ()) -> Reply:
    """The question for a slot, with what comes before it, and its buttons."""
    lines = [line for line in (*lead, slot.question) if line]
    return Reply((Block("text", tuple(lines)),), option_buttons(dialog, slot))


def option_buttons(dialog: Dialog, slot: Slot) -> tuple[Button, ...]:
    """Options carry dialog, slot and option, so that an old button still means what it said."""
    options = [Button(option.label, f"s:{dialog.id}:{slot.id}:{option.id}") for option in slot.options if option.shown]
    if slot.matters:
        options.append(Button(wording.BUTTON_UNKNOWN, f"u:{dialog.id}:{slot.id}"))
    return tuple(options)

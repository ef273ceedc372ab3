"""Says the values of slots in Japanese."""

from __future__ import annotations

from datetime import date

from bot.knowledge.dialogs import Slot
from bot.knowledge.entries import Content
from bot.nlp.values.amounts import yen
from bot.nlp.values.dates import japanese
from bot.nlp.values.periods import length

OTHER = "other:"
EXCLUDED = "excluded:"
"""What stands before a trade or a country in the user's own words, and before a kind of business that cannot be guaranteed."""


def said(content: Content, slot: Slot, value: int | str | tuple[str, ...], low: int | None = None, *, vague: bool = False) -> str:
    """A value as people say it; a range with both ends, a rough one with 約.

    >>> from bot.knowledge.dialogs import Slot
    >>> people = Slot("employees", "従業員数", "people", "?", "?", "?")
    >>> said(None, people, 3, 2, vague=True), said(None, people, 20, vague=True)  # type: ignore[arg-type]
    ('2人～3人', '約20人')
    """
    text = _plain(content, slot, value)
    if low is not None:
        return f"{_plain(content, slot, low)}～{text}"
    return f"約{text}" if vague and isinstance(value, int) and value else text


def _plain(content: Content, slot: Slot, value: int | str | tuple[str, ...]) -> str:
    if isinstance(value, str) and value.startswith((OTHER, EXCLUDED)):
        return value.partition(":")[2]
    options = value if isinstance(value, tuple) else (str(value),)
    labels = [option.label for option in slot.options if option.id in options]
    if labels:
        return "、".join(labels)
    match slot.kind:
        case "yen":
            return yen(int(str(value))) if value else "なし"
        case "people":
            return f"{value}人"
        case "months" | "age":
            months = int(str(value))
            return f"{length(months)}（{months}か月）" if slot.kind == "months" and months >= 12 else length(months)
        case "percent":
            return f"{value}%"
        case "times":
            return f"{value}倍"
        case "number":
            return f"{slot.words[0] if slot.words else ''}{value}"
        case "date":
            return japanese(date.fromisoformat(str(value)))
        case "industry":
            return next((one.label for one in content.rules.industries if one.id == value), str(value))
    return "、".join(value) if isinstance(value, tuple) else str(value)

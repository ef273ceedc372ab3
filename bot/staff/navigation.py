"""The menu of the staff's pages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.roles import may
from bot.store.members import Role


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the menu, for everybody who is at least ``least``."""

    path: str
    label: str
    least: Role


NAVIGATION = (
    Item("/", "ダッシュボード", "desk"),
    Item("/gaps", "答えられなかった質問", "desk"),
    Item("/knowledge", "知識ベース", "desk"),
    Item("/freshness", "鮮度", "desk"),
)


def menu_for(role: Role) -> tuple[Item, ...]:
    """The items that somebody may open."""
    return tuple(item for item in NAVIGATION if may(role, item.least))

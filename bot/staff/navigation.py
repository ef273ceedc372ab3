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
    Item("/handovers", "問い合わせ", "desk"),
    Item("/gaps", "答えられなかった質問", "desk"),
    Item("/knowledge", "知識ベース", "desk"),
    Item("/freshness", "鮮度", "desk"),
    Item("/try", "試す", "desk"),
    Item("/members", "担当者", "admin"),
    Item("/audit", "記録", "admin"),
)


def menu_for(role: Role) -> tuple[Item, ...]:
    """The items that somebody may open."""
    return tuple(item for item in NAVIGATION if may(role, item.least))

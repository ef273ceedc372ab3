"""Who of the staff somebody is: administrators stand in the settings, all others on the list that administrators keep."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.store.members import ROLES, Members, Role

_PRIVATE = re.compile(r"telegram:(\d{1,18})")


class Roles:
    """Looks roles up anew each time, so that a change counts at once."""

    def __init__(self, members: Members, admins: Iterable[int]) -> None:
        """``admins`` are Telegram ids that are administrators whatever the list says."""
        self.members = members
        self.fixed = frozenset(admins)

    async def of(self, user: int) -> Role | None:
        """The role of a Telegram user."""
        return "admin" if user in self.fixed else await self.members.role(user)

    async def of_chat(self, chat: str) -> Role | None:
        """The role of the user behind a private chat on Telegram; a group is nobody."""
        private = _PRIVATE.fullmatch(chat)
        return await self.of(int(private[1])) if private else None

    async def may_answer(self, user: int) -> bool:
        """Whether what somebody writes to users from the staff's chat counts.

        While there are no administrators, who could keep the list, everybody's does.
        """
        return may(await self.of(user), "desk") or not await self.admin_chats()

    async def admin_chats(self) -> list[str]:
        """The private chats of all administrators."""
        listed = [one.user for one in await self.members.all() if one.role == "admin"]
        return [f"telegram:{user}" for user in dict.fromkeys([*sorted(self.fixed), *listed])]


def may(role: Role | None, least: Role) -> bool:
    """Whether a role is at least another one.

    >>> may("editor", "desk"), may("desk", "admin"), may(None, "desk")
    (True, False, False)
    """
    return role is not None and ROLES.index(role) >= ROLES.index(least)

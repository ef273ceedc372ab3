"""``/login`` on Telegram: a link to the staff's pages for a member."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.roles import Roles
from bot.store.logins import Logins
from bot.talk.replies import Reply, say
from bot.talk.turns import Turn, is_command

_LINK = (
    "担当者のページを開くリンクです。10分以内に、1回だけ使えます。ほかの人に渡さないでください。",
    "{address}enter/{token}",
)


class LoginLinks:
    """A :class:`bot.worker.Steward`: hands links to members in their private chats; others learn nothing of them."""

    def __init__(self, roles: Roles, logins: Logins, now: Callable[[], datetime], address: str) -> None:
        """``address`` is where the pages are, ending in /."""
        self._roles = roles
        self._logins = logins
        self._now = now
        self._address = address

    async def answer(self, chat: str, turn: Turn) -> tuple[Reply, ...] | None:
        """A new link for ``/login`` of a member, ``None`` for everything else."""
        if not is_command(turn, "login") or await self._roles.of_chat(chat) is None:
            return None
        token = await self._logins.offer(chat, self._now())
        return (say(*(line.format(address=self._address, token=token) for line in _LINK)),)

"""``/login`` on Telegram: a link to the staff's pages for a member."""

from __future__ import annotations

from dataclasses import replace

from bot.roles import Roles
from bot.talk.replies import LOGIN, Reply, say
from bot.talk.turns import Turn, is_command

_LINK = "担当者のページを開くリンクです。10分以内に、1回だけ使えます。ほかの人に渡さないでください。"


class LoginLinks:
    """A :class:`bot.worker.Steward`: hands links to members in their private chats; others learn nothing of them."""

    def __init__(self, roles: Roles, address: str) -> None:
        """``address`` is where the pages are, ending in /."""
        self._roles = roles
        self._address = address

    async def answer(self, chat: str, turn: Turn) -> tuple[Reply, ...] | None:
        """A link for ``/login`` of a member, ``None`` for everything else. Its token is made when it is sent: none waits anywhere."""
        if not is_command(turn, "login") or await self._roles.of_chat(chat) is None:
            return None
        return (replace(say(_LINK, f"{self._address}enter/{LOGIN}"), with_login=True),)

"""Several stewards as one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.talk.replies import Reply
from bot.talk.turns import Turn
from bot.worker import Steward


class Stewards:
    """Asks one after the other; the first that answers has the word."""

    def __init__(self, stewards: Sequence[Steward]) -> None:
        self._stewards = stewards

    async def answer(self, chat: str, turn: Turn) -> tuple[Reply, ...] | None:
        """The replies, or ``None`` when the turn is nobody's here."""
        for steward in self._stewards:
            replies = await steward.answer(chat, turn)
            if replies is not None:
                return replies
        return None

"""Shows "typing…" while an answer is made."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.calling import describe
from bot.channels.telegram.updates import PREFIX, Place
from bot.store import turns
from bot.store.inbox import Claimed
from bot.talk.turns import Forwarded, Said

log = logging.getLogger(__name__)

_MOST = 4
"""With more chats than this waiting, "typing…" would only keep them waiting longer."""


class Typing:
    """One call per chat at most, which may fail without harm and may not come after the answer."""

    def __init__(self, bot: Bot, within: float) -> None:
        self._bot = bot
        self._within = within
        self._calls: dict[str, asyncio.Task[None]] = {}

    def begin(self, claimed: Claimed) -> None:
        """Show it for a turn of words, unless there is too much to do."""
        if claimed.chat in self._calls or len(self._calls) >= _MOST:
            return
        try:
            worth_it = isinstance(turns.load(claimed.turn), Said | Forwarded)
            place = Place.load(claimed.context)
        except ValueError:
            return
        if worth_it:
            task = asyncio.create_task(self._show(int(claimed.chat.removeprefix(PREFIX)), place.topic))
            self._calls[claimed.chat] = task
            task.add_done_callback(lambda _: self._calls.pop(claimed.chat, None))

    async def over(self, chat: str) -> None:
        """Wait until the call is made: a late one would stand below the answer."""
        task = self._calls.get(chat)
        if task is not None:
            await asyncio.wait((task,))

    async def _show(self, chat_id: int, topic: int | None) -> None:
        try:
            async with asyncio.timeout(self._within):
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=topic)
        except (TelegramError, TimeoutError) as error:
            log.debug("typing was not shown: %s", describe(error))

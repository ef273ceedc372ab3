"""Tells chats what they did not just ask for: reminders, answers found later, that nobody answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.advisor import answers
from bot.dialogs.reminding import CANCEL_BUTTON
from bot.step import handover
from bot.store.database import FAILURES
from bot.store.notices import Due, Found
from bot.store.outbox import Message
from bot.talk import phrases
from bot.talk.conversation import Conversation
from bot.talk.replies import Block, Button, Reply, say
from bot.worker import Channel, Worker

log = logging.getLogger(__name__)

_TELEGRAM = "telegram:"


class Notifier:
    """Looks again and again. Chats of the web find what is for them when they ask."""

    def __init__(self, worker: Worker, channel: Channel | None, every: float) -> None:
        """``channel`` is what can be sent on, ``None`` where there is only the web; ``every`` is in seconds."""
        self._worker = worker
        self._channel = channel
        self._every = every

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except FAILURES as error:
                log.warning("reminders could not be looked up (%s)", type(error).__name__)
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """Tell whom there is something to tell now. Raises one of :data:`bot.store.database.FAILURES`."""
        worker = self._worker
        now, notices = worker.now(), worker.store.notices
        compose = self._compose if self._channel is not None else None
        await notices.post_answered(self._found, compose, now)
        if compose is not None:
            await notices.post_reminders(_TELEGRAM, lambda due: compose(due.chat, _reminder(due)), now)
        desk = worker.reception.desk if worker.reception is not None else None
        if desk is not None and desk.is_open(now):
            missing = Reply((Block("text", (phrases.PERSON_MISSING,)), handover.call(worker.kb, Conversation())))
            await notices.post_overdue(desk.overdue(now), missing, compose, now)

    def _compose(self, chat: str, reply: Reply) -> Sequence[Message]:
        return self._channel.compose(chat, "", (reply,)) if self._channel is not None else ()

    def _found(self, one: Found) -> Reply | None:
        entry = self._worker.kb.entry(one.entry)
        if entry is None:
            return None
        buttons = (answers.entry_button(entry), Button(phrases.NO_MORE_OF_THIS, "q:off"))
        return say(phrases.FOUND_LATER.format(question=one.question[:100]), buttons=buttons)


def _reminder(due: Due) -> Reply:
    return say(due.text, buttons=(CANCEL_BUTTON,))

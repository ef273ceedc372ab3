"""Sends reminders when they are due."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.advisor.replies import say
from bot.channels.telegram.render import render
from bot.channels.telegram.sending import Gateway, describe
from bot.dialogs.reminding import CANCEL_BUTTON
from bot.store.database import Due
from bot.worker import PUSHED, Worker

log = logging.getLogger(__name__)


class Reminders:
    """Looks for due reminders again and again; one that could not be sent is tried at the next look."""

    def __init__(self, bot: Bot, worker: Worker, gateway: Gateway) -> None:
        self._bot = bot
        self._worker = worker
        self._gateway = gateway

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                for reminder in await self._worker.store.due(datetime.now(UTC), PUSHED):
                    await self._send(reminder)
            except (SQLAlchemyError, OSError) as error:
                log.warning("reminders could not be looked up (%s)", type(error).__name__)
            await asyncio.sleep(self._gateway.pace.reminders)

    async def _send(self, reminder: Due) -> None:
        chat_id = int(reminder.chat.removeprefix(PUSHED))
        page = render(say(reminder.text, buttons=(CANCEL_BUTTON,)))[0]
        try:
            await self._gateway.call(
                lambda: self._bot.send_message(chat_id, page.html, parse_mode=ParseMode.HTML, reply_markup=page.keyboard)
            )
        except (Forbidden, BadRequest):
            log.info("a reminder's chat does not let the bot write; it is dropped")
        except TelegramError as error:
            log.warning("a reminder was not sent: %s", describe(error))
            return
        await self._worker.store.sent(reminder, datetime.now(UTC))

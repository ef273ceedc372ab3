"""Takes a turn for one update and delivers its replies."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.advisor import phrases
from bot.advisor.replies import Reply, say
from bot.advisor.turns import Forwarded, Pressed, Said
from bot.channels.road import draw
from bot.channels.telegram.render import Outgoing, extend, render
from bot.channels.telegram.sending import Gateway, describe, trace
from bot.channels.telegram.updates import Incoming
from bot.worker import Worker

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Handler:
    """Answers updates through one bot account."""

    def __init__(self, bot: Bot, worker: Worker, gateway: Gateway) -> None:
        self._bot = bot
        self._worker = worker
        self._gateway = gateway

    async def acknowledge(self, callback: str) -> None:
        """Stop the pressed button's spinner. Too late is no harm."""
        await self._gateway.once(lambda: self._bot.answer_callback_query(callback), 10.0)

    async def handle(self, incoming: Incoming) -> None:
        """Take the turn, then deliver. Whatever fails is logged and told, never raised."""
        typing = asyncio.create_task(self._typing(incoming))
        try:
            async with self._gateway.slots:
                replies = await self._worker.take(incoming.key, incoming.turn)
        except Exception as error:  # one chat's failure must not stop the others
            self._failed(error)
            replies = (say(phrases.FAILED),)
        finally:
            await typing  # a late "typing…" would stand below the answer
        try:
            await self._deliver(incoming, replies)
        except Exception as error:  # as above
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._worker.metrics.failures.inc()
        log.error("a turn failed: %s", trace(error))

    async def _typing(self, incoming: Incoming) -> None:
        if isinstance(incoming.turn, Said | Forwarded):
            await self._gateway.once(
                lambda: self._bot.send_chat_action(incoming.chat_id, ChatAction.TYPING, message_thread_id=incoming.topic),
                self._gateway.pace.typing,
            )

    async def _deliver(self, incoming: Incoming, replies: tuple[Reply, ...]) -> None:
        quote = incoming.quote
        for number, reply in enumerate(replies):
            pages = render(reply)
            await self._attach(incoming, reply)
            if number == 0 and await self._edited(incoming, reply, pages):
                pages = pages[1:]
            for page in pages:
                try:
                    await self._send(incoming, page, quote)
                except Forbidden:
                    log.info("a chat does not let the bot write; its replies are dropped")
                    return
                except TelegramError as error:
                    log.warning("a message was not sent: %s", describe(error))
                quote = None

    async def _attach(self, incoming: Incoming, reply: Reply) -> None:
        """A reply's picture and file, before its text."""
        try:
            if reply.picture is not None:
                picture = reply.picture
                png = await asyncio.to_thread(draw, picture.stage)
                await self._gateway.call(
                    lambda: self._bot.send_photo(
                        incoming.chat_id, png, caption=picture.alt, message_thread_id=incoming.topic, filename="road.png"
                    )
                )
            if reply.attachment is not None:
                file = reply.attachment
                await self._gateway.call(
                    lambda: self._bot.send_document(
                        incoming.chat_id,
                        file.text.encode(),
                        filename=file.name,
                        message_thread_id=incoming.topic,
                    )
                )
        except TelegramError as error:  # the text says it all without them
            log.warning("a picture or file was not sent: %s", describe(error))

    async def _send(self, incoming: Incoming, page: Outgoing, quote: int | None) -> None:
        async def send(chat_id: int) -> None:
            await self._gateway.call(
                lambda: self._bot.send_message(
                    chat_id,
                    page.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=page.keyboard,
                    link_preview_options=_NO_PREVIEW,
                    message_thread_id=incoming.topic,
                    reply_parameters=ReplyParameters(quote, allow_sending_without_reply=True) if quote is not None else None,
                )
            )

        try:
            await send(incoming.chat_id)
        except ChatMigrated as moved:
            await send(moved.new_chat_id)

    async def _edited(self, incoming: Incoming, reply: Reply, pages: tuple[Outgoing, ...]) -> bool:
        """Whether the pressed message now shows the first page.

        A menu takes the message's place; 「続き」 is added below what the message says, so that
        nothing read so far goes away. What cannot be edited is sent anew by the caller.
        """
        shown = incoming.pressed
        if shown is None or not pages:
            return False
        page: Outgoing | None = pages[0] if reply.in_place else None
        if page is None and _asks_for_more(incoming) and len(pages) == 1:
            page = extend(shown.html, pages[0])
        if page is None:
            return False
        edited = page
        attempts = 0

        async def edit() -> None:
            nonlocal attempts
            attempts += 1
            await self._bot.edit_message_text(
                edited.html,
                incoming.chat_id,
                shown.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=edited.keyboard,
                link_preview_options=_NO_PREVIEW,
            )

        try:
            await self._gateway.call(edit)
        except BadRequest as error:
            # After a retry "not modified" means that the first attempt had arrived.
            return attempts > 1 and "not modified" in error.message
        except TelegramError as error:
            log.warning("a message was not edited: %s", describe(error))
            return False
        return True


def _asks_for_more(incoming: Incoming) -> bool:
    return isinstance(incoming.turn, Pressed) and incoming.turn.action.partition(":")[0] == "more"

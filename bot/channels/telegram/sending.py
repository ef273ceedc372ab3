"""Makes the calls that wait in the outbox, and decides what a failure of each means."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from structlog.contextvars import bound_contextvars
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.road import draw
from bot.channels.telegram import inline
from bot.channels.telegram.calling import describe, may_have_arrived, seconds
from bot.channels.telegram.outgoing import ANSWERS, ELSE
from bot.channels.telegram.typing import Typing
from bot.channels.telegram.updates import PREFIX
from bot.metrics import Metrics
from bot.pump import backoff, persist, trace
from bot.store.hearing import Answer
from bot.store.outbox import Parcel
from bot.store.store import Store

log = logging.getLogger(__name__)

LONGEST_CALL = 40.0
"""Seconds after which a call is given up, whatever the connection does."""

FRESH_SECONDS = 120.0
"""An answer that is older than this is not put into a message that has scrolled away since, but sent anew."""


_PLACE = ("message_thread_id", "reply_parameters")
"""Parameters that say where in a chat something is sent."""

_NO_TOPIC = ("thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
"""What the server says of a topic that takes nothing any more, in small letters: the library changes them."""

Sent = TypeVar("Sent")


class Sender:
    """Sends one parcel at a time per chat; the outbox sees to order and pace."""

    def __init__(self, bot: Bot, store: Store, metrics: Metrics, typing: Typing) -> None:
        self._bot = bot
        self._store = store
        self._metrics = metrics
        self._typing = typing

    async def send(self, parcel: Parcel) -> None:
        """Make the call and record how it came out. Never raises."""
        with bound_contextvars(request=parcel.request):
            settle: Callable[[], Awaitable[None]]
            try:
                settle = await self._attempt(parcel)
            except Exception as error:  # a parcel that we stumble over must not hold its chat up for ever
                log.error("a call could not be made: %s", trace(error))  # noqa: TRY400  # a traceback may quote data
                detail = type(error).__name__
                settle = lambda: self._store.outbox.settle(parcel, "failed", "broken", detail)  # noqa: E731
            await persist(settle)

    async def _attempt(self, parcel: Parcel) -> Callable[[], Awaitable[None]]:
        """One attempt; returns the transaction that records it."""
        outbox = self._store.outbox
        began = time.monotonic()
        try:
            if parcel.again:  # a second attempt is the last: not into a line that is still dead
                await self._bot.get_me()
            async with asyncio.timeout(LONGEST_CALL):
                answer = await self._call(parcel)
        except RetryAfter as error:
            self._count("limited")
            wait = seconds(error)
            log.warning("the server asks to wait %.1f s", wait)
            return lambda: outbox.pause(parcel, wait)
        except ChatMigrated as error:
            moved = f"{PREFIX}{error.new_chat_id}"
            return lambda: self._store.move(parcel, moved)
        except Forbidden as error:
            self._count("blocked")
            detail = describe(error)
            log.info("a chat does not let the bot write; what waits for it is dropped")
            return lambda: outbox.close(parcel, detail)
        except BadRequest as error:
            self._count("refused")
            detail = describe(error)
            log.warning("a %s was refused: %s", parcel.method, detail)
            return lambda: outbox.settle(parcel, "failed", "refused", detail)
        except (TelegramError, TimeoutError) as error:
            return self._failed(parcel, error, began)
        self._count("ok")
        self._metrics.outbox_seconds.observe(max(0.0, (datetime.now(UTC) - parcel.created_at).total_seconds()))
        return lambda: outbox.settle(parcel, "sent", "ok", answer=answer)

    def _failed(self, parcel: Parcel, error: Exception, began: float) -> Callable[[], Awaitable[None]]:
        """The server could not be reached, or did not say what it did."""
        outbox = self._store.outbox
        uncertain = isinstance(error, TimeoutError) or (isinstance(error, TelegramError) and may_have_arrived(error))
        detail = describe(error)
        if uncertain and parcel.again:
            self._count("uncertain")
            log.error("nobody knows whether a %s arrived, even at the second attempt; it is left at that", parcel.method)
            return lambda: outbox.settle(parcel, "failed", "uncertain", detail)
        self._count("failed")
        self._metrics.retries.inc()
        wait = backoff(parcel.attempts, first=0.5, longest=60.0)
        log.warning("a %s was not sent (%s, %.1f s), next try in %.1f s", parcel.method, detail, time.monotonic() - began, wait)
        return lambda: outbox.retry(parcel, wait, "failed", detail, uncertain=uncertain)

    async def _call(self, parcel: Parcel) -> Answer | None:
        """Make the call; returns the answer that stands there now, if it answers a message."""
        payload = parcel.payload
        if parcel.method == "answerInlineQuery":
            await self._answer_inline(payload)
            return None
        chat = int(parcel.chat.removeprefix(PREFIX))
        match parcel.method:
            case "sendMessage":
                await self._typing.over(parcel.chat)
                return await self._answer(parcel, chat, payload)
            case "editMessageText":
                await self._edit(parcel, chat, payload)
            case "deleteMessage":
                await self._take_back(parcel, chat, payload[ANSWERS])
            case "answerCallbackQuery":
                await self._bot.answer_callback_query(payload["callback_query_id"])
            case "sendPhoto":
                png = await asyncio.to_thread(draw, payload.pop("stage"))
                await _somewhere(lambda place: self._bot.send_photo(chat, png, filename="road.png", api_kwargs=place), payload)
            case "sendDocument":
                file = payload.pop("file")
                text, name = file["text"].encode(), file["name"]
                await _somewhere(lambda place: self._bot.send_document(chat, text, filename=name, api_kwargs=place), payload)
            case _:
                raise ValueError(parcel.method)
        return None

    async def _answer(self, parcel: Parcel, chat: int, payload: dict[str, Any]) -> Answer | None:
        """Say something; what corrects an earlier answer takes its place where that still stands."""
        answers = payload.pop(ANSWERS, None)
        if answers is None:
            await self._say(chat, payload)
            return None
        key, page = answers["key"], answers["page"]
        for earlier in await self._store.hearings.answers(parcel.chat, key, page) if answers["corrects"] else ():
            if earlier.page == page and await self._exchange(chat, earlier.message_id, payload):
                return earlier
        return Answer(parcel.chat, key, page, await self._say(chat, payload))

    async def _take_back(self, parcel: Parcel, chat: int, answers: dict[str, Any]) -> None:
        """Remove what an answer said beyond its correction."""
        surplus = await self._store.hearings.answers(parcel.chat, answers["key"], answers["page"])
        for one in surplus:
            with suppress(BadRequest):  # it is gone already, or too old
                await self._bot.delete_message(chat, one.message_id)
        if surplus:
            await self._store.hearings.drop(parcel.chat, answers["key"], answers["page"])

    async def _answer_inline(self, payload: dict[str, Any]) -> None:
        await self._bot.answer_inline_query(
            payload["inline_query_id"],
            inline.results(payload),
            cache_time=inline.CACHE_SECONDS,
            is_personal=False,
            next_offset=payload["next_offset"],
            button=inline.button(),
        )

    async def _say(self, chat: int, payload: dict[str, Any]) -> int:
        text = payload.pop("text")
        sent = await _somewhere(lambda place: self._bot.send_message(chat, text, api_kwargs=place), payload)
        return int(sent.message_id)

    async def _edit(self, parcel: Parcel, chat: int, payload: dict[str, Any]) -> None:
        """Edit, or send the same as a new message where nothing can be edited."""
        instead = payload.pop(ELSE)
        if (datetime.now(UTC) - parcel.created_at).total_seconds() > FRESH_SECONDS:
            await self._say(chat, instead)
            return
        if not await self._exchange(chat, payload.pop("message_id"), payload):
            await self._say(chat, instead)

    async def _exchange(self, chat: int, message_id: int, payload: dict[str, Any]) -> bool:
        """Let a message say something else; returns whether it says so now."""
        wanted = {name: value for name, value in payload.items() if name not in {"text", *_PLACE}}
        try:
            await self._bot.edit_message_text(payload["text"], chat, message_id, api_kwargs=wanted)
        except BadRequest as error:
            if "not modified" in error.message:  # an earlier attempt arrived, or a second tap asks for what is shown
                return True
            log.info("a message cannot be edited (%s); its text is sent anew", describe(error))
            return False
        return True

    def _count(self, result: str) -> None:
        self._metrics.sends.labels(result).inc()


async def _somewhere(send: Callable[[dict[str, Any]], Awaitable[Sent]], place: dict[str, Any]) -> Sent:
    """Send something to its topic, or to the chat itself when the topic was deleted or closed meanwhile."""
    try:
        return await send(place)
    except BadRequest as error:
        if "message_thread_id" not in place or not any(words in error.message.lower() for words in _NO_TOPIC):
            raise
        log.info("a topic takes nothing any more (%s); the answer goes to the chat", describe(error))
        # A quoted message would lead back into the topic.
        return await send({name: value for name, value in place.items() if name not in _PLACE})

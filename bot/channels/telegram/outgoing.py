"""Turns replies into calls of the Bot API. Pure; the sender makes the calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.telegram.render import Outgoing, extend, render
from bot.channels.telegram.updates import Place, Shown
from bot.store.outbox import Message
from bot.talk.replies import Reply

SPINNER_SECONDS = 100.0
"""How long a pressed button may be acknowledged; Telegram forgets the press soon after."""

ELSE = "else"
"""In the payload of an edit: the parameters of the message that is sent when nothing can be edited."""

ANSWERS = "answers"
"""In the payload of a text that answers a message: the message's ``key``, the ``page`` of the answer, and whether it ``corrects`` an
earlier one."""

Payload = dict[str, Any]


def compose(chat: str, context: str, replies: Sequence[Reply]) -> tuple[Message, ...]:
    """The calls that answer an update; without a ``context`` the replies are simply sent."""
    return tuple(_calls(chat, Place.load(context) if context else Place(), replies))


def _calls(chat: str, place: Place, replies: Sequence[Reply]) -> Iterator[Message]:
    topic = {"message_thread_id": place.topic} if place.topic is not None else {}
    quote = place.quote
    number_of_page = 0
    if place.callback:
        lane = f"callback:{place.callback}"[:120]
        yield Message(chat, "answerCallbackQuery", {"callback_query_id": place.callback}, lane, SPINNER_SECONDS)
    for number, reply in enumerate(replies):
        if reply.picture is not None:
            caption = reply.picture.alt
            yield Message(chat, "sendPhoto", {"stage": reply.picture.stage, "caption": caption, **topic})
        if reply.attachment is not None:
            file = {"name": reply.attachment.name, "text": reply.attachment.text}
            yield Message(chat, "sendDocument", {"file": file, **topic})
        pages = render(reply)
        if number == 0 and (edit := _edit(place.pressed, reply, pages)) is not None:
            payload = {**edit, ELSE: {**_text(pages[0]), **topic}}
            yield Message(chat, "editMessageText", payload)
            pages = pages[1:]
        for page in pages:
            above = {"reply_parameters": {"message_id": quote, "allow_sending_without_reply": True}} if quote is not None else {}
            yield Message(chat, "sendMessage", {**_text(page), **topic, **above, **_answers(place, number_of_page)})
            quote = None
            number_of_page += 1
    if place.corrects:
        yield Message(chat, "deleteMessage", _answers(place, number_of_page))


def _answers(place: Place, page: int) -> Payload:
    return {ANSWERS: {"key": place.key, "page": page, "corrects": place.corrects}} if place.key else {}


def _text(page: Outgoing) -> Payload:
    keyboard = {"reply_markup": page.keyboard.to_dict()} if page.keyboard else {}
    return {"text": page.html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}, **keyboard}


def _edit(shown: Shown | None, reply: Reply, pages: tuple[Outgoing, ...]) -> Payload | None:
    """How the pressed message comes to show the first page.

    A menu takes the message's place; 「続き」 is added below what the message says, so that
    nothing read so far goes away.
    """
    if shown is None or not pages:
        return None
    page: Outgoing | None = pages[0] if reply.in_place else None
    if page is None and shown.grows and len(pages) == 1:
        page = extend(shown.html, pages[0])
    return {"message_id": shown.message_id, **_text(page)} if page is not None else None

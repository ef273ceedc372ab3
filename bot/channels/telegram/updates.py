"""Translates Telegram's updates to turns. Pure: no calls, no clock."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update

from bot.channels.telegram.commands import NAMES
from bot.desk import number_in
from bot.store import turns
from bot.store.hearing import Hearing, Kind
from bot.store.inbox import PASSING
from bot.talk.turns import Commanded, DeskReplied, Forwarded, LookedUp, Moved, Pressed, Said, Sent, Started, Turn

WANTED = ("message", "edited_message", "callback_query", "inline_query")
"""The kinds of updates that Telegram is asked for."""

PREFIX = "telegram:"
"""Chat keys of this channel begin so."""

_KINDS = {
    "sticker": "sticker",
    "animation": "video",  # before document: Telegram fills both for a GIF
    "photo": "photo",
    "voice": "voice",
    "audio": "voice",
    "video_note": "video",
    "video": "video",
    "venue": "location",
    "location": "location",
    "contact": "contact",
    "document": "document",
    "dice": "other",
    "game": "other",
    "poll": "other",
    "story": "other",
    "paid_media": "other",
    "checklist": "other",
}
"""A message's field and the kind of :class:`bot.talk.turns.Sent`; what stands in none is a service message."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:[\s\u3000]+|(?=[^\x00-\x7f])|$)(.*)", re.DOTALL | re.ASCII)
"""What follows a command needs no space before it where it is Japanese, as in Telegram's own reading."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account, and the chat of its staff (0 for none)."""

    id: int
    username: str
    desk: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """The message whose button was pressed; ``html`` is what it says now.

    ``grows`` when the button was 「続き」: the answer is added below what the message says.
    """

    message_id: int
    html: str
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An inline query to answer, and the bot's name, for links to it."""

    query: str
    username: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how to answer: a message to quote, a topic, a pressed message, a press to acknowledge, an inline query.

    ``key`` names the message (or its album) that is answered; ``corrects`` when an answer to it may stand there already.
    """

    key: str = ""
    corrects: bool = False
    quote: int | None = None
    topic: int | None = None
    pressed: Shown | None = None
    callback: str = ""
    inline: Asked | None = None

    def dump(self) -> str:
        """The place as JSON, for the inbox."""
        return _PLACE.dump_json(self).decode()

    @staticmethod
    def load(text: str) -> Place:
        """What :meth:`dump` wrote. Raises :class:`ValueError`."""
        return _PLACE.validate_json(text)


_PLACE = TypeAdapter(Place)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A turn with what is needed to answer it in the right place."""

    chat_id: int
    turn: Turn
    place: Place = Place()
    hearing: Hearing | None = None

    @property
    def key(self) -> str:
        """The chat's key in the store. Inline queries belong to no chat that we know, but those of one user supersede each other."""
        return f"{PASSING}{self.chat_id}" if self.place.inline is not None else f"{PREFIX}{self.chat_id}"


@dataclass(frozen=True, slots=True)
class Translated:
    """What an update comes to; ``incoming`` is ``None`` when there is nothing to answer.

    ``kind`` is the update's kind, ``other`` for one that the bot has no use for, ``broken`` for one
    that cannot be read.
    """

    kind: str
    incoming: Incoming | None = None


_LONGEST_QUERY, _LONGEST_OFFSET, _LONGEST_KEY = 256, 64, 80
"""Characters; Telegram sends no more."""

_EDITABLE = timedelta(hours=49)
"""Users can edit for 48 hours; later Telegram tells only of reactions and the like."""

_BEYOND = 2**63
"""No database keeps such a number, and Telegram counts nowhere near it."""


def update_id(raw: object) -> int | None:
    """The id of an update as it came from the server, or ``None`` when it has none."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _BEYOND else None


def translate(raw: object, me: Me) -> Translated:
    """Read one update as it came from the server. Never raises: anyone can send anything."""
    if not isinstance(raw, dict):
        return Translated("broken")
    try:
        update = Update.de_json(raw)
        if update.callback_query is not None:
            return Translated("callback_query", _pressed(update.callback_query))
        if update.inline_query is not None:
            return Translated("inline_query", _looked_up(update.inline_query, me))
        if update.message is not None:
            return Translated("message", _message(update.message, me, edited=False))
        if update.edited_message is not None:
            return Translated("edited_message", _message(update.edited_message, me, edited=True))
    except Exception:  # whatever the library or we stumble over, the next update must still be read
        return Translated("broken")
    return Translated("other")


def _pressed(query: CallbackQuery) -> Incoming | None:
    """A press; without a message there is no chat to answer in."""
    message = query.message
    if message is None:
        return None
    turn = Pressed(_tidy(query.data or ""))
    callback = str(query.id)
    if not isinstance(message, Message) or not message.is_accessible:  # too old to be edited
        return Incoming(int(message.chat.id), turn, Place(callback=callback))
    shown = Shown(int(message.message_id), message.text_html or "", grows=turn.action.partition(":")[0] == "more")
    buttons = message.reply_markup.to_json() if message.reply_markup is not None else ""
    hearing = Hearing(f"b{message.message_id}", "press", _digest(turn.action, shown.html, buttons))
    return Incoming(int(message.chat.id), turn, Place(topic=_topic(message), pressed=shown, callback=callback), hearing)


def _looked_up(query: InlineQuery, me: Me) -> Incoming:
    turn = LookedUp(_tidy(query.query)[:_LONGEST_QUERY], _tidy(query.offset)[:_LONGEST_OFFSET])
    return Incoming(int(query.from_user.id), turn, Place(inline=Asked(str(query.id), me.username)))


def _message(message: Message, me: Me, *, edited: bool) -> Incoming | None:
    if message.chat.type == Chat.CHANNEL or _is_automatic(message, me):
        return None
    if message.migrate_to_chat_id is not None:
        return Incoming(int(message.chat.id), Moved(f"{PREFIX}{message.migrate_to_chat_id}"))
    if message.migrate_from_chat_id is not None:
        return Incoming(int(message.migrate_from_chat_id), Moved(f"{PREFIX}{message.chat.id}"))
    text = _tidy(message.text or message.caption or "")
    if edited and not text:
        return None  # a live location that moves, a replaced photo: nothing was asked
    private = message.chat.type == Chat.PRIVATE
    turn = _from_desk(message, text, me) or _turn(message, text, me, private=private)
    if turn is None:
        return None
    quote = None if private else int(message.message_id)
    hearing = _hearing(message, turn, edited=edited)
    corrects = edited or (hearing.kind == "album" and bool(text))
    return Incoming(int(message.chat.id), turn, Place(hearing.key, corrects, quote, _topic(message)), hearing)


def _hearing(message: Message, turn: Turn, *, edited: bool) -> Hearing:
    """What tells this message from another one, and an edit from a mere reaction to it."""
    album = message.media_group_id
    kind: Kind = "album" if album is not None else "message"
    if edited:
        kind = "edit" if message.edit_date is not None and message.edit_date - message.date < _EDITABLE else "reaction"
    key = f"a{album}"[:_LONGEST_KEY] if album is not None else f"m{message.message_id}"
    return Hearing(key, kind, _digest(turns.dump(turn)))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _from_desk(message: Message, text: str, me: Me) -> Turn | None:
    """An answer of the staff: in their chat, below a message of ours that bears a question's number."""
    above = message.reply_to_message
    if message.chat.id != me.desk or not text or text.startswith("/") or above is None or not _replies_to(message, me):
        return None
    number = number_in(above.text or "")
    by = int(message.from_user.id) if message.from_user is not None else 0
    return DeskReplied(number, text, by) if number is not None else None


def _turn(message: Message, text: str, me: Me, *, private: bool) -> Turn | None:
    """The turn, or ``None`` for chatter in a group, for another bot's command and for service messages."""
    forwarded = message.forward_origin is not None
    mention = re.compile(rf"(?<![\w@])@{re.escape(me.username)}(?!\w)", re.IGNORECASE | re.ASCII)
    command = None if forwarded else _COMMAND.fullmatch(text.strip())
    if command is not None:
        name, bot = command[1].lower(), (command[2] or "").lower()
        if bot and bot != me.username.lower():
            return None
        if private or bot or name in NAMES:
            argument = mention.sub(" ", command[3]).strip()
            return Started(argument) if name == "start" else Commanded(name, argument)
    mentioned = mention.search(text) is not None or _names(message, me)
    if not (private or mentioned or _replies_to(message, me)):
        return None
    if mentioned:
        text = mention.sub(" ", text).strip()
        if not text and not forwarded and (message.text or message.caption):
            return _mentioned_only(message)
    if text or message.text:
        return Forwarded(text) if forwarded else Said(text)
    kind = next((kind for field, kind in _KINDS.items() if getattr(message, field, None)), "")
    return Sent(kind) if kind else None


def _mentioned_only(message: Message) -> Turn:
    """The bot's name alone: below another message it asks about that message, otherwise how to use the bot."""
    above = message.reply_to_message
    text = _tidy(above.text or above.caption or "") if above is not None else ""
    return Forwarded(text) if text else Commanded("help")


def _is_automatic(message: Message, me: Me) -> bool:
    """Channel posts copied to their group, our own inline results, and other bots (but not anonymous admins)."""
    if message.is_automatic_forward or (message.via_bot is not None and message.via_bot.id == me.id):
        return True
    return message.from_user is not None and message.from_user.is_bot and message.sender_chat is None


def _replies_to(message: Message, me: Me) -> bool:
    above = message.reply_to_message
    return above is not None and above.from_user is not None and above.from_user.id == me.id


def _names(message: Message, me: Me) -> bool:
    """Whether the bot is mentioned by a link to its account instead of by its name."""
    entities = (*message.entities, *message.caption_entities)
    return any(entity.user is not None and entity.user.id == me.id for entity in entities)


def _topic(message: Message) -> int | None:
    thread = message.message_thread_id if message.is_topic_message else None
    return int(thread) if thread is not None else None


def _tidy(text: str) -> str:
    """Text that every database and encoding takes: no NUL, no half of a surrogate pair."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")

"""What a user did, in words that every channel can translate to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlp.normalize import clean, fold


@dataclass(frozen=True, slots=True)
class Said:
    """Typed text."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button; ``action`` is the id that the button carried."""

    action: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Somebody else's message, passed on to get an answer for it."""

    text: str


@dataclass(frozen=True, slots=True)
class Started:
    """The conversation was opened, with a deep link's payload or without."""

    payload: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command without its slash, and what followed it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is no text: ``kind`` is sticker, photo, voice, location, contact, document or other."""

    kind: str


@dataclass(frozen=True, slots=True)
class DeskReplied:
    """Somebody in the staff's chat, ``by``, replied to our message ``above``; which question that brought was noted when it was sent."""

    above: int
    text: str
    by: int = 0


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Somebody types the bot's name and a query in any chat; ``offset`` is "" for the first page of what is found."""

    query: str
    offset: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same button of the same message once more, before the first press could show anything: a tap too many."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has become another one; ``chat`` is its new key."""

    chat: str


Turn = LookedUp | Said | Pressed | Forwarded | Started | Commanded | Sent | DeskReplied | Repeated | Moved


@dataclass(frozen=True, slots=True)
class Typed:
    """A command in a text: its name, the account that it is for ("" where none is named), and what follows it."""

    name: str
    account: str
    argument: str


_LETTER = "A-Za-zＡ-Ｚａ-ｚ"
_SIGN = f"{_LETTER}0-9_０-９＿"
_COMMAND = re.compile(rf"[/／]([{_LETTER}][{_SIGN}]{{0,31}})(?:[@＠]([{_SIGN}]+))?(?![{_SIGN}/／@＠])(.*)")


def typed(text: str) -> Typed | None:
    """The command that a text is, however it was typed: full-width, with invisible characters, with words behind it.

    What follows a command needs no space before it where it is no letter of a name, as in Telegram's own reading.

    >>> typed("／ｆｅｅ@michishirube_bot 500万円")
    Typed(name='fee', account='michishirube_bot', argument='500万円')
    >>> typed("/for\\u200bgetお願いします").argument, typed("/ これ"), typed("/home/x")
    ('お願いします', None, None)
    """
    found = _COMMAND.fullmatch(clean(text))
    if found is None:
        return None
    name, account, argument = found.groups(default="")
    return Typed(fold(name), fold(account), argument.strip())


def is_command(turn: Turn, name: str) -> bool:
    """Whether a turn is the command ``/name``, tapped or typed."""
    match turn:
        case Commanded(name=given):
            return given == name
        case Said(text):
            command = typed(text)
            return command is not None and command.name == name
    return False

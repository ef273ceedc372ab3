"""What a user did, in words that every channel can translate to."""

from __future__ import annotations

from dataclasses import dataclass


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
    """The staff answered a question that was handed over, in their own chat; ``number`` is the question's, ``by`` who wrote."""

    number: int
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


def is_command(turn: Turn, name: str) -> bool:
    """Whether a turn is the command ``/name``, tapped or typed."""
    match turn:
        case Commanded(name=given):
            return given == name
        case Said(text):
            return text.strip().lower().split("@")[0] == f"/{name}"
    return False

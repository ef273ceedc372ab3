"""Conversations as text for their table."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from bot.talk.conversation import Conversation

_FORM = TypeAdapter(Conversation)


def dump(conversation: Conversation) -> str:
    """A conversation as JSON."""
    return _FORM.dump_json(conversation).decode()


def load(text: str) -> Conversation | None:
    """The conversation that :func:`dump` wrote, ``None`` for anything else.

    >>> load(dump(Conversation(focus="abl-hosho"))) == Conversation(focus="abl-hosho")
    True
    >>> load("{")
    """
    try:
        return _FORM.validate_json(text)
    except ValidationError:
        return None

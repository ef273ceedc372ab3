"""Turns as text for the inbox."""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.talk.turns import Commanded, DeskReplied, Forwarded, LookedUp, Moved, Pressed, Repeated, Said, Sent, Started, Turn

_KINDS: dict[str, type[Turn]] = {
    kind.__name__: kind for kind in (Said, Pressed, Forwarded, Started, Commanded, Sent, DeskReplied, LookedUp, Repeated, Moved)
}


def dump(turn: Turn) -> str:
    """A turn as JSON.

    >>> dump(Said("保証料"))
    '{"type": "Said", "text": "保証料"}'
    """
    return json.dumps({"type": type(turn).__name__, **asdict(turn)}, ensure_ascii=False)


def load(text: str) -> Turn:
    """The turn that :func:`dump` wrote. Raises :class:`ValueError` for anything else.

    >>> load(dump(Sent("photo")))
    Sent(kind='photo')
    """
    try:
        fields = json.loads(text)
        return _KINDS[fields.pop("type")](**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a stored turn has an unknown form") from error

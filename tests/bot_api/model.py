"""What the server keeps and how it refuses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
FaultKind = Literal["error", "garbage", "closed", "refuse", "hang"]

TOKEN = "123456:loopback-token"  # no secret: it opens nothing but this server
ME: Json = {"id": 123456, "is_bot": True, "first_name": "みちしるべ", "username": "michishirube_bot"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the server got, with what it answered (an error code, or 200)."""

    method: str
    values: Json
    code: int
    at: float

    @property
    def chat_id(self) -> int:
        return int(self.values.get("chat_id", 0))


@dataclass(slots=True)
class Message:
    """A message of the bot as users see it now."""

    chat_id: int
    message_id: int
    text: str
    entities: list[Json]
    keyboard: list[list[Json]]
    values: Json
    edits: int = 0

    @property
    def buttons(self) -> dict[str, str]:
        """Label to callback data."""
        return {button["text"]: button["callback_data"] for row in self.keyboard for button in row}

    def as_json(self) -> Json:
        shown: Json = {
            "message_id": self.message_id,
            "date": int(time.time()),
            "from": ME,
            "chat": chat(self.chat_id),
            "text": self.text,
            "entities": self.entities,
        }
        if self.keyboard:
            shown["reply_markup"] = {"inline_keyboard": self.keyboard}
        return shown


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call instead of, or for ``closed`` after, doing what it asks."""

    kind: FaultKind = "error"
    code: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    migrate_to: int | None = None


class Refused(Exception):  # noqa: N818  # named as the server says it
    """A call that the real server would refuse."""

    def __init__(self, code: int, description: str, **parameters: int | None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = {name: value for name, value in parameters.items() if value is not None}


def chat(chat_id: int) -> Json:
    """Negative ids are groups."""
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup", "title": "商店会"}
    return {"id": chat_id, "type": "private", "first_name": "花子"}


def user(user_id: int) -> Json:
    return {"id": user_id, "is_bot": False, "first_name": "花子", "language_code": "ja"}

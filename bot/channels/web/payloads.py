"""What the chat page sends and gets: JSON in both directions."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from bot.talk.replies import Attachment, Reply
from bot.talk.turns import Pressed, Said, Started, Turn

LONGEST_TEXT = 20_000
"""Characters of a message that are accepted; how many of them are read is the core's business."""


class TurnSent(BaseModel):
    """One turn: typed text, a pressed button's action, or the page opened for the first time.

    The page gives it an ``id`` and keeps that when it sends the turn again: the same id gets the same reply.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")] = ""
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] | None = None
    press: Annotated[str, StringConstraints(max_length=64)] | None = None
    start: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.text is not None) + (self.press is not None) + self.start != 1:
            raise ValueError("one of text, press and start")
        return self

    @property
    def turn(self) -> Turn:
        if self.press is not None:
            return Pressed(self.press)
        return Started() if self.start else Said(self.text or "")


def shown(reply: Reply) -> dict[str, object]:
    """A reply as the page draws it."""
    return {
        "blocks": [{"kind": block.kind, "heading": block.heading, "lines": block.lines} for block in reply.blocks],
        "buttons": [{"label": button.label, "action": button.action} for button in reply.buttons],
        "picture": {"src": f"/road/{reply.picture.stage}.png", "alt": reply.picture.alt} if reply.picture else None,
        "attachment": _file(reply.attachment) if reply.attachment else None,
    }


def _file(attachment: Attachment) -> dict[str, object]:
    return {"name": attachment.name, "type": attachment.media_type, "text": attachment.text, "label": attachment.label}

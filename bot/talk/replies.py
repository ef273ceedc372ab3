"""What the bot says, in words that every channel can show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

BlockKind = Literal["title", "text", "facts", "desk", "note", "source"]
AnswerKind = Literal["answer", "choices", "unknown", "smalltalk", "dialog"]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; ``heading`` names them."""

    kind: BlockKind
    lines: tuple[str, ...]
    heading: str = ""

    @property
    def text(self) -> str:
        lines = [f"■ {self.heading}", *self.lines] if self.heading else list(self.lines)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Button:
    """``label`` is shown; ``action`` comes back as :class:`bot.talk.turns.Pressed` (64 bytes at most).

    A button that stands ``beside`` shares the row of the one before it.
    """

    label: str
    action: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The road through the four stages with the user's place on it; channels draw it."""

    stage: int
    alt: str


LOGIN = "{login}"
"""Where a login token will stand in the text of a reply."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to take away, e.g. a calendar; ``label`` is the link to it where one is shown."""

    name: str
    media_type: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. ``more`` is what 「続き」 shows; ``in_place`` asks to replace the pressed message.

    ``erased`` says that everything about the chat goes with it: the shell deletes what is kept, a channel what it shows.
    ``with_login`` says that :data:`LOGIN` stands in it for a secret that is made only when the message is sent.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    more: tuple[Block, ...] = ()
    in_place: bool = False
    picture: Picture | None = None
    attachment: Attachment | None = None
    erased: bool = False
    with_login: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def more_text(self) -> str:
        return "\n\n".join(block.text for block in self.more)

    def with_buttons(self, *buttons: Button) -> Reply:
        return replace(self, buttons=(*self.buttons, *buttons))


def say(*lines: str, buttons: tuple[Button, ...] = ()) -> Reply:
    """A reply of plain text."""
    return Reply((Block("text", lines),), buttons)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that an answer rests on, with the search's score."""

    id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Answered:
    """Event: what kind of answer a question got. ``question`` is kept only where nothing was found."""

    kind: AnswerKind
    entries: tuple[Found, ...] = ()
    confidence: float = 0.0
    question: str = ""

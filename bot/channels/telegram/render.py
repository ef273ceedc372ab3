"""Renders replies as Telegram messages. Pure."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.talk.replies import Block, Button, Reply

LIMIT = 4096
"""UTF-16 units of a message. Ours keep to it with the markup counted in, which is stricter than Telegram."""

LONGEST_LABEL = 60
LONGEST_ACTION = 64
"""Bytes of callback data."""

MOST_BUTTONS = 100

_LINE = "\n"
_BREAK = "\n\n"
_BOLD = "<b>{}</b>"
_NO_TEXT = "⬇"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message: text with HTML markup, and the buttons below it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    bold: bool = False

    @property
    def html(self) -> str:
        escaped = html.escape(self.text, quote=False)
        return _BOLD.format(escaped) if self.bold and escaped.strip() else escaped


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 code units.

    >>> units("窓口🏢")
    4
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def render(reply: Reply) -> tuple[Outgoing, ...]:
    """The messages of a reply, with its buttons below the last one."""
    keyboard = _keyboard(reply.buttons)
    pages = [page for page in _pages([_lines(block) for block in reply.blocks]) if page.strip()]
    if not pages:
        return (Outgoing(_NO_TEXT, keyboard),) if keyboard else ()
    *first, last = map(Outgoing, pages)
    return (*first, replace(last, keyboard=keyboard))


def extend(shown: str, page: Outgoing) -> Outgoing | None:
    """A message that goes on below what it says already; ``None`` when both do not fit in one."""
    joined = f"{shown}{_BREAK}{page.html}"
    return replace(page, html=joined) if shown and units(joined) <= LIMIT else None


def _keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """One button a row, unless it stands beside another. Actions are ids and fit; one that does not is left out, or Telegram would refuse the whole message."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons[:MOST_BUTTONS]:
        if not 1 <= len(button.action.encode("utf-8", "replace")) <= LONGEST_ACTION:
            continue
        made = InlineKeyboardButton(_label(button.label), callback_data=button.action)
        if button.beside and rows:
            rows[-1].append(made)
        else:
            rows.append([made])
    return InlineKeyboardMarkup(rows) if rows else None


def _label(label: str) -> str:
    label = " ".join(label.split()) or "・"
    return label if units(label) <= LONGEST_LABEL else _head(label, LONGEST_LABEL - 1) + "…"


def _lines(block: Block) -> list[_Line]:
    """A block's lines, none of them longer than a message."""
    heading = [_Line(f"■ {block.heading}", bold=True)] if block.heading else []
    lines = [*heading, *(_Line(text, bold=block.kind == "title") for line in block.lines for text in line.split(_LINE))]
    return [piece for line in lines for piece in _cut(line)]


def _cut(line: _Line) -> Iterator[_Line]:
    """Parts of a line that fit, cut after a full stop or a space where one is near."""
    room = LIMIT - units(_BOLD.format("")) if line.bold else LIMIT
    rest = line.text
    while units(html.escape(rest, quote=False)) > room:
        head = _head(rest, room)
        stop = max(head.rfind("。"), head.rfind(" ")) + 1
        if stop > len(head) // 2:
            head = head[:stop]
        yield replace(line, text=head)
        rest = rest[len(head) :]
    yield replace(line, text=rest)


def _head(text: str, room: int) -> str:
    """The longest beginning that takes at most ``room`` units when it is escaped."""
    used = 0
    for position, character in enumerate(text):
        used += units(html.escape(character, quote=False))
        if used > room:
            return text[:position]
    return text


def _pages(blocks: Sequence[Sequence[_Line]]) -> list[str]:
    """Blocks put together to messages: a block that does not fit starts the next one, and is cut only if it must be."""
    pages: list[str] = []
    page = ""
    for block in blocks:
        whole = _LINE.join(line.html for line in block)
        if page and units(page) + units(_BREAK) + units(whole) <= LIMIT:
            page += _BREAK + whole
            continue
        if page:
            pages.append(page)
        page = ""
        for line in block:
            if page and units(page) + 1 + units(line.html) > LIMIT:
                pages.append(page)
                page = ""
            page = f"{page}{_LINE}{line.html}" if page else line.html
    if page:
        pages.append(page)
    return pages

"""Reads HTML as Telegram does: a few tags, strict nesting, offsets in UTF-16 units."""

from __future__ import annotations

import html
import re

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
}
_LINK = re.compile(r'\s+href="([^"<>]+)"')
_PIECE = re.compile(r"<(/?)([a-zA-Z]+)([^<>]*)>|(<)|&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-fA-F]+));|([^<&]+|&)")


class CannotParse(Exception):  # noqa: N818  # named as the server says it
    """``can't parse entities``."""


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(markup: str) -> tuple[str, list[dict[str, object]]]:
    """The plain text and its entities. Raises :class:`CannotParse`."""
    text = ""
    opened: list[tuple[str, int, dict[str, str]]] = []
    entities: list[dict[str, object]] = []
    for match in _PIECE.finditer(markup):
        closing, tag, attributes, stray = match[1], match[2], match[3], match[4]
        if stray:
            raise CannotParse("unescaped <")
        if not tag:
            text += html.unescape(match[0])
        elif closing:
            if not opened or opened[-1][0] != tag.lower():
                raise CannotParse(f'unexpected end tag "{tag}"')
            name, start, more = opened.pop()
            if units(text) > start:
                entities.append({"type": _TAGS[name], "offset": start, "length": units(text) - start, **more})
        elif tag.lower() == "a" and (link := _LINK.fullmatch(attributes)):
            opened.append(("a", units(text), {"url": html.unescape(link[1])}))
        elif tag.lower() not in _TAGS or tag.lower() == "a" or attributes:
            raise CannotParse(f'unsupported start tag "{tag}"')
        else:
            opened.append((tag.lower(), units(text), {}))
    if opened:
        raise CannotParse(f'can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text, entities

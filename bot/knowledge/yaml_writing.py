"""Values as YAML text, in the style in which the knowledge base is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bot.knowledge.yaml_reader import read

ON_ONE_LINE = frozenset({"aliases", "sources", "stages", "topics", "contacts", "web", "related", "programs", "columns"})
"""Lists that are written as ``[a, b]``; all others have a line for each item."""

_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Characters that would not show, or would break a line or turn its direction: always written as escapes."""

_NAMED = {"\n": r"\n", "\t": r"\t", "\r": r"\r", '"': r"\"", "\\": r"\\"}


def scalar(value: object, style: str = "", *, flow: bool = False) -> str:
    """A value that is text, a whole number or a truth value. ``style`` is kept where it can be; ``flow`` is within brackets."""
    if not isinstance(value, str):
        return str(value).lower()
    if style == "'" and not _HIDDEN.search(value):
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _can_be_plain(value, flow=flow):
        return value
    return '"' + re.sub(r'["\\]|' + _HIDDEN.pattern, _escaped, value) + '"'


def key(text: str) -> str:
    """The name of a field, or the label of a fact."""
    return text if _reads_as(f"{text}: x\n", {text: "x"}) and _can_be_plain(text) else scalar(text, '"')


def pair(name: str, value: object, column: int, newline: str = "\n") -> str:
    """``name: value`` where the name begins at ``column`` (from 0); what does not fit on its line follows indented."""
    if isinstance(value, list) and value and name not in ON_ONE_LINE:
        margin = newline + " " * (column + 2)
        return f"{key(name)}:" + "".join(f"{margin}- {item(one, column + 4, newline)}" for one in value)
    return f"{key(name)}: {on_one_line(value) if isinstance(value, (list, dict)) else scalar(value)}"


def item(value: object, column: int, newline: str = "\n") -> str:
    """What stands after ``- `` when it begins at ``column``."""
    if isinstance(value, dict) and value:
        return (newline + " " * column).join(pair(str(name), one, column, newline) for name, one in value.items())
    return on_one_line(value) if isinstance(value, (list, dict)) else scalar(value)


def on_one_line(value: object) -> str:
    """A list or mapping in brackets."""
    if isinstance(value, list):
        return listed([on_one_line(one) for one in value])
    if isinstance(value, dict):
        return "{" + ", ".join(pair_on_one_line(str(name), one) for name, one in value.items()) + "}"
    return scalar(value, flow=True)


def pair_on_one_line(name: str, value: object) -> str:
    """``name: value`` within brackets."""
    plain = _reads_as(f"[{{{name}: x}}]", [{name: "x"}]) and _can_be_plain(name, flow=True)
    written = name if plain else scalar(name, '"')
    return f"{written}: {on_one_line(value)}"


def listed(items: Sequence[str]) -> str:
    """A list in brackets of items that are YAML already."""
    return "[" + ", ".join(items) + "]"


def _can_be_plain(text: str, *, flow: bool = False) -> bool:
    """Whether the text means itself without quotation marks, wherever in a file a value may stand."""
    if not text or _HIDDEN.search(text):
        return False
    ours = _reads_as(f"- k: {text}\n- {text}\n", [{"k": text}, text])
    return ours and (not flow or _reads_as(f"[{{k: {text}}}, {text}]\n", [{"k": text}, text]))


def _reads_as(text: str, data: object) -> bool:
    document, problems = read(Path(), text)
    return document is not None and not problems and document.data == data


def _escaped(match: re.Match[str]) -> str:
    sign = match[0]
    return _NAMED.get(sign) or (rf"\x{ord(sign):02x}" if ord(sign) < 0x100 else rf"\u{ord(sign):04x}")

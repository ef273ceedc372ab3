"""What an entry says, piece by piece, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from bot.knowledge.figures import figures
from bot.knowledge.files import Located
from bot.knowledge.problems import Position

_SILENT = frozenset(
    {
        *("id", "questions", "reading", "topic", "topics", "category", "status", "replaced_by", "as_of", "checked", "sources"),
        *("organisation", "stages", "number", "contacts", "related", "repeats", "reckoned"),
    }
)
"""Fields of an entry that say nothing to users, or what users say."""

_KEY = re.compile(r"[a-z_]+")
"""A key of the files' own; other keys are labels, which people read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of an entry; ``path`` leads to it inside the entry."""

    text: str
    path: tuple[str | int, ...]
    at: Position

    @property
    def field(self) -> str:
        return str(self.path[0])

    @property
    def figures(self) -> tuple[str, ...]:
        return figures(self.text)


def passages(one: Located) -> tuple[Passage, ...]:
    """Everything that an entry says, labels and rows of tables too, in the order of the file."""
    sections = cast("dict[str, list[dict[str, object]]]", one.file.document.data)
    entry = sections[one.section][one.index]
    return tuple(
        Passage(text, path, one.at(*path))
        for key, value in entry.items()
        if key not in _SILENT
        for text, path in _texts(value, (key,))
    )


def _texts(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not _KEY.fullmatch(key):
                yield key, (*path, key)
            if key not in ("as_of", "source"):
                yield from _texts(inner, (*path, key))
    elif isinstance(value, Sequence):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))

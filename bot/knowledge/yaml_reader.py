"""Reads YAML safely and remembers where everything stood.

Only mappings, lists and plain scalars exist here: no tags, anchors or aliases, so nothing can be
constructed or expanded. Scalars are text unless they are an unquoted whole number, ``true``,
``false`` or empty; ``2024-03`` and ``no`` stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.problems import Position, Problem, reason
from bot.knowledge.yaml_slips import control_characters, explained, swallowed

MAX_BYTES = 1_000_000
MAX_DEPTH = 12

Path_ = tuple[str | int, ...]
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,11})")
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """One file's data with the position of every key and item."""

    file: Path
    data: object
    positions: dict[Path_, tuple[int, int]]

    def at(self, path: Path_) -> Position:
        """The position of ``path``, or of its nearest ancestor that stands in the file."""
        while path and path not in self.positions:
            path = path[:-1]
        line, column = self.positions.get(path, (1, 1))
        return Position(self.file, line, column)


class _Builder:
    """Builds data from the parser's events; never makes objects of any other kind."""

    def __init__(self, file: Path, events: Iterator[Any], lines: list[str]) -> None:
        self.positions: dict[Path_, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self._file = file
        self._events = events
        self._lines = lines

    def document(self) -> object:
        """The first document's data; an empty file is an empty mapping."""
        data: object = {}
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._fail(event, "「---」で区切らず、一つのファイルに一つの内容を書いてください")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, ())
                data = value if documents == 1 else data
        return {} if data is None else data

    def _fail(self, event: Any, message: str) -> None:
        self.problems.append(Problem(Position(self._file, *_place(event)), message))

    def _value(self, event: Any, path: Path_) -> object:
        self.positions.setdefault(path, _place(event))
        if isinstance(event, yaml.AliasEvent):
            self._fail(event, f"別名（*{event.anchor}）は使えません。内容をそのまま書いてください")
            return None
        if event.anchor:
            self._fail(event, f"目印（&{event.anchor}）は使えません。消してください")
        if event.tag:
            self._fail(event, f"タグ（{event.tag}）は使えません。消してください")
        if len(path) > MAX_DEPTH:
            self._fail(event, f"入れ子が深すぎます（{MAX_DEPTH}段まで）")
            self._skip(event)
            return None
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if not event.style:
            self.problems += swallowed(self._file, self._lines, event)
        return scalar_value(event)

    def _sequence(self, path: Path_) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path_) -> dict[str, object]:
        result: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._fail(event, "項目名は一つの語で書いてください")
                self._skip(event)
                self._skip(next(self._events))
                continue
            key = str(event.value)
            if key in result:
                self._fail(event, f"項目「{key}」が二度書かれています。一つにまとめてください")
                self._skip(next(self._events))
                continue
            self.positions[(*path, key)] = _place(event)
            result[key] = self._value(next(self._events), (*path, key))
        return result

    def _skip(self, event: Any) -> None:
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            inner = next(self._events)
            depth += isinstance(inner, yaml.CollectionStartEvent) - isinstance(inner, yaml.CollectionEndEvent)


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def scalar_value(event: Any) -> object:
    """What a scalar means; ``event`` may be PyYAML's event or node."""
    text = str(event.value)
    if event.style in {"'", '"', "|", ">"}:
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return {"": None, "~": None, "null": None, "true": True, "false": False}.get(text, text)


def too_large(file: Path) -> Problem:
    """What staff are told of a file with more than :data:`MAX_BYTES`."""
    return Problem(Position(file), f"ファイルが大きすぎます（{MAX_BYTES // 1000}KBまで）。話題ごとに分けてください")


def read(file: Path, content: str | bytes | None = None) -> tuple[Document | None, list[Problem]]:
    """Read ``file`` (or ``content`` in its name). Returns the document, or the problems that prevent one."""
    if content is None:
        try:
            content = file.read_bytes()
        except OSError as error:
            return None, [Problem(Position(file), f"ファイルを読めません（{reason(error)}）。アクセス権を確かめてください")]
    if isinstance(content, bytes):
        if len(content) > MAX_BYTES:
            return None, [too_large(file)]
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            return None, [Problem(Position(file, line), "文字コードがUTF-8ではありません。UTF-8で保存してください")]
    else:
        text = content
    if unreadable := control_characters(file, text):
        return None, unreadable
    try:
        builder = _Builder(file, yaml.parse(text, Loader=_Loader), text.split("\n"))
        data = builder.document()
    except yaml.MarkedYAMLError as error:
        return None, [explained(file, text, error)]
    except yaml.YAMLError:
        return None, [Problem(Position(file), "YAMLとして読めません。ファイルが壊れていないか確かめてください")]
    return Document(file, data, builder.positions), builder.problems

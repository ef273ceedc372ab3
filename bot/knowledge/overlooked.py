"""What is valid, yet read otherwise than its writer thinks: text cut off by a comment, invisible characters, files with other names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.files import LoadedFile, knowledge_files
from bot.knowledge.invisible import find, named, visible
from bot.knowledge.problems import Position, Problem
from bot.knowledge.yaml_reader import Document, Path_, scalar_value

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_COMMENT = re.compile(r"[ \t]+#[^\n]*")
_MEANT = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)
_LONGEST = 30


def overlooked(folder: Path, files: Sequence[LoadedFile]) -> Iterator[Problem]:
    """Everything of the kind in a folder, as warnings."""
    yield from _unread(folder)
    for file in files:
        yield from _hidden(file.document)
        yield from _cut_off(file.document.file)


def _unread(folder: Path) -> Iterator[Problem]:
    """Files that look like part of the knowledge base and are not."""
    read = set(knowledge_files(folder))
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path in read or not _MEANT.search(path.name) or any(part.startswith(".") for part in inside.parts):
            continue
        name = f"{_MEANT.sub('', path.name)}.yaml"
        message = f"このファイルは読み込まれません。名前を「{name}」に変えてください"
        yield Problem(Position(path), message, "warning")


def _hidden(document: Document) -> Iterator[Problem]:
    for path, text in _texts(document.data, ()):
        if character := find(text):
            message = f"見えない文字（{named(character)}）が入っています。消してください：「{_around(text, character)}」"
            yield Problem(document.at(path), message, "warning")


def _cut_off(file: Path) -> Iterator[Problem]:
    """Unquoted text that a ``#`` after a space ends."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):  # it was told already
        return
    if "#" not in text:
        return
    events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
    for event in events:
        if not isinstance(event, yaml.ScalarEvent) or event.style or not isinstance(scalar_value(event), str):
            continue
        end: Any = event.end_mark
        if (found := _COMMENT.match(text, end.index)) is not None:
            lost = visible(found[0].strip())[:_LONGEST]
            message = f'「 #」から後（{lost}）は覚え書きになり、読まれません。文の一部なら、値の全体を " " で囲んでください'
            yield Problem(Position(file, end.line + 1, end.column + 1), message, "warning")


def _texts(data: object, path: Path_) -> Iterator[tuple[Path_, str]]:
    match data:
        case str():
            yield path, data
        case dict():
            for key, value in data.items():
                yield from _texts(value, (*path, key))
        case list():
            for index, value in enumerate(data):
                yield from _texts(value, (*path, index))


def _around(text: str, character: str) -> str:
    """The part of a text around a character, the character by its name."""
    place = text.index(character)
    return visible(text[max(0, place - _LONGEST // 2) : place + _LONGEST // 2])

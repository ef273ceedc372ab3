"""Where every value of a YAML text begins and ends, so that one can be exchanged and all else stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from bot.knowledge.yaml_reader import Path_, scalar_value

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; ``style`` is its quotation mark, "|", ">" or "" for none."""

    start: int
    end: int
    style: str
    data: object


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list: ``[a, b]`` when ``flow``, lines that begin with ``- `` otherwise."""

    start: int
    end: int
    flow: bool
    items: tuple[Node, ...]

    @property
    def data(self) -> object:
        return [item.data for item in self.items]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping: ``{a: b}`` when ``flow``, lines of ``key: value`` otherwise."""

    start: int
    end: int
    flow: bool
    pairs: tuple[tuple[Scalar, Node], ...]

    @property
    def data(self) -> object:
        return {str(key.data): value.data for key, value in self.pairs}


Node = Scalar | Sequence | Mapping
"""A value and its place: ``start`` and ``end`` count characters; blank lines and comments that follow do not belong to it."""


def spans(text: str) -> Node:
    """The one document in ``text``, which :func:`bot.knowledge.yaml_reader.read` must have read without a problem."""
    return _node(yaml.compose(text, Loader=_Loader), text)


def within(node: Node, path: Path_) -> Node:
    """The value that ``path`` leads to. Raises :class:`KeyError` when there is none."""
    for step in path:
        match node:
            case Sequence() if isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            case Mapping():
                node = next((value for key, value in node.pairs if key.data == step), None) or _missing(path)
            case _:
                _missing(path)
    return node


def _missing(path: Path_) -> Node:
    raise KeyError(path)


def _node(found: Any, text: str) -> Node:
    start, end = found.start_mark.index, found.end_mark.index
    if isinstance(found, yaml.SequenceNode):
        items = tuple(_node(one, text) for one in found.value)
        return Sequence(start, end if found.flow_style or not items else items[-1].end, bool(found.flow_style), items)
    if isinstance(found, yaml.MappingNode):
        pairs = tuple((_key(key), _node(value, text)) for key, value in found.value)
        last = max(pairs[-1][0].end, pairs[-1][1].end) if pairs else end
        return Mapping(start, end if found.flow_style else last, bool(found.flow_style), pairs)
    if found.style in {"|", ">"}:
        end = start + len(text[start:end].rstrip())
    return Scalar(start, end, found.style or "", scalar_value(found))


def _key(found: Any) -> Scalar:
    return Scalar(found.start_mark.index, found.end_mark.index, found.style or "", str(found.value))

"""Changes one mapping of a YAML text and leaves every other character as it is, comments and quotation marks too."""

from __future__ import annotations

import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from difflib import SequenceMatcher
from pathlib import Path

from bot.knowledge import yaml_writing as writing
from bot.knowledge.yaml_reader import Path_, read
from bot.knowledge.yaml_spans import Mapping, Node, Scalar, Sequence, spans, within


class EditError(Exception):
    """A change that cannot be made; the message tells staff why, in Japanese."""


def exchange(text: str, path: Path_, new: AnyMapping[str, object], order: AnySequence[str] = ()) -> str:
    """``text`` with the mapping at ``path`` meaning ``new``: only the lines that must change do.

    New fields stand where ``order`` has them. What comes out is read again; raises :class:`EditError` rather than return
    a text that means anything else.
    """
    before = _data(text)
    bare = text.removeprefix("\ufeff")
    ends = bare.endswith("\n") or not bare
    whole = bare if ends else bare + "\n"
    try:
        writer = _Writer(whole, order)
        writer.change(within(spans(whole), path), dict(new))
        edited = writer.edited()
    except UnicodeEncodeError:
        raise EditError("使えない文字があります。絵文字などを消して、もう一度お試しください") from None
    except (KeyError, _Intricate):
        raise EditError("この項目は画面からは直せない書き方です。お手数ですが、ファイルを直接直してください") from None
    edited = text[: len(text) - len(bare)] + (edited if ends else edited.removesuffix("\n").removesuffix("\r"))
    if not _same(_data(edited), _with(before, path, dict(new))):
        raise EditError("この項目は画面からは直せない書き方です。お手数ですが、ファイルを直接直してください")
    return edited


class _Intricate(Exception):  # noqa: N818  # a way out of the writer, never seen outside
    """The text is laid out in a way that is not edited here."""


class _Writer:
    """Collects what to put in the place of which characters."""

    def __init__(self, text: str, order: AnySequence[str]) -> None:
        self._text = text
        self._order = list(order)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, int, str]] = []

    def edited(self) -> str:
        text = self._text
        numbered = [(start, end, number, put) for number, (start, end, put) in enumerate(self._edits)]
        for start, end, _, put in sorted(numbered, reverse=True):  # from the end, and what came first in a place stays first
            text = text[:start] + put + text[end:]
        return text

    def change(self, node: Node, new: object, *, flow: bool = False) -> None:
        """Make ``node`` mean ``new``; ``flow`` tells that it stands within brackets."""
        if _same(node.data, new):
            return
        match node, new:
            case Scalar(), str() | int():
                self._put(node.start, node.end, writing.scalar(new, node.style, flow=flow))
            case Mapping(flow=False), dict():
                self._change_mapping(node, new)
            case Sequence(flow=False), list() if new:
                self._change_list(node, new)
            case Sequence(flow=True), list() if node.items and _same(node.data, new[: len(node.items)]):
                added = [writing.on_one_line(one) for one in new[len(node.items) :]]
                self._put(node.items[-1].end, node.items[-1].end, "".join(f", {one}" for one in added))
            case Mapping(flow=True), dict() if {str(name.data) for name, _ in node.pairs} == set(new):
                for name, value in node.pairs:
                    self.change(value, new[str(name.data)], flow=True)
            case Sequence(flow=True) | Mapping(flow=True), list() | dict():
                self._put(node.start, node.end, self._in_brackets(node, new))
            case _ if flow:
                self._put(node.start, node.end, writing.on_one_line(new))
            case _:
                self._put(node.start, node.end, writing.item(new, self._column(node.start), self._newline))

    def _change_mapping(self, node: Mapping, new: dict[str, object]) -> None:
        names = [str(key.data) for key, _ in node.pairs]
        if len(new) == 1 == len(names) and names != list(new):  # a fact under another label
            (name, value), (key, old) = next(iter(new.items())), node.pairs[0]
            self._put(key.start, key.end, writing.key(name))
            self.change(old, value)
            return
        if names[0] not in new:
            self._put(node.start, node.end, writing.item(new, self._column(node.start), self._newline))
            return
        for name, (key, value) in zip(names, node.pairs, strict=True):
            if name not in new:
                self._remove_lines(key.start, max(key.end, value.end))
            elif not _same(value.data, new[name]):
                self._change_pair(key, value, new[name])
        added: dict[int, list[str]] = {}
        for name in self._ordered([name for name in new if name not in names]):
            line = writing.pair(name, new[name], self._column(node.start), self._newline)
            added.setdefault(self._after(name, names), []).append(" " * self._column(node.start) + line + self._newline)
        for index, lines in added.items():
            key, value = node.pairs[index]
            place = self._line_end(max(key.end, value.end))
            self._put(place, place, "".join(lines))

    def _change_pair(self, key: Scalar, value: Node, new: object) -> None:
        plain = isinstance(new, (str, int))
        if isinstance(value, Scalar) != plain or value.start == value.end or (new == [] and not _is_flow(value)):
            end = max(key.end, value.end)
            self._put(key.start, end, writing.pair(str(key.data), new, self._column(key.start), self._newline))
        else:
            self.change(value, new)

    def _change_list(self, node: Sequence, new: list[object]) -> None:
        old = [_fingerprint(item.data) for item in node.items]
        matcher = SequenceMatcher(None, old, [_fingerprint(one) for one in new], autojunk=False)
        for _, i1, i2, j1, j2 in matcher.get_opcodes():
            if old[i1:i2] == [_fingerprint(one) for one in new[j1:j2]]:
                continue
            both = min(i2 - i1, j2 - j1)
            for item, value in zip(node.items[i1 : i1 + both], new[j1 : j1 + both], strict=True):
                self.change(item, value)
            for item in node.items[i1 + both : i2]:
                self._remove_lines(self._dash(item), item.end)
            if j1 + both < j2:
                self._insert_items(node, i1 + both, new[j1 + both : j2])

    def _insert_items(self, node: Sequence, index: int, values: list[object]) -> None:
        dash = self._dash(node.items[0])
        place = self._line_end(node.items[index - 1].end) if index else self._line_start(dash)
        margin = " " * self._column(dash)
        lines = [f"{margin}- {writing.item(one, self._column(dash) + 2, self._newline)}{self._newline}" for one in values]
        self._put(place, place, "".join(lines))

    def _in_brackets(self, node: Sequence | Mapping, new: list[object] | dict[str, object]) -> str:
        """``new`` on one line; what was there before keeps its very characters."""
        if isinstance(node, Sequence) and isinstance(new, list):
            there = {_fingerprint(item.data): self._text[item.start : item.end] for item in node.items}
            return writing.listed([there.get(_fingerprint(one)) or writing.on_one_line(one) for one in new])
        if isinstance(node, Mapping) and isinstance(new, dict):
            pairs = {str(key.data): (value.data, self._text[key.start : value.end]) for key, value in node.pairs}
            same = {name: text for name, (data, text) in pairs.items() if name in new and _same(data, new[name])}
            return "{" + ", ".join(same.get(name) or writing.pair_on_one_line(name, one) for name, one in new.items()) + "}"
        return writing.on_one_line(new)

    def _ordered(self, names: list[str]) -> list[str]:
        return sorted(names, key=lambda name: self._order.index(name) if name in self._order else len(self._order))

    def _after(self, name: str, names: list[str]) -> int:
        """Which of the fields that are there a new one follows: the last of those that come before it by rights."""
        if name not in self._order:
            return len(names) - 1
        before = set(self._order[: self._order.index(name)])
        for one in reversed(self._order[: self._order.index(name)]):
            if one in names:
                return names.index(one)
        return max((index for index, one in enumerate(names) if one in before), default=0)

    def _dash(self, item: Node) -> int:
        """Where the ``-`` of an item stands, alone before it on its line."""
        place = self._text.rfind("-", self._line_start(item.start), item.start)
        if place < 0 or self._text[place + 1 : item.start].strip(" ") or not self._leads(place):
            raise _Intricate
        return place

    def _remove_lines(self, start: int, end: int) -> None:
        if not self._leads(start):
            raise _Intricate
        self._put(self._line_start(start), self._line_end(end), "")

    def _leads(self, place: int) -> bool:
        return not self._text[self._line_start(place) : place].strip(" ")

    def _line_start(self, place: int) -> int:
        return self._text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        """Where the line after ``place`` begins."""
        return self._text.index("\n", place) + 1

    def _column(self, place: int) -> int:
        return place - self._line_start(place)

    def _put(self, start: int, end: int, text: str) -> None:
        self._edits.append((start, end, text))


def _is_flow(node: Node) -> bool:
    return not isinstance(node, Scalar) and node.flow


def _data(text: str) -> object:
    document, problems = read(Path(), text.removeprefix("\ufeff"))
    if document is None or problems:
        raise EditError("ファイルがYAMLとして読めません。先にファイルを直してください")
    return document.data


def _with(data: object, path: Path_, new: object) -> object:
    if not path:
        return new
    step, *rest = path
    if isinstance(data, dict) and isinstance(step, str):
        return {**data, step: _with(data.get(step), tuple(rest), new)}
    if isinstance(data, list) and isinstance(step, int):
        return [*data[:step], _with(data[step], tuple(rest), new), *data[step + 1 :]]
    raise KeyError(path)


def _fingerprint(data: object) -> str:
    return json.dumps(data, sort_keys=True)


def _same(first: object, second: object) -> bool:
    return _fingerprint(first) == _fingerprint(second)

"""What slips in when people write YAML by hand: named in Japanese, on the line where it stands, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.invisible import named
from bot.knowledge.problems import Position, Problem

MOST = 20
"""Problems of one kind that are told of a file."""

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\U00010000-\U0010ffff]")
"""What may stand nowhere in YAML."""

_SPACES = "\t\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff"
_INDENT = re.compile(rf" *([{_SPACES}])[ {_SPACES}]*(?=[^\s#])")
_KEY = r"[ \t]*(?:- +)*[a-z][a-z_]*"
_WIDE_COLON = re.compile(rf"({_KEY})：")
_ODD_SPACE = re.compile(rf"({_KEY}:)([{_SPACES}])")
_NO_SPACE = re.compile(rf"({_KEY}:)(?=[^\s/:])")

_SCALAR_KINDS = ("a quoted scalar", "a flow sequence", "a flow mapping")
_MEANINGS = {
    "a quoted scalar": "引用符（' や \"）が閉じられていません。この行で始まる引用符を閉じてください",
    "a flow sequence": "「[」が閉じられていないか、間の「,」が足りません。この行から「]」までを確かめてください",
    "a flow mapping": "「{」が閉じられていないか、間の「,」が足りません。この行から「}」までを確かめてください",
    "mapping values are not allowed": "「:」がここでは使えません。字下げが前の行より深すぎないか、一行に「項目: 値」を二つ書いていないかを"
    '確かめ、文の中の「: 」は " " で囲んでください',
    "could not find expected ':'": "「項目: 値」の形になっていません。半角の「:」と、その後の半角の空白を確かめてください",
    "did not find expected key": "字下げが、同じ項目のほかの行とそろっていません。行の先頭の空白の数をそろえてください",
    "did not find expected '-'": "一覧の字下げがそろっていません。「- 」の位置を、同じ一覧のほかの行とそろえてください",
    "did not find expected <document start>": "字下げが、上の行とそろっていません。行の先頭の空白の数を確かめてください",
    "block sequence entries are not allowed": "「- 」がここでは使えません。「- 」で始まる一覧は、項目名の次の行から書いてください",
    "cannot start any token": 'この記号で値を始めることはできません。値を " " で囲んでください',
    "unknown escape character": "\" \" の中の「\\」の使い方が正しくありません。「\\」を「\\\\」にするか、' ' で囲んでください",
    "a tab character": "字下げにタブが使われています。半角の空白にしてください",
}
_UNKNOWN = "字下げ、「:」の後の空白、引用符の閉じ忘れを確かめてください"
_HEAD = "YAMLとして読めません。"


def control_characters(file: Path, text: str) -> list[Problem]:
    """Characters that no YAML may hold, each on its line."""
    found = []
    for match in _CONTROL.finditer(text):
        line, column = place_of(text, match.start())
        message = f"{_HEAD}ここに読めない文字（{named(match[0])}）があります。消してください"
        found.append(Problem(Position(file, line, column), message))
        if len(found) == MOST:
            break
    return found


def explained(file: Path, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """Why a text is no YAML. The parser notices some slips only a line or more after them."""
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    if mark is None:
        return Problem(Position(file), f"{_HEAD}{_UNKNOWN}")
    for line in (mark.line, mark.line - 1, *([context.line] if context is not None else [])):
        slip = _slip(text, line)
        if slip is not None:
            return Problem(Position(file, line + 1, slip[0]), f"{_HEAD}{slip[1]}")
    about = next((kind for kind in _SCALAR_KINDS if kind in (error.context or "")), "")
    if about and context is not None:
        return Problem(Position(file, context.line + 1, context.column + 1), f"{_HEAD}{_MEANINGS[about]}")
    meaning = next((told for words, told in _MEANINGS.items() if words in (error.problem or "")), _UNKNOWN)
    return Problem(Position(file, mark.line + 1, mark.column + 1), f"{_HEAD}{meaning}")


def swallowed(file: Path, lines: list[str], event: Any) -> Iterator[Problem]:
    """Lines of a plain value that were meant as fields of their own: with a full-width colon they are but text."""
    for line in range(event.start_mark.line, min(event.end_mark.line + 1, len(lines))):
        if found := _WIDE_COLON.match(lines[line]):
            yield Problem(Position(file, line + 1, found.end()), _wide_colon(found[1]))


def _slip(text: str, line: int) -> tuple[int, str] | None:
    """The column and the name of a slip on a line, counted from 0."""
    lines = text.split("\n")
    if not 0 <= line < len(lines):
        return None
    written = lines[line].removesuffix("\r")
    if found := _INDENT.match(written):
        return found.start(1) + 1, f"字下げに{named(found[1])}が使われています。半角の空白にしてください"
    if found := _WIDE_COLON.match(written):
        return found.end(), _wide_colon(found[1])
    if found := _ODD_SPACE.match(written):
        return found.start(2) + 1, f"「:」の後に{named(found[2])}があります。半角の空白にしてください"
    if found := _NO_SPACE.match(written):
        return found.end(), "「:」の後に半角の空白がありません。「項目: 値」の形で書いてください"
    return None


def _wide_colon(key: str) -> str:
    name = key.strip().removeprefix("- ").strip()
    return f"「{name}」の後のコロンが全角（：）です。半角の「: 」にしてください"


def place_of(text: str, index: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)

"""Loads a folder of YAML files into validated models, with every problem found on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.knowledge.invisible import visible
from bot.knowledge.problems import Position, Problem
from bot.knowledge.schema import Entry, KnowledgeFile
from bot.knowledge.yaml_reader import MAX_BYTES, Document, read

ENTRY_SECTIONS = (
    "programs",
    "contacts",
    "faqs",
    "definitions",
    "rules",
    "examples",
    "flows",
    "checklists",
    "tables",
    "stages",
)

_KEPT = 256
"""Files whose content stays loaded: an edit is read, checked and served with all others as they were."""

_MESSAGES = {
    "missing": "項目「{field}」がありません。書き加えてください",
    "extra_forbidden": "項目「{field}」は使えません。つづりを確かめるか、消してください",
    "string_type": '文字で書いてください。数字や日付は " " で囲みます',
    "int_type": "数字で書いてください（引用符は付けません）",
    "bool_type": "true か false で書いてください",
    "list_type": "「- 」で始まる一覧で書いてください",
    "model_type": "「項目: 値」の形で書いてください",
    "model_attributes_type": "「項目: 値」の形で書いてください",
    "dict_type": "「項目: 値」の形で書いてください",
    "string_too_short": "空のままです。内容を書いてください",
    "string_too_long": "長すぎます（{max_length}字まで）。短くするか、行を分けてください",
    "too_short": "少なすぎます（{min_length}個以上必要です）",
    "literal_error": "「{input}」は使えません。次のどれかを書いてください: {expected}",
    "greater_than_equal": "{ge}以上の数を書いてください",
    "less_than_equal": "{le}以下の数を書いてください",
}

_MISSING = {
    "read": "ページを読んだ日がありません。read: 2026-11-26 のように書き加えてください",
    "url": "ページのアドレスがありません。url: https://… の形で書き加えてください",
    "as_of_label": "いつの内容かを示す言葉がありません。as_of_label: 2022年1月31日 のように、日付のないページなら「日付なし」と書き加えてください",
}
"""What a source must tell of its age and its place."""

_PATTERNS = {
    "id": "id は英小文字、数字、ハイフンで書いてください（例: tokyo-loan-menu）",
    "as_of": "日付は 2024、2024-03、2024-03-31 のどれかの形で書いてください",
    "checked": "日付は 2024、2024-03、2024-03-31 のどれかの形で書いてください",
    "read": "読んだ日は 2026-11-26 の形で書いてください",
    "url": "https:// で始まるURLを書いてください",
    "web": "https:// で始まるURLを書いてください",
    "fax": "電話番号は 03-1234-5678 の形で書いてください",
    "postcode": "郵便番号は 123-4567 の形で書いてください",
    "reading": "読みは、かなで書いてください",
    "kana": "読みは、かなで書いてください",
    "romaji": "ローマ字は英小文字で書いてください",
}


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One file's models and the document that knows their positions.

    ``places`` holds, where broken items were left out, each section's remaining places in the file.
    """

    content: KnowledgeFile
    document: Document
    places: dict[str, list[int]] = field(default_factory=dict)

    def entries(self) -> Iterator[tuple[str, int, Entry]]:
        """Every entry with its section and its place in the file."""
        for section in ENTRY_SECTIONS:
            for index, entry in enumerate(getattr(self.content, section)):
                yield section, self.places[section][index] if section in self.places else index, entry

    def at(self, *path: str | int) -> Position:
        return self.document.at(path)


@dataclass(frozen=True, slots=True)
class Located:
    """An entry and where it stands."""

    entry: Entry
    file: LoadedFile
    section: str
    index: int

    def at(self, *path: str | int) -> Position:
        return self.file.at(self.section, self.index, *path)


def locate(files: Sequence[LoadedFile]) -> list[Located]:
    """Every entry of all files."""
    return [Located(entry, file, section, index) for file in files for section, index, entry in file.entries()]


def _message(error: Any) -> str:
    kind = error["type"]
    names = [str(part) for part in error["loc"] if isinstance(part, str)]
    field = names[-1] if names else ""
    if kind == "string_pattern_mismatch":
        for name in reversed(names):
            if name in _PATTERNS:
                return f"「{error['input']}」は使えません。{_PATTERNS[name]}"
        return f"「{error['input']}」は書式に合いません"
    if kind == "missing" and field in _MISSING:
        return _MISSING[field]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    context = {"field": field, "input": error.get("input"), **error.get("ctx", {})}
    template = _MESSAGES.get(kind)
    if template is None:
        return f"項目「{field}」の値をこの形では読めません。ほかの項目の書き方に合わせてください"
    return template.format(**context)


def load_file(file: Path, text: str | None = None) -> tuple[LoadedFile | None, list[Problem]]:
    """Load one file. Items with a problem are left out, so that the others can be checked further."""
    try:
        content = file.read_bytes() if text is None else text
    except OSError:
        return None, read(file)[1]
    loaded, problems = (_loaded if len(content) <= MAX_BYTES else _loaded.__wrapped__)(file, content)
    return loaded, [*problems]


@lru_cache(maxsize=_KEPT)
def _loaded(file: Path, content: str | bytes) -> tuple[LoadedFile | None, tuple[Problem, ...]]:
    document, problems = read(file, content)
    if document is None:
        return None, tuple(problems)
    try:
        return LoadedFile(KnowledgeFile.model_validate(document.data), document), tuple(problems)
    except ValidationError as error:
        problems += sorted({Problem(document.at(tuple(e["loc"])), visible(_message(e))) for e in error.errors()})
        return _without_broken_items(document, [tuple(e["loc"]) for e in error.errors()]), tuple(problems)


def _without_broken_items(document: Document, broken: list[tuple[int | str, ...]]) -> LoadedFile | None:
    if not isinstance(document.data, dict):
        return None
    bad = {path[:2] for path in broken}
    data: dict[str, list[object]] = {}
    places: dict[str, list[int]] = {}
    for section, items in document.data.items():
        if not isinstance(items, list) or (section,) in bad:
            continue
        places[section] = [index for index in range(len(items)) if (section, index) not in bad]
        data[section] = [items[index] for index in places[section]]
    try:
        return LoadedFile(KnowledgeFile.model_validate(data), document, places)
    except ValidationError:
        return None


def knowledge_files(folder: Path) -> list[Path]:
    """The YAML files of a knowledge base, in a stable order."""
    return sorted(
        path for path in folder.rglob("*.yaml") if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def fingerprint(folder: Path) -> str:
    """Changes when a file of the folder does, appears or goes."""
    digest = hashlib.blake2b(digest_size=16)
    for path in (*knowledge_files(folder), *sorted(folder.glob("understanding/questions/*.jsonl"))):
        try:
            content = path.read_bytes()
        except OSError as error:
            content = str(error).encode()
        digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def load_folder(folder: Path, instead: Mapping[Path, str] | None = None) -> tuple[list[LoadedFile], list[Problem]]:
    """Load every ``*.yaml`` below ``folder``; of a file in ``instead`` the text there counts."""
    if not folder.is_dir():
        return [], [Problem(Position(folder), "フォルダがありません。場所（BOT_KNOWLEDGE_BASE）を確かめてください")]
    files = knowledge_files(folder)
    if not files:
        return [], [
            Problem(Position(folder), "YAMLファイルが一つもありません。フォルダの場所（BOT_KNOWLEDGE_BASE）を確かめてください")
        ]
    loaded: list[LoadedFile] = []
    problems: list[Problem] = []
    for path in files:
        one, found = load_file(path, instead.get(path) if instead else None)
        problems += found
        if one is not None:
            loaded.append(one)
    return loaded, problems

"""Edits of a knowledge base's files, as staff and their editors make them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]

_SUMMARY = re.compile(r"^(    summary: )(?:〔\w+〕)?(?=[ぁ-ゖァ-ヺ一-鿿])", re.MULTILINE)


_SMALL = {
    "sources.yaml": """\
sources:
  - {id: paper, title: 資料, publisher: 役所, as_of: 2026-01, as_of_label: 2026年1月, review_months: 12, official: true}
""",
    "lantern.yaml": """\
programs:
  - id: lantern
    name: ちょうちん補助金
    questions: [提灯を買うお金の補助, 店先のあかりを新しくしたい]
    topic: other
    category: subsidy
    status: 受付中
    as_of: 2026-01
    sources: [paper]
    summary: 商店街のちょうちんを新しくする費用の半分を補助します。
    related: [signboard]
""",
    "signboard.yaml": """\
programs:
  - id: signboard
    name: 看板づくり融資
    questions: [看板を作るお金を借りたい, 屋号の看板の資金]
    topic: other
    category: loan
    status: 受付中
    as_of: 2026-01
    sources: [paper]
    summary: 看板を作る資金をお貸しします。
""",
}
"""Two programs and their source; loaded in no time."""


def small(folder: Path) -> Path:
    """A knowledge base of two entries below ``folder``, to be edited at will."""
    made = folder / "knowledge_base"
    made.mkdir()
    for name, text in _SMALL.items():
        (made / name).write_text(text, "utf-8")
    return made


def copy(folder: Path) -> Path:
    """The repository's knowledge base below ``folder``, to be edited at will."""
    return Path(shutil.copytree(ROOT / "knowledge_base", folder / "knowledge_base"))


def cache(folder: Path) -> Path:
    """Where vectors may be kept, with those of the repository's knowledge base in it if there are any."""
    file = folder / "vectors.npz"
    known = ROOT / "data/cache/vectors.npz"
    return Path(shutil.copy(known, file)) if known.exists() else file


def replace(file: Path, old: str, new: str) -> None:
    """Exchange a text that stands in the file."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def move(old: Path, new: Path) -> Path:
    """Rename a file or a folder; returns its new place."""
    return old.rename(new)


def marked(text: str, word: str, most: int = 1_000) -> str:
    """A file's text with 〔``word``〕 before the summaries of the first ``most`` entries, in place of another mark."""
    return _SUMMARY.sub(rf"\1〔{word}〕", text, count=most)


def mark(file: Path, word: str) -> bool:
    """Put 〔``word``〕 before every summary of a file; returns whether there are any."""
    text = file.read_text("utf-8")
    file.write_text(marked(text, word), "utf-8")
    return _SUMMARY.search(text) is not None


def line_of(file: Path, part: str) -> int:
    """The first line that holds ``part``, counted from 1."""
    return next(number for number, line in enumerate(file.read_text("utf-8").splitlines(), 1) if part in line)


def ids(file: Path) -> list[str]:
    """The ids of a file's entries."""
    return re.findall(r"^  - id: ([a-z0-9-]+)$", file.read_text("utf-8"), re.MULTILINE)

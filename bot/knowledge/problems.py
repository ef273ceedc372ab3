"""Problems in a knowledge base, told to staff by file, line and column."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1."""

    file: Path
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that staff should mend (``error``) or look at (``warning``)."""

    at: Position
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        prefix = "警告: " if self.severity == "warning" else ""
        return f"{self.at}: {prefix}{self.message}"


_REASONS = {
    errno.ENOENT: "ファイルがありません",
    errno.EACCES: "読み書きの権限がありません",
    errno.EPERM: "読み書きの権限がありません",
    errno.EISDIR: "フォルダです",
    errno.ELOOP: "リンクがたどれません",
    errno.ENOSPC: "ディスクがいっぱいです",
    errno.EROFS: "書き込めないドライブです",
    errno.EIO: "ドライブの読み書きに失敗しました",
}


def reason(error: OSError) -> str:
    """Why the system refused a file, in words for staff."""
    return _REASONS.get(error.errno or 0, f"エラー番号{error.errno}")


class KnowledgeError(Exception):
    """The knowledge base cannot be loaded; ``problems`` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

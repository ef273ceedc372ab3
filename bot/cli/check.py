"""``python -m bot check``: problems one a line, then a summary."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.knowledge.check import check_folder
from bot.nlp.encoder import UniversalSentenceEncoder


def check(folder: Path, cache_dir: Path) -> int:
    """Print every problem of a knowledge base; 0 when there are only warnings."""
    report = check_folder(folder, UniversalSentenceEncoder(), cache_dir / "check-vectors.npz", datetime.now(UTC).date())
    for problem in report.problems:
        print(problem)
    warnings = len(report.problems) - report.errors
    print(f"{report.files}ファイル、{report.entries}項目を確かめました。誤り {report.errors}件、警告 {warnings}件。")
    return 1 if report.errors else 0

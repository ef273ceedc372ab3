"""``python -m bot check``: problems one a line, then a summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.business_days import TOKYO
from bot.knowledge.check import check_folder
from bot.knowledge.examples import UTTERANCES, digest
from bot.knowledge.problems import Position, Problem
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.understanding import weights


def check(folder: Path, vectors: Path, sources: Path | None = None) -> int:
    """Print every problem of a knowledge base; 0 when there are only warnings. ``vectors`` keeps those of its texts."""
    report = check_folder(folder, UniversalSentenceEncoder(), vectors, datetime.now(TOKYO).date(), sources)
    problems = [*report.problems, *_of_weights(folder / UTTERANCES)]
    for problem in problems:
        print(problem)
    errors = sum(problem.severity == "error" for problem in problems)
    print(
        f"{report.files}ファイル、{report.entries}項目、例文{report.examples}件を確かめました。"
        f"誤り {errors}件、警告 {len(problems) - errors}件。"
    )
    return 1 if errors else 0


def _of_weights(examples: Path) -> Iterator[Problem]:
    """What is wrong with the trained weights beside these examples."""
    at = Position(weights.FILE)
    try:
        learned_from = weights.shipped().learned_from
    except weights.WeightsError:
        yield Problem(at, "学んだ内容のファイルがないか、壊れているか、ほかの版のものです。make train で学び直してください")
        return
    try:
        changed = examples.is_dir() and digest(examples) != learned_from
    except OSError:
        return  # such a file is a problem of its own
    if changed:
        yield Problem(at, "例文が変わっています。make train で学び直してください", "warning")

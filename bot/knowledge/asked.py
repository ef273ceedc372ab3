"""Questions as many people put them, with the entries that answer them: one file a writer, a JSON object a line.

They stand in ``understanding/questions/`` and are searched beside the example questions that staff give each entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.knowledge.problems import Position, Problem

FOLDER = Path("understanding") / "questions"


class Asked(BaseModel):
    """A question and the entries that answer it, the best first; ``part`` is what it asks of that one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    entries: list[str]
    part: str = ""


def read_asked(folder: Path) -> tuple[list[tuple[Asked, Position]], list[Problem]]:
    """All questions of a knowledge base, and what is wrong with the rest."""
    found: list[tuple[Asked, Position]] = []
    problems: list[Problem] = []
    for file in sorted((folder / FOLDER).glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            at = Position(file, number)
            try:
                found.append((Asked.model_validate_json(line), at))
            except ValidationError as error:
                problems.append(
                    Problem(at, f"質問の行として読めません（{error.errors()[0]['msg']}）。ほかの行と同じ形で書いてください")
                )
    return found, problems


def unknown_entries(asked: list[tuple[Asked, Position]], known: Collection[str]) -> Iterator[Problem]:
    """Questions that name an entry that there is not."""
    for one, at in asked:
        for entry in one.entries:
            if entry not in known:
                yield Problem(at, f"「{entry}」という id の項目はありません。つづりを確かめてください")


def by_entry(asked: list[tuple[Asked, Position]]) -> dict[str, tuple[str, ...]]:
    """The questions that each entry is the best answer to."""
    found: dict[str, list[str]] = {}
    for one, _ in asked:
        if one.entries:
            found.setdefault(one.entries[0], []).append(one.text)
    return {entry: tuple(dict.fromkeys(texts)) for entry, texts in found.items()}

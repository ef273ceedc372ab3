"""Labelled examples of utterances: what people type, and what it means. One file a writer, a JSON object a line.

They teach the bot to understand (``make train``) and stand in ``understanding/`` of the knowledge base, so that staff can read and
extend them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.knowledge.problems import Position, Problem

FOLDER = "understanding"
TRAINING = ("training", "development")
"""Folders that are learned from and tried on while working; the others are opened once, to measure."""

_TELLING = frozenset({"inform", "correct", "affirm", "deny", "clarify"})


class Example(BaseModel):
    """An utterance with its setting and its meaning; ``slots`` maps each slot told to the words that tell it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str = ""
    asked: str = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    acts: list[str]
    begin: str = ""
    slots: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Written:
    """An example, who wrote it, and where it stands."""

    writer: str
    example: Example
    at: Position


def read_examples(folder: Path) -> tuple[list[Written], list[Problem]]:
    """All examples below a folder, writer by writer, and what is wrong with the rest."""
    found: list[Written] = []
    problems: list[Problem] = []
    for file in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            at = Position(file, number, 1)
            try:
                example = Example.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"])) or "行"
                problems.append(Problem(at, f"例文として読めません（{place}：{first['msg']}）。ほかの行と同じ形で書いてください"))
                continue
            wrong = list(_wrong(example))
            problems += [Problem(at, message) for message in wrong]
            if not wrong:
                found.append(Written(file.stem, example, at))
    return found, problems


def _wrong(example: Example) -> Iterator[str]:
    for kind, known, given in (
        ("意味（acts）", ACTS, example.acts),
        ("手続き（task）", TASKS, [example.task] if example.task else []),
        ("手続き（begin）", TASKS, [example.begin] if example.begin else []),
        ("項目（asked）", SLOTS, [example.asked] if example.asked else []),
        ("項目（slots）", SLOTS, example.slots),
    ):
        for one in given:
            if one not in known:
                yield f"{kind}に「{one}」はありません。使えるのは {'、'.join(sorted(known))} です"
    if not example.acts:
        yield "意味（acts）を1つ以上書いてください"
    if ("begin" in example.acts) != bool(example.begin):
        yield "begin は、acts に begin があるときだけ、必ず書いてください"
    for slot, said in example.slots.items():
        if said not in example.text:
            yield f"「{slot}」の「{said}」は文の中にありません。文の一部を1字も変えずに写してください"
    if example.slots and not _TELLING & set(example.acts):
        yield "項目（slots）があるときは、acts に inform、correct、affirm、deny のどれかを書いてください"


def digest(folder: Path) -> str:
    """Changes when anything that is learned from does."""
    found = hashlib.blake2b(digest_size=12)
    for part in TRAINING:
        for file in sorted((folder / part).rglob("*.jsonl")):
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()

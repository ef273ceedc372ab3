"""Labelled examples of utterances: what people type, and what it means. One file a writer, a JSON object a line.

They teach the bot to understand (``make train``) and stand in ``understanding/`` of the knowledge base, so that staff can read and
extend them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.knowledge.problems import Position, Problem, reason
from bot.knowledge.saving import append

FOLDER = "understanding"
UTTERANCES = Path(FOLDER, "utterances")
STAFF = UTTERANCES / "training" / "staff.jsonl"
"""Where the staff's pages write examples, below the knowledge base."""

OPTIONS = "options"
QUESTIONS = "questions"
TRAINING = ("training", "development")
"""Folders that are learned from and tried on while working; the others are opened once, to measure."""

_TELLING = frozenset({"inform", "correct", "affirm", "deny", "clarify"})

_MESSAGES = {
    "missing": "「{field}」がありません。書き加えてください",
    "extra_forbidden": "「{field}」は使えません。つづりを確かめるか、消してください",
    "string_type": '「{field}」は " " で囲んだ文字で書いてください',
    "string_too_short": "「{field}」が空です。内容を書いてください",
    "string_too_long": "「{field}」が長すぎます（{max_length}字まで）。短くしてください",
    "list_type": "「{field}」は [ ] で囲んだ一覧で書いてください",
    "dict_type": "「{field}」は {{ }} で囲んだ「項目: 言葉」の組で書いてください",
    "model_type": "1行に1つずつ、{{ }} で囲んで書いてください",
}


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


def line_of(example: Example) -> str:
    """An example as it stands in a file."""
    return json.dumps(example.model_dump(), ensure_ascii=False)


def add(folder: Path, example: Example) -> int:
    """Append an example to the staff's in a knowledge base; returns its line. Raises :class:`bot.knowledge.yaml_edit.EditError`."""
    return append(folder, folder / STAFF, line_of(example))


def alike(folder: Path, example: Example) -> list[Written]:
    """The examples of a knowledge base with the same text in the same setting."""
    wanted = example.text, example.task, example.asked
    found, _ = read_examples(folder / UTTERANCES)
    return [one for one in found if (one.example.text, one.example.task, one.example.asked) == wanted]


def read_examples(folder: Path) -> tuple[list[Written], list[Problem]]:
    """All examples below a folder, writer by writer, and what is wrong with the rest."""
    found: list[Written] = []
    problems: list[Problem] = []
    for file in sorted(folder.rglob("*.jsonl")):
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except OSError as error:
            problems.append(Problem(Position(file), f"ファイルを開けません（{reason(error)}）。アクセス権を確かめてください"))
            continue
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.append(Problem(Position(file, line), "文字コードがUTF-8ではありません。UTF-8で保存し直してください"))
            continue
        for number, line_text in enumerate(text.split("\n"), 1):  # other line breaks may stand in a text
            if not line_text.strip():
                continue
            example, faults = _parse(line_text)
            problems += [Problem(Position(file, number, column), message) for column, message in faults]
            if example is not None and not faults:
                found.append(Written(file.stem, example, Position(file, number, 1)))
    return found, problems


def faults_of(example: Example) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with an example: the field, and what to do."""
    for field, kind, known, given in (
        ("acts", "意味（acts）", ACTS, example.acts),
        ("task", "手続き（task）", TASKS, [example.task] if example.task else []),
        ("begin", "手続き（begin）", TASKS, [example.begin] if example.begin else []),
        ("asked", "項目（asked）", SLOTS, [example.asked] if example.asked else []),
        ("slots", "項目（slots）", SLOTS, list(example.slots)),
    ):
        for one in given:
            if one not in known:
                yield (
                    ((field, one) if field == "slots" else (field,)),
                    f"{kind}に「{one}」はありません。使えるのは {'、'.join(sorted(known))} です",
                )
    if not example.text.strip():
        yield ("text",), "文（text）が空です。文を書いてください"
    if not example.acts:
        yield ("acts",), "意味（acts）を1つ以上選んでください"
    if ("begin" in example.acts) != bool(example.begin):
        yield ("begin",), "始める手続き（begin）は、意味（acts）に begin があるときに必ず選び、ないときは空にしてください"
    if example.asked and not example.task:
        yield ("asked",), "聞いたこと（asked）があるときは、途中の手続き（task）も選んでください"
    for slot, said in example.slots.items():
        if not said.strip():
            yield ("slots", slot), f"「{slot}」の言葉が空です。文の中の言葉を写すか、消してください"
        elif said not in example.text:
            yield ("slots", slot), f"「{slot}」の「{said}」は文の中にありません。文の一部を1字も変えずに写してください"
    if example.acts and example.slots and not _TELLING & set(example.acts):
        yield (
            ("acts",),
            "項目（slots）があるときは、意味（acts）に inform、correct、affirm、deny、clarify のどれかを加えてください",
        )


def _parse(line: str) -> tuple[Example | None, list[tuple[int, str]]]:
    """The example of a line, and what is wrong with it by column."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        return None, [(error.pos + 1, "JSONとして読めません。この近くの引用符、コンマ、かっこを確かめてください")]
    except (ValueError, RecursionError):
        return None, [(1, "JSONとして読めません。ほかの行と同じ形で書いてください")]
    try:
        example = Example.model_validate(data)
    except ValidationError as error:
        return None, [(_column(line, one["loc"]), _message(one)) for one in error.errors()]
    return example, [(_column(line, path), message) for path, message in faults_of(example)]


def _message(error: Any) -> str:
    names = [str(part) for part in error["loc"] if isinstance(part, str)]
    template = _MESSAGES.get(error["type"], "「{field}」を読めません。ほかの行と同じ形で書いてください")
    return template.format(**{"field": names[-1] if names else "行", **error.get("ctx", {})})


def _column(line: str, path: Sequence[str | int]) -> int:
    """Where the innermost key of a path that stands in a line begins, counted from 1."""
    at = 0
    for name in path:
        key = re.compile(rf"(?<!\\){re.escape(json.dumps(name, ensure_ascii=False))}\s*:").search(line, at)
        at = key.start() if key is not None else at
    return at + 1


def digest(folder: Path) -> str:
    """Changes when anything that is learned from does: the utterances of a folder, the words for options and the questions beside it."""
    found = hashlib.blake2b(digest_size=12)
    for part in (*(folder / part for part in TRAINING), folder.parent / OPTIONS, folder.parent / QUESTIONS):
        for file in sorted(part.rglob("*.jsonl")):
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()

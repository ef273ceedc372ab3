"""Question files: one JSON object a line, with what a right reply holds.

``{"id", "q", "style", "about": [...], "answerable", "answer_has_any_of_each": [[...]], "answer_has_none_of": [...]}``;
``about`` is empty for questions outside the knowledge base.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Verdict = Literal["right", "partial", "choices", "refused", "wrong"]
_WAVES = str.maketrans({"〜": "~", "～": "~", "−": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what its reply must and must not hold."""

    id: str
    question: str
    style: str
    in_scope: bool
    answerable: bool
    holds: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...]


def read_cases(file: Path) -> list[Case]:
    """The cases of a JSON-lines file."""
    cases = []
    for line in file.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            cases.append(
                Case(
                    row["id"],
                    " ".join(row["q"].split()),
                    row["style"],
                    bool(row["about"]),
                    row["answerable"],
                    tuple(map(tuple, row["answer_has_any_of_each"])),
                    tuple(row["answer_has_none_of"]),
                )
            )
    return cases


def plain(text: str) -> str:
    """Text as it is compared: NFKC, no white space, no case."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split()).translate(_WAVES)


def judge(case: Case, reply: str, kind: str) -> Verdict:
    """Whether a reply is right: it holds one string of each group and none that it must lack."""
    text = plain(reply)
    bad = any(plain(one) in text for one in case.lacks)
    whole = all(any(plain(option) in text for option in group) for group in case.holds)
    if case.style == "smalltalk":
        return "right" if not bad and (kind in ("smalltalk", "unknown") or whole) else "wrong"
    if not case.in_scope:
        if kind in ("unknown", "smalltalk") and not bad:
            return "right"
        return "choices" if kind == "choices" else "wrong"
    if whole and not bad:
        return "partial" if kind == "choices" and case.answerable else "right"
    if kind == "unknown":
        return "refused"
    if kind == "choices":
        some = any(any(plain(option) in text for option in group) for group in case.holds)
        return "partial" if some else "choices"
    return "wrong"

"""Whole conversations: whether the frame of facts is right after every turn, and the outcome that of the calculators.

usage: python -m benchmarks.conversations FOLDER [--misses]

Each line of a file: {"id", "task", "turns": [{"text", "told": {slot: value, …}}, …], "ends"}. ``told`` is what a turn newly tells or changes,
``None`` for what is taken back. A conversation is right when after each turn every fact told so far that its task looks at is known as told, no
number or place that the task looks at is known that was not told, and the last reply's task comes to what its calculator makes of the facts told.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.business_days import TOKYO
from bot.dialogs import agenda
from bot.dialogs.calculators import CALCULATORS
from bot.dialogs.case import Case
from bot.knowledge.base import KnowledgeBase, open_knowledge_base
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.step import step
from bot.talk.acts import Value
from bot.talk.conversation import Conversation
from bot.talk.turns import Said

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=TOKYO)
_EXACT = ("amount", "capital", "own_funds", "premium", "loss", "net_assets", "months", "paid_months", "employees", "municipality", "country")  # fmt: skip
"""Slots of which nothing may be known that was not told."""

_AGE_SLACK = 12
"""Months by which the age of a business may differ: 3年目 is anything from two years to three."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A conversation with what was wrong in it."""

    id: str
    task: str
    wrong: tuple[str, ...]


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """All conversations below a folder."""
    for file in sorted(folder.rglob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def judge(kb: KnowledgeBase, case: Mapping[str, Any]) -> Judged:
    """Talk through a conversation and compare."""
    conversation, told, wrong = Conversation(), dict[str, Any](), list[str]()
    dialog = agenda.dialog_of(kb, case["task"])
    looked_at = {slot.id for slot in dialog.slots} if dialog is not None else set[str]()
    last = ""
    for number, turn in enumerate(case["turns"], 1):
        taken = step(kb, conversation, Said(turn["text"]), NOW)
        conversation = taken.conversation
        last = "\n".join(reply.text for reply in taken.replies)
        for slot, value in turn["told"].items():
            if value is None:
                told.pop(slot, None)
            else:
                told[slot] = _joined(told.get(slot), value)
        of_use = {slot: value for slot, value in told.items() if slot in looked_at}
        wrong += [f"turn {number}: {one} ({turn['text']})" for one in _differences(conversation, of_use, looked_at)]
        if wrong:
            break
    if not wrong:
        wrong += _outcome(kb, case["task"], told, conversation, last)
    return Judged(case["id"], case["task"], tuple(wrong))


def _joined(before: Any, value: Any) -> Any:
    return (
        [*before, *(one for one in value if one not in before)] if isinstance(before, list) and isinstance(value, list) else value
    )


def _differences(conversation: Conversation, told: Mapping[str, Any], looked_at: set[str]) -> Iterator[str]:
    for slot, value in told.items():
        if not _same(slot, value, conversation.value(slot)):
            yield f"{slot} is {conversation.value(slot)!r}, told {value!r}"
    for slot in _EXACT:
        if slot in looked_at and slot not in told and conversation.value(slot) is not None:
            yield f"{slot} is {conversation.value(slot)!r}, never told"


def _same(slot: str, want: Any, have: Value | None) -> bool:
    if have is None:
        return False
    if isinstance(want, list):
        return isinstance(have, tuple) and bool(set(want) & set(have))
    if slot == "business_age" and isinstance(want, int):
        return (
            (have == "young" and want < 60)
            or (have == "established" and want >= 60)
            or (isinstance(have, int) and abs(have - want) <= _AGE_SLACK)
        )
    if isinstance(want, (int, float)) and not isinstance(have, tuple):
        return float(str(have)) == float(want) if _is_number(have) else False
    if slot == "industry":
        unlisted = str(have).startswith(("other:", "excluded:"))
        return str(have) == str(want) or unlisted is (want == "other")
    return str(have) == str(want) or (slot == "country" and str(want) in str(have))


def _is_number(value: Value) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def _outcome(kb: KnowledgeBase, task: str, told: Mapping[str, Any], conversation: Conversation, last: str) -> Iterator[str]:
    dialog = agenda.dialog_of(kb, task)
    if dialog is None:
        return
    answers = {
        slot: tuple(value) if isinstance(value, list) else str(value) if isinstance(value, float) else value
        for slot, value in told.items()
    }
    want = CALCULATORS[dialog.calculator](Case(kb, dialog, answers, NOW.date()))
    have = agenda.result(kb, dialog, conversation, NOW)
    if want.outcome != have.outcome:
        yield f"outcome {have.outcome}, from what was told {want.outcome}"
    elif have.useful and have.head not in last:
        yield f"the last reply lacks the result: {have.head}"


def main() -> int:
    """Judge all conversations of a folder; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    kb = open_knowledge_base(Path("knowledge_base"), UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    judged = [(case, judge(kb, case)) for case in read(options.folder)]
    right, every = Counter[str](), Counter[str]()
    for case, one in judged:
        every[one.task] += 1
        right[one.task] += not one.wrong
        if options.misses and one.wrong:
            print(f"{one.id} [{one.task}] {one.wrong[0]}")
            print("    " + " / ".join(turn["text"] for turn in case["turns"]))
    for task, count in sorted(every.items()):
        print(f"  {task:10} {right[task]}/{count}")
    print(f"right {right.total()}/{every.total()} = {right.total() / max(1, every.total()):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

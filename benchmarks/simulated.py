"""Simulated users: conversations sampled from goals, in the words of writers that the network has not learned from.

usage: python -m benchmarks.simulated FOLDER [--count 2000] [--seed 1] [--misses]

FOLDER holds labelled utterances. A goal is a task and what is true of the user. Facts are told in random order, some before the task is opened,
each in an utterance of the folder; numbers are put in place of the utterance's own, choices are told in utterances whose option is known. In between
come corrections (a wrong value first), questions, thanks, noise and silence of hours; at the end the user asks for the result. Right is a
conversation whose outcome is what the task's calculator makes of the goal's facts.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.conversations import NOW
from bot.dialogs import agenda
from bot.dialogs.calculators import CALCULATORS
from bot.dialogs.case import Case
from bot.knowledge.base import KnowledgeBase, open_knowledge_base
from bot.knowledge.dialogs import Dialog
from bot.knowledge.examples import Example, read_examples
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.step import step
from bot.talk.acts import Value
from bot.talk.conversation import Conversation
from bot.talk.turns import Said

_NUMBERS: Mapping[str, Sequence[int]] = {
    "yen": (3_000_000, 5_000_000, 8_000_000, 10_000_000, 12_000_000, 20_000_000, 35_000_000, 50_000_000, 80_000_000, 120_000_000),
    "people": (1, 2, 3, 4, 5, 7, 9, 12, 15, 18, 22, 30, 45, 60, 80, 120),
    "months": (12, 24, 36, 48, 60, 72, 84, 120),
    "rounds": (12, 24, 36, 60),
}
"""Values of the goals, by the kind of slot."""

_BETWEEN = ("ask", "thanks", "smalltalk", "noise", "outside")
_CORRECTIONS = ("あ、間違えました。{}です", "ごめんなさい、{}でした", "やっぱり{}で", "訂正します、{}です")
_RESULT = ("結果を教えてください", "で、どうなりますか", "今わかってる範囲で出して", "つまり？")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A fact of a goal: the words that tell it, and a sentence of a writer with them in it."""

    slot: str
    value: Value
    words: str
    text: str


class Writers:
    """What the writers of a folder say, by what it does."""

    def __init__(self, examples: Sequence[Example], options: Mapping[str, Mapping[str, str]]) -> None:
        self.carriers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.choices: dict[str, list[Spoken]] = defaultdict(list)
        self.opening: dict[str, list[str]] = defaultdict(list)
        self.between: list[str] = []
        for one in examples:
            if one.acts == ["begin"]:
                self.opening[one.begin].append(one.text)
            elif one.task and not one.slots and one.acts[0] in _BETWEEN and len(one.acts) == 1:
                self.between.append(one.text)
            elif one.acts == ["inform"] and len(one.slots) == 1:
                ((slot, words),) = one.slots.items()
                option = options.get(slot, {}).get(words)
                if option is not None:
                    self.choices[slot].append(Spoken(slot, option, words, one.text))
                elif one.text.count(words) == 1:
                    self.carriers[slot].append(tuple(one.text.split(words)))  # type: ignore[arg-type]  # split in two


def _options(folder: Path) -> dict[str, dict[str, str]]:
    """The option that words mean, by slot, where it is one alone."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        found[file.stem] = {row["said"]: row["options"][0] for row in rows if len(row["options"]) == 1}
    return found


def _written(kind: str, value: int, dice: random.Random) -> str:
    """A number as people write it."""
    if kind == "yen":
        thousands = value // 10_000
        return dice.choice((f"{thousands}万", f"{thousands}万円", f"{thousands:,}万円", f"{value:,}円"))
    if kind == "months":
        return dice.choice((f"{value}ヶ月", f"{value // 12}年", f"{value // 12}年間"))
    return dice.choice((f"{value}人", f"{value}名")) if kind == "people" else f"{value}回"


def goal(dialog: Dialog, writers: Writers, places: Sequence[str], dice: random.Random) -> list[Spoken]:
    """Facts for a task, each with a sentence that tells it; slots that no writer tells alone are left out."""
    facts = list[Spoken]()
    for slot in dialog.asks:
        if dice.random() < 0.25:
            continue
        carriers = writers.carriers.get(slot.id, [])
        if slot.kind in _NUMBERS and carriers:
            value = dice.choice(_NUMBERS[slot.kind])
            words = _written(slot.kind, value, dice)
            before, after = dice.choice(carriers)
            facts.append(Spoken(slot.id, value, words, f"{before}{words}{after}"))
        elif slot.kind == "place" and carriers:
            words = dice.choice(places)
            before, after = dice.choice(carriers)
            facts.append(Spoken(slot.id, words, words, f"{before}{words}{after}"))
        elif slot.kind in ("choice", "choices", "industry") and writers.choices.get(slot.id):
            one = dice.choice(writers.choices[slot.id])
            facts.append(Spoken(one.slot, (str(one.value),) if slot.kind == "choices" else one.value, one.words, one.text))
    return facts


def turns(dialog: Dialog, facts: Sequence[Spoken], writers: Writers, dice: random.Random) -> Iterator[tuple[str, timedelta]]:
    """What the user types, and how long after the turn before."""
    told = list(facts)
    dice.shuffle(told)
    early = dice.randint(0, min(1, len(told)))
    soon = timedelta(minutes=1)
    for one in told[:early]:
        yield one.text, soon
    yield dice.choice(writers.opening[dialog.id]), soon
    for one in told[early:]:
        if dice.random() < 0.2 and writers.between:
            yield dice.choice(writers.between), soon
        if dice.random() < 0.1 and isinstance(one.value, int):
            yield one.text.replace(one.words, _other(one)), soon
            yield dice.choice(_CORRECTIONS).format(one.words), soon
        else:
            yield one.text, timedelta(hours=7) if dice.random() < 0.05 else soon
    yield dice.choice(_RESULT), soon


def _other(fact: Spoken) -> str:
    return {"円": "777万円", "万": "777万", "人": "37人", "名": "37名", "回": "48回", "月": "18ヶ月"}.get(fact.words[-1], "9年")


def main() -> int:
    """Talk through all conversations; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    kb = open_knowledge_base(Path("knowledge_base"), UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    written, _ = read_examples(options.folder)
    writers = Writers([one.example for one in written], _options(Path("knowledge_base/understanding/options")))
    places = [one.name for one in kb.content.municipalities]
    dialogs = [dialog for dialog in kb.content.dialogs if writers.opening.get(dialog.id)]
    dice = random.Random(options.seed)
    right, every, lost, repeated = Counter[str](), Counter[str](), Counter[str](), 0
    for _ in range(options.count):
        dialog = dice.choice(dialogs)
        facts = goal(dialog, writers, places, dice)
        conversation, now, before, texts = Conversation(), NOW, "", list[str]()
        for text, pause in turns(dialog, facts, writers, dice):
            now += pause
            taken = step(kb, conversation, Said(text), now)
            conversation = taken.conversation
            reply = "\n".join(one.text for one in taken.replies)
            repeated += reply == before
            before = reply
            texts.append(text)
        wanted = _outcome(kb, dialog, {fact.slot: fact.value for fact in facts})
        had = agenda.result(kb, dialog, conversation, now).outcome
        every[dialog.id] += 1
        right[dialog.id] += wanted == had
        if wanted != had:
            wrong = [fact.slot for fact in facts if conversation.value(fact.slot) != fact.value]
            lost.update(wrong or ["(told too much)"])
            if options.misses:
                print(f"[{dialog.id}] {wrong} wanted {wanted} had {had}\n    " + " / ".join(texts))
    for task, count in sorted(every.items()):
        print(f"  {task:10} {right[task]}/{count}")
    print("facts missed:", ", ".join(f"{slot} {count}" for slot, count in lost.most_common(12)))
    print(
        f"right {right.total()}/{every.total()} = {right.total() / max(1, every.total()):.3f}; replies repeated at once: {repeated}"
    )
    return 0


def _outcome(kb: KnowledgeBase, dialog: Dialog, facts: Mapping[str, Value]) -> str:
    return CALCULATORS[dialog.calculator](Case(kb, dialog, facts, NOW.date())).outcome


if __name__ == "__main__":
    sys.exit(main())

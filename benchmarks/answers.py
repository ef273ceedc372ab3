"""How well questions are answered: ``python -m benchmarks.answers FILE [--misses]``.

Prints right, partial, refused and wrong per style, precision and recall in scope, and refusal out of scope.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.questions_file import Case, judge, read_cases
from bot.channels.console.lines import ask
from bot.cli.main import knowledge, settings
from bot.knowledge.base import KnowledgeBase


def run(kb: KnowledgeBase, cases: list[Case], *, misses: bool) -> dict[str, Counter[str]]:
    """Counts of verdicts by style, and over all in and out of scope."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        answer = ask(kb, case.question, datetime.now(UTC))
        verdict = judge(case, str(answer["reply"]), str(answer["kind"]))
        scope = "in scope" if case.in_scope else "smalltalk" if case.style == "smalltalk" else "out of scope"
        table[scope][verdict] += 1
        table[f"  {case.style}"][verdict] += 1
        if misses and verdict != "right":
            entries = [one["id"] for one in answer["entries"]]  # type: ignore[attr-defined]
            print(f"{verdict:8} {case.id} [{case.style}] {case.question}")
            print(
                f"         {answer['kind']} {answer['confidence']} {entries} wanted {case.holds if case.in_scope else '(refusal)'}"
            )
    return table


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    table = run(knowledge(settings()), read_cases(options.file), misses=options.misses)
    for name, row in sorted(table.items(), key=lambda item: (item[0].startswith(" "), item[0])):
        print(f"{name:14}", ", ".join(f"{verdict} {count}" for verdict, count in row.most_common()))
    inside, outside = table["in scope"], table["out of scope"]
    answered = inside["right"] + inside["wrong"]
    print(
        f"precision {inside['right'] / max(1, answered):.3f} (right of those answered), "
        f"recall {inside['right'] / max(1, inside.total()):.3f} (right of all in scope), "
        f"refusal {outside['right'] / max(1, outside.total()):.3f} (of those out of scope)"
    )


if __name__ == "__main__":
    main()

"""How long a turn takes inside the process: ``python -m benchmarks.turns QUESTIONS.jsonl [--rounds N]``.

Also prints how long it takes from nothing to ready, with the vector cache as it is.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.questions_file import read_cases
from bot.cli.main import knowledge, settings
from bot.nlp.tokenizer import reading, tokenize
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.turns import Said


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    start = time.perf_counter()
    kb = knowledge(settings())
    print(f"ready in {time.perf_counter() - start:.2f} s: {len(kb.content.entries)} entries, {len(kb.index)} vectors")
    cases = read_cases(options.file)
    now = datetime.now(UTC)
    seconds = []
    for _ in range(options.rounds):
        tokenize.cache_clear()
        reading.cache_clear()
        for case in cases:
            begin = time.perf_counter()
            step(kb, Conversation(), Said(case.question), now)
            seconds.append(time.perf_counter() - begin)
    p50, p95, p99 = np.percentile(seconds, [50, 95, 99]) * 1000
    print(f"{len(seconds)} turns: p50 {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms, longest {max(seconds) * 1000:.1f} ms")


if __name__ == "__main__":
    main()

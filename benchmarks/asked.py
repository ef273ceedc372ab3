"""Whether the search finds what answers: ``python -m benchmarks.asked``, on the questions that many people put.

They are those of ``knowledge_base/understanding/questions/``, which the search does not hold.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.knowledge.asked import read_asked
from bot.knowledge.base import open_knowledge_base
from bot.nlp.encoder import UniversalSentenceEncoder

_DEPTHS = (1, 3, 10)


def main() -> int:
    """Search all questions and print how often an entry that answers is among the first; returns 0."""
    folder = Path("knowledge_base")
    kb = open_knowledge_base(folder, UniversalSentenceEncoder(), Path("data/cache/vectors.npz"))
    asked, problems = read_asked(folder)
    if problems:
        sys.exit("\n".join(map(str, problems)))
    answerable = [one for one, _ in asked if one.entries]
    found = [[hit.id for hit in kb.search(one.text, max(_DEPTHS))] for one in answerable]
    for depth in _DEPTHS:
        right = sum(bool(set(ids[:depth]) & set(one.entries)) for ids, one in zip(found, answerable, strict=True))
        print(f"among the first {depth:2}: {right}/{len(answerable)} = {right / len(answerable):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

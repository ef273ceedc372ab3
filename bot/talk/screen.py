"""A phone's screen, which an answer should fit."""

from __future__ import annotations

LINES = 22
"""Lines of a screen."""

WIDTH = 20
"""Characters of a line."""


def lines_of(text: str) -> int:
    """How many lines of a phone a text takes.

    >>> lines_of("保証料は、借入金額と料率と期間で決まります。"), lines_of("")
    (2, 1)
    """
    return sum(max(1, -(-len(line) // WIDTH)) for line in text.split("\n"))

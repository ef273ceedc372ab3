"""Groups questions that ask for the same thing in other words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.knowledge.search import SearchIndex

_ALIKE = 0.6
"""Likeness from which two questions count as one, set on pairs such as 「電気代の支援」 and 「電気代が高くて困ってます」 (alike)
and 「IT導入補助金いつまで」 and 「AI導入の補助金はある？」 (not)."""


def group(index: SearchIndex, texts: Sequence[str]) -> list[list[int]]:
    """Positions of ``texts`` by group; each text goes where the first of a group is most like it, or begins a group.

    Time and memory grow with the square of the number of texts.
    """
    likeness = index.likeness(texts)
    groups: list[list[int]] = []
    for number in range(len(texts)):
        nearest = max(groups, key=lambda one: likeness[number, one[0]], default=None)
        if nearest is not None and likeness[number, nearest[0]] >= _ALIKE:
            nearest.append(number)
        else:
            groups.append([number])
    return groups

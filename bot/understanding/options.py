"""Which options of a slot some words mean: by the words that staff gave them, else by the example that is most alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from bot.knowledge.dialogs import Option, Slot

_ALIKE = 0.45
"""How alike an example must be (cosine of sequences of signs, 0 to 1) to be what was meant."""

_CERTAIN = 0.8
"""From here on an example counts more than the words in it."""

_LONGEST = 3
"""Signs of the sequences that examples are compared by."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An option, how many signs of the text say so, and where the last of them ends."""

    option: str
    weight: float
    end: int


def chosen(slot: Slot, text: str) -> tuple[str, ...]:
    """The options that a folded text means, the surest first; one at most where the slot takes one.

    >>> from bot.knowledge.dialogs import Option, Slot
    >>> down = Option("down", "減った", words=("売上",))
    >>> none = Option("none", "ない", words=("落ちてな",))
    >>> slot = Slot("trouble", "困りごと", "choices", "?", "?", "?", options=(down, none), no="none")
    >>> chosen(slot, "売上は落ちてないよ"), chosen(slot, "売上が半分になった")
    (('none',), ('down',))
    """
    near = _by_example(slot.options, text)
    said = sorted(_by_words(slot.options, text), key=lambda one: (-one.weight, -one.end))
    if near is not None and (near.weight >= _CERTAIN or not said):
        return (near.option,)
    if not said:
        return ()
    if slot.kind != "choices" or said[0].option == slot.no:
        return (said[0].option,)
    return tuple(one.option for one in said if one.option != slot.no)


def _by_words(options: tuple[Option, ...], text: str) -> list[Meant]:
    """Every option of which a word stands in the text; a word inside a longer word of another option does not count."""
    stretches: list[tuple[int, int, str]] = []
    for option in options:
        for word in {*option.words, option.label}:
            start = text.find(word)
            while start >= 0:
                stretches.append((start, start + len(word), option.id))
                start = text.find(word, start + 1)
    outer = [
        (start, end, option)
        for start, end, option in stretches
        if not any(other[0] <= start and end <= other[1] and other[1] - other[0] > end - start for other in stretches)
    ]
    best: dict[str, Meant] = {}
    for start, end, meant in outer:
        before = best.get(meant)
        if before is None or (end - start, end) > (before.weight, before.end):
            best[meant] = Meant(meant, end - start, end)
    return list(best.values())


def _by_example(options: tuple[Option, ...], text: str) -> Meant | None:
    """The option with the example that is most alike, if any is alike enough."""
    own = _sequences(text)
    length = sqrt(sum(count * count for count in own.values())) or 1.0
    best: Meant | None = None
    for option, known, its_length in _examples(options):
        alike = sum(count * known[one] for one, count in own.items() if one in known) / (length * its_length)
        if alike >= _ALIKE and (best is None or alike > best.weight):
            best = Meant(option, alike, len(text))
    return best


@lru_cache(maxsize=256)
def _examples(options: tuple[Option, ...]) -> tuple[tuple[str, Counter[str], float], ...]:
    made = []
    for option in options:
        for example in (*option.examples, option.label):
            counts = _sequences(example)
            made.append((option.id, counts, sqrt(sum(count * count for count in counts.values())) or 1.0))
    return tuple(made)


def _sequences(text: str) -> Counter[str]:
    bare = f"^{text.replace(' ', '')}$"
    return Counter(bare[start : start + length] for length in range(1, _LONGEST + 1) for start in range(len(bare) - length + 1))

"""Which words of an utterance tell a slot: a stretch around the pieces that the network finds likeliest."""

from __future__ import annotations

import numpy as np

from bot.knowledge.dialogs import Slot
from bot.nlp.sentence_model import Array
from bot.talk.acts import Told
from bot.understanding.mentions import Mention
from bot.understanding.spoken import Read
from bot.understanding.utterance import Utterance

_PEAK = 0.15
"""How likely a piece must be to tell a slot for a stretch to begin there."""

_SHOULDER = 0.3
"""Share of its likeliest piece's probability that the other pieces of a stretch must have."""


def told_as(slot: Slot, utterance: Utterance, span: tuple[int, int], read: Read, sure: float) -> Told:
    said = utterance.text[span[0] : span[1]]
    return Told(slot.id, said, span[0], span[1], read.value, read.low, read.vague, sure)


def stretch(tags: Array, slot: int, utterance: Utterance) -> tuple[int, int]:
    """Where the words stand that tell a slot: around the likeliest piece; the whole text where no piece is likely."""
    likely = tags[:, 1 + 2 * slot] + tags[:, 2 + 2 * slot]
    if not len(likely) or likely.max() < _PEAK:
        return 0, len(utterance.text)
    peak = int(np.argmax(likely))
    floor = _SHOULDER * likely[peak]
    first = last = peak
    while first > 0 and likely[first - 1] >= floor:
        first -= 1
    while last + 1 < len(likely) and likely[last + 1] >= floor:
        last += 1
    return _whole_mentions(utterance.pieces.spans[first][0], utterance.pieces.spans[last][1], utterance.mentions)


def _whole_mentions(start: int, end: int, found: tuple[Mention, ...]) -> tuple[int, int]:
    """A stretch that cuts a value in two holds all of it."""
    for one in found:
        if one.start < end and start < one.end:
            start, end = min(start, one.start), max(end, one.end)
    return start, end


def untold(text: str, found: list[Told]) -> str:
    """The sentences of a text in which nothing of this was found."""
    placed = [one for one in found if one.value is not None and (one.start, one.end) != (0, len(text))]
    kept, start = [], 0
    for end in [place + 1 for place, sign in enumerate(text) if sign in "。!?\n"] + [len(text)]:
        if not any(one.start < end and start < one.end for one in placed):
            kept.append(text[start:end])
        start = end
    return "".join(kept)

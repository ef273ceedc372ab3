"""What the network sees of an utterance and its setting, as arrays. Training and the bot use the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.knowledge.labels import SLOTS, TASKS
from bot.nlp.sentence_model import Array
from bot.talk.acts import Setting
from bot.understanding.mentions import KINDS
from bot.understanding.utterance import Utterance

Ints = npt.NDArray[np.int32]

WIDE = 1 << 17
"""Columns that features of the whole text are hashed into."""

NEAR = 1 << 15
"""Columns that features of a piece are hashed into; 0 is none."""

MOST_NEAR = 14
"""Features of a piece."""

_LONGEST = 200
"""Characters whose sequences count for the whole text."""

_SHORT = 12
"""Characters up to which a text is an answer to what was asked, so that its sequences count together with that too."""

_DIGITS = str.maketrans("123456789", "000000000")


@dataclass(frozen=True, slots=True)
class Features:
    """``pieces`` is what the encoder makes of each piece, ``kinds`` which mentions cover it and which start in it, ``near`` its own
    hashed features; ``wide`` are those of the whole text. ``task`` and ``asked`` number the setting, 0 for none.
    """

    pieces: Array
    kinds: Array
    near: Ints
    sentence: Array
    wide: Ints
    task: int
    asked: int


def features(utterance: Utterance, setting: Setting) -> Features:
    """The arrays for an utterance in its setting."""
    asked = setting.asked if setting.asked in SLOTS else ""
    task = setting.task if setting.task in TASKS else ""
    return Features(
        utterance.pieces.features,
        _kinds(utterance),
        _near(utterance),
        utterance.pieces.sentence,
        np.array(sorted({_hashed(one, WIDE) for one in _whole(utterance, asked)}), dtype=np.int32),
        TASKS.index(task) + 1 if task else 0,
        SLOTS.index(asked) + 1 if asked else 0,
    )


def _hashed(text: str, columns: int) -> int:
    return zlib.crc32(text.encode()) % columns


def _kinds(utterance: Utterance) -> Array:
    spans = utterance.pieces.spans
    found = np.zeros((len(spans), 2 * len(KINDS)), dtype=np.float32)
    for mention in utterance.mentions:
        column = KINDS.index(mention.kind)
        for row, (start, end) in enumerate(spans):
            if start < mention.end and mention.start < end:
                found[row, column] = 1
                found[row, len(KINDS) + column] = start <= mention.start
    return found


def _near(utterance: Utterance) -> Ints:
    spans = utterance.pieces.spans
    text = utterance.text.translate(_DIGITS) + "$$$$"
    words: dict[int, list[str]] = {}
    following = [*(token.normal for token in utterance.tokens[1:]), "$"]
    for start, token, after in zip(utterance.token_starts, utterance.tokens, following, strict=False):
        words[start] = [f"n{token.normal}", f"r{token.reading}", f"b{token.normal}|{after}"]
    found = np.zeros((len(spans), MOST_NEAR), dtype=np.int32)
    for row, (start, end) in enumerate(spans):
        own = [f"p{text[start:end]}", f"q{text[start : end + 2]}"]
        for position in range(start, min(end, start + 3)):
            own += [f"2{text[position : position + 2]}", f"3{text[position : position + 3]}"]
        for position in range(start, end):
            own += words.get(position, ())
        for column, feature in enumerate(own[:MOST_NEAR]):
            found[row, column] = 1 + _hashed(feature, NEAR - 1)
    return found


def _whole(utterance: Utterance, asked: str) -> Iterator[str]:
    normals = [token.normal for token in utterance.tokens]
    words = [f"w{one}" for one in normals] + [f"w{one}|{two}" for one, two in pairwise(normals)]
    text = f"^{utterance.text[:_LONGEST].translate(_DIGITS).replace(' ', '')}$"
    signs = [f"c{one}" for one in _sequences(text, 2, 4)]
    yield from words
    yield from signs
    yield from (
        f"r{one}" for one in _sequences("^" + "".join(token.reading for token in utterance.tokens)[:_LONGEST] + "$", 3, 5)
    )
    yield from (f"k{mention.kind}" for mention in utterance.mentions)
    length = len(utterance.text) // 3
    yield f"l{min(12, length)}"
    if asked:
        yield from (f"{word}@{asked}" for word in words)
        yield from (f"k{mention.kind}@{asked}" for mention in utterance.mentions)
        yield f"l{min(6, length)}@{asked}"
        if len(utterance.text) <= _SHORT:
            yield from (f"{one}@{asked}" for one in signs)


def _sequences(text: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]

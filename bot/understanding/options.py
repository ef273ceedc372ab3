"""Which options of a slot some words mean.

Learned from labelled words where there are any (``understanding/options/``); staff's own words and examples do the rest, and all of
it for options that the weights do not know yet.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import sqrt

import numpy as np

from bot.knowledge.dialogs import Option, Slot
from bot.nlp.encoder import Encoder
from bot.nlp.sentence_model import Array
from bot.nlp.tokenizer import tokenize
from bot.understanding.spoken import says_none

COLUMNS = 1 << 13
"""Columns that features of some words are hashed into."""

_LIKELY = 0.4
"""Probability from which one of several options is meant."""

_LIKELIEST = 0.35
"""Probability that the likeliest of options, of which only one can be meant, must have."""

_TWO = 2
_LEAD = 0.4
"""By how much one of only two options must be likelier than the other to be meant for that alone."""

_TELLING = 3
"""Signs from which an option's word is about its slot and hardly anything else."""

_ALIKE = 0.45
"""How alike an example must be (cosine of sequences of signs, 0 to 1) to be what was meant."""

_SURE = 0.85
"""Probability from which a sentence means an option though no slot was found in it."""

_MOST_SENTENCES = 6
"""Sentences of a text that are looked at."""

_LEAST_SENTENCE = 8
"""Signs between blanks from which they are a sentence of their own."""

_PLAIN = 6
"""Signs of a staff's word that says an option of a choice whatever has been learned (責任共有の対象外)."""

_CERTAIN = 0.8
"""From here on an example counts more than the words in it."""

_ENDS = "。!?\n"

_TAKEN_BACK = ("でな", "じゃな", "ではな", "やめ", "ちゃう", "じゃあり", "ではあり")
"""What follows words that are not meant: 小口でなくて5号."""

_LONGEST = 3
"""Signs of the sequences that examples are compared by."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An option, how many signs of the text say so, and where the last of them ends."""

    option: str
    weight: float
    end: int


def chosen(slot: Slot, text: str, weights: Mapping[str, Array], encoder: Encoder, around: str) -> tuple[str, ...]:
    """The options that folded words mean, the surest first; one at most where the slot takes one. ``around`` is the text they stand in.

    >>> from bot.knowledge.dialogs import Option, Slot
    >>> down = Option("down", "減った", words=("売上",))
    >>> none = Option("none", "ない", words=("落ちてな",))
    >>> slot = Slot("trouble", "困りごと", "choices", "?", "?", "?", options=(down, none), no="none")
    >>> from bot.nlp.encoder import UniversalSentenceEncoder
    >>> encoder = UniversalSentenceEncoder()
    >>> chosen(slot, "売上は落ちてないよ", {}, encoder, ""), chosen(slot, "売上が半分になった", {}, encoder, "")
    (('none',), ('down',))
    """
    known = learned(slot.id, weights)
    fresh = tuple(option for option in slot.options if option.id not in known)
    plain = by_words(slot.options, text, _PLAIN)
    if len(plain) == 1 and slot.kind == "choice":
        return plain
    by_staff = _by_staff(slot, fresh if known else slot.options, text) or _by_staff(slot, () if known else slot.options, around)
    if by_staff:
        return by_staff
    if not known:
        return ()
    ids = {option.id for option in slot.options} - _denied(slot.options, text)
    likely = [(option, sure) for option, sure in _in_context(slot.id, text, around, weights, encoder) if option in ids]
    if slot.kind != "choices":
        if slot.yes and len(likely) == _TWO and likely[0][1] - likely[1][1] < _LEAD:
            plainly_not = slot.several and likely[0][0] == slot.no and says_none(text)
            if not plainly_not and not _speaks_of(slot, around):
                return ()  # of two, one is always the likelier: that alone says nothing
        return tuple(option for option, sure in likely[:1] if sure >= _LIKELIEST)
    if likely and likely[0][0] == slot.no and likely[0][1] >= _LIKELY:
        return (slot.no,)
    return tuple(option for option, sure in likely if sure >= _LIKELY and option != slot.no) or tuple(
        option for option, sure in likely[:1] if sure >= _LIKELIEST
    )


def _speaks_of(slot: Slot, text: str) -> bool:
    """Whether a text uses words of a slot at all, whichever of its options they are for."""
    return any(word in text for option in slot.options for word in option.words if len(word) >= _TELLING)


def by_words(options: tuple[Option, ...], text: str, least: int) -> tuple[str, ...]:
    """Options of which a word of at least so many signs stands in a text and is not taken back."""
    by_words_alone = tuple(replace(one, label="\0") for one in options)
    return tuple(one.option for one in _by_words(by_words_alone, text) if one.weight >= least)


def unlearned(slot: Slot, text: str, weights: Mapping[str, Array]) -> tuple[str, ...]:
    """What a text means of the options that the weights, which know others of the slot, do not know yet."""
    known = learned(slot.id, weights)
    return _by_staff(slot, tuple(option for option in slot.options if option.id not in known), text) if known else ()


def _denied(options: tuple[Option, ...], text: str) -> set[str]:
    """Options of which a word is said only to be taken back (均等ではない)."""
    return {
        option.id
        for option in options
        for word in option.words
        if len(word) > 1 and word in text and text.startswith(_TAKEN_BACK, text.rindex(word) + len(word))
    }


def learned(slot_id: str, weights: Mapping[str, Array]) -> tuple[str, ...]:
    """The options of a slot that the weights know."""
    names = weights.get(f"option_names_{slot_id}")
    return () if names is None else tuple(map(str, names))


def _in_context(slot_id: str, text: str, around: str, weights: Mapping[str, Array], encoder: Encoder) -> list[tuple[str, float]]:
    """How likely each option is, by the words and by the sentences that they stand in: words alone are often cut too short."""
    alone = likelihoods(slot_id, text, weights, encoder)
    sentence = _sentence(text, around)
    if sentence == text:
        return alone
    beside = dict(likelihoods(slot_id, sentence, weights, encoder))
    return sorted(((option, (sure + beside[option]) / 2) for option, sure in alone), key=lambda one: -one[1])


def _sentence(words: str, text: str) -> str:
    """The sentence of a text in which words stand, or the sentences that they reach over."""
    start = text.find(words)
    if start < 0:
        return words
    end = start + len(words)
    first = max((text.rfind(sign, 0, start) for sign in _ENDS), default=-1) + 1
    last = min((place for sign in _ENDS if (place := text.find(sign, end)) >= 0), default=len(text))
    return text[first:last].strip()


def surely(slot: Slot, text: str, weights: Mapping[str, Array], encoder: Encoder) -> tuple[str, ...]:
    """The options that a sentence of a text means so surely that nothing else need say so."""
    if not learned(slot.id, weights):
        return ()
    denied = _denied(slot.options, text)
    found: dict[str, float] = {}
    for sentence in _sentences(text):
        for option, sure in likelihoods(slot.id, sentence, weights, encoder)[:1]:
            if sure >= _SURE and option not in denied:
                found[option] = max(sure, found.get(option, 0.0))
    ranked = sorted(found, key=lambda option: -found[option])
    return tuple(ranked) if slot.kind == "choices" and slot.no not in ranked else tuple(ranked[:1])


def _sentences(text: str) -> list[str]:
    if not any(sign in text for sign in (*_ENDS, "、")):
        parts = text.split(" ")  # typed in haste, with blanks for stops
        text = _ENDS[0].join(part for part in parts if len(part) >= _LEAST_SENTENCE or len(parts) == 1)
    for sign in _ENDS[1:]:
        text = text.replace(sign, _ENDS[0])
    return [one.strip() for one in text.split(_ENDS[0]) if one.strip()][:_MOST_SENTENCES]


def likelihoods(slot_id: str, text: str, weights: Mapping[str, Array], encoder: Encoder) -> list[tuple[str, float]]:
    """How likely each option that the weights know is, the likeliest first: by signs, sounds, words and meaning."""
    columns, meaning = _analysed(text, encoder)
    scores = weights[f"option_{slot_id}"][columns].astype(np.float32).sum(axis=0) * weights[f"option_{slot_id}_scale"]
    scores = scores / np.sqrt(len(columns)) + weights[f"option_bias_{slot_id}"]
    scores = scores + meaning @ weights[f"option_meaning_{slot_id}"].astype(np.float32)
    likely = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return sorted(zip(learned(slot_id, weights), map(float, likely), strict=True), key=lambda one: -one[1])


@lru_cache(maxsize=128)
def _analysed(text: str, encoder: Encoder) -> tuple[Array, Array]:
    """The columns and the meaning of some words; the same words are looked at for one slot after the other."""
    return np.array(columns_of(text), dtype=np.intp), encoder.encode([text[:100]])[0]


def features(text: str) -> Iterator[str]:
    """What some words are judged by: their words, and sequences of their signs and sounds."""
    tokens = tokenize(text[:100])
    yield from (f"w{token.normal}" for token in tokens)
    yield from (f"b{one.normal}|{two.normal}" for one, two in pairwise(tokens))
    for kind, bare in (("c", f"^{text[:100].replace(' ', '')}$"), ("r", "^" + "".join(token.reading for token in tokens) + "$")):
        for length in range(1, 5):
            yield from (f"{kind}{bare[start : start + length]}" for start in range(len(bare) - length + 1))


def _hashed(feature: str) -> int:
    return zlib.crc32(feature.encode()) % COLUMNS


def columns_of(text: str) -> list[int]:
    """The hashed features of some words."""
    return sorted({_hashed(one) for one in features(text)})


def _by_staff(slot: Slot, options: tuple[Option, ...], text: str) -> tuple[str, ...]:
    """What the words and examples of some options say."""
    near = _by_example(options, text)
    said = sorted(_by_words(options, text), key=lambda one: (-one.weight, -one.end))
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
                if not text.startswith(_TAKEN_BACK, start + len(word)):
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
        for example in option.examples:
            counts = _sequences(example)
            made.append((option.id, counts, sqrt(sum(count * count for count in counts.values())) or 1.0))
    return tuple(made)


def _sequences(text: str) -> Counter[str]:
    bare = f"^{text.replace(' ', '')}$"
    return Counter(bare[start : start + length] for length in range(1, _LONGEST + 1) for start in range(len(bare) - length + 1))

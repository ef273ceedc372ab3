"""``understand``: the one place where an utterance gets its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog, Slot
from bot.knowledge.labels import ACTS, SLOTS, TASKS
from bot.nlp.sentence_model import Array
from bot.talk.acts import Reading, Setting, Told
from bot.understanding.deciding import acts_of, slots_of, task_of
from bot.understanding.features import features
from bot.understanding.mentions import Mention, places
from bot.understanding.network import Network, Scores
from bot.understanding.utterance import Utterance
from bot.understanding.values import Read, marked, value
from bot.understanding.weights import shipped

_PEAK = 0.15
"""How likely a piece must be to tell a slot for a stretch to begin there."""

_SHOULDER = 0.3
"""Share of its likeliest piece's probability that the other pieces of a stretch must have."""


def understand(kb: KnowledgeBase, setting: Setting, utterance: Utterance, today: date, entity: str = "") -> Reading:
    """What an utterance means in its setting. ``entity`` is what is known of the business's form, which says what place counts."""
    dialog = next((one for one in kb.content.dialogs if one.id == setting.task), None)
    asked = kb.content.slots.get(setting.asked)
    learned = replace(setting, asked=(asked.learned_as or asked.id) if asked is not None else setting.asked)
    scores = Network(shipped().arrays)(features(utterance, learned))
    taken = acts_of(scores)
    acts = tuple(act for act, flag in zip(ACTS, taken, strict=True) if flag)
    number = task_of(scores, taken)
    told = tuple(_told(kb, dialog, asked, utterance, scores, today, entity))
    found = places(utterance.mentions)
    return Reading(
        utterance.text,
        acts,
        TASKS[number - 1] if number else "",
        tuple(one for one, _ in told),
        tuple(zip(ACTS, map(float, scores.acts), strict=True)),
        next((one.outside for one in found if one.outside), "") if not any(one.municipalities for one in found) else "",
        next((read.ambiguous for _, read in told if read.ambiguous), ()),
        next((one.said for one, read in told if read.impossible), ""),
    )


def _told(
    kb: KnowledgeBase, dialog: Dialog | None, asked: Slot | None, utterance: Utterance, scores: Scores, today: date, entity: str
) -> Iterator[tuple[Told, Read]]:
    """Every slot that is told: those that the network finds, and those of the dialog that words in the text mark."""
    stretches: list[tuple[int, int]] = []
    known = {slot.id for slot in dialog.slots} if dialog is not None else set()
    for number, flag in enumerate(slots_of(scores)):
        if not flag:
            continue
        slot = _slot(kb, asked, SLOTS[number])
        if slot is None:
            continue
        span = stretch(scores.tags, number, utterance)
        own = marked(kb, slot, utterance, (), today) if asked is not None and asked.id not in SLOTS else None
        stretches.append(own or span)
        read = value(kb, slot, utterance, span, today, entity)
        yield _one(slot, utterance, span, read, float(scores.slots[number])), read
    for slot in dialog.slots if dialog is not None else ():
        if slot.id in SLOTS or slot.learned_as:
            continue
        span_or_none = marked(kb, slot, utterance, stretches if asked is None or slot.id != asked.id else (), today)
        if span_or_none is None and asked is not None and slot.id == asked.id:
            span_or_none = (0, len(utterance.text))
        if span_or_none is None and slot.options:
            span_or_none = _optioned(slot, utterance)
        if span_or_none is not None and slot.id in known:
            read = value(kb, slot, utterance, span_or_none, today, entity)
            if read.value is not None or read.impossible:
                yield _one(slot, utterance, span_or_none, read, 1.0), read


def _slot(kb: KnowledgeBase, asked: Slot | None, name: str) -> Slot | None:
    """The dialogs' slot for a learned one: the one asked where it goes by that name."""
    if asked is not None and asked.learned_as == name:
        return asked
    return kb.content.slots.get(name)


def _optioned(slot: Slot, utterance: Utterance) -> tuple[int, int] | None:
    """Where a word of an option stands, for slots that are known by their words alone."""
    for option in slot.options:
        for word in option.words:
            place = utterance.text.find(word)
            if place >= 0 and len(word) > 1:
                return place, place + len(word)
    return None


def _one(slot: Slot, utterance: Utterance, span: tuple[int, int], read: Read, sure: float) -> Told:
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

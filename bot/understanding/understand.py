"""``understand``: the one place where an utterance gets its meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Slot
from bot.knowledge.labels import ACTS, TASKS
from bot.nlp.normalize import fold
from bot.talk.acts import Reading, Setting
from bot.understanding.deciding import acts_of, second_task_of, task_of
from bot.understanding.features import features
from bot.understanding.hearing import Hearing
from bot.understanding.mentions import places
from bot.understanding.network import Network
from bot.understanding.spoken import Read
from bot.understanding.stretches import told_as
from bot.understanding.utterance import Utterance
from bot.understanding.values import value
from bot.understanding.weights import shipped

_LITTLE = 8
"""Signs beside a name that make it no more than a question about what it names."""

_WITH_NUMBERS = ("yen", "people", "months", "number", "percent", "times", "date", "age")
"""Kinds of slots whose new value may stand in a text that takes something back."""


def understand(
    kb: KnowledgeBase, setting: Setting, utterance: Utterance, today: date, entity: str = "", known: frozenset[str] = frozenset()
) -> Reading:
    """What an utterance means in its setting.

    ``entity`` is what is known of the business's form, which says what place counts; ``known`` are the slots told before: a value that could be
    for several slots is for one that is not known yet.
    """
    dialog = next((one for one in kb.content.dialogs if one.id == setting.task), None)
    asked = kb.content.slots.get(setting.asked)
    learned = replace(setting, asked=(asked.learned_as or asked.id) if asked is not None else setting.asked)
    scores = Network(shipped().arrays)(features(utterance, learned))
    only_offered = setting.offered == f"begin {setting.task}"
    under_way = TASKS.index(setting.task) + 1 if setting.task in TASKS and not only_offered else 0
    taken = acts_of(scores, under_way)
    acts = tuple(act for act, flag in zip(ACTS, taken, strict=True) if flag)
    entries = tuple(named(kb, utterance))
    if not setting.asked and any(
        fold(name) == utterance.text for entry in kb.entries(entries) for name in (entry.name, *entry.aliases)
    ):
        return Reading(utterance.text, ("ask",), confidence=tuple((act, float(act == "ask")) for act in ACTS), named=entries)
    number = task_of(scores, taken, under_way)
    second = second_task_of(scores, number) if number else 0
    begun = next((one for one in kb.content.dialogs if number and one.id == TASKS[number - 1]), None)
    told = Hearing(
        kb, tuple(one for one in (dialog, begun) if one is not None), asked, utterance, scores, acts, today, entity, known
    ).told()
    found = places(utterance.mentions)
    correcting = "correct" in acts and not any(one.value is not None for one, _ in told)
    taken_back = _named_slot(kb, utterance.text) if correcting else None
    if taken_back is not None:
        whole = (0, len(utterance.text))
        read = value(kb, taken_back, utterance, whole, today, entity) if taken_back.kind in _WITH_NUMBERS else Read()
        told += [(told_as(taken_back, utterance, whole, read, 1.0), read)] if read.value is not None else []
    return Reading(
        utterance.text,
        tuple("result" if act == "begin" and not number else act for act in acts),
        TASKS[number - 1] if number else "",
        tuple(one for one, _ in told),
        tuple(zip(ACTS, map(float, scores.acts), strict=True)),
        next((one.outside for one in found if one.outside), "") if not any(one.municipalities for one in found) else "",
        next((read.ambiguous for _, read in told if read.ambiguous), ()),
        next((one.said for one, read in told if read.impossible), ""),
        entries,
        taken_back.id if taken_back is not None else "",
        TASKS[second - 1] if second else "",
    )


def named(kb: KnowledgeBase, utterance: Utterance) -> list[str]:
    """Entries that a text names, where it says little else."""
    ids = kb.index.named(utterance.text)
    longest = max(
        (len(name) for entry in kb.entries(ids) for name in (entry.name, *entry.aliases) if fold(name) in utterance.text),
        default=0,
    )
    return ids if longest and len(utterance.text) - longest <= _LITTLE else []


def _named_slot(kb: KnowledgeBase, text: str) -> Slot | None:
    """The slot whose name stands in a text."""
    return next((slot for slot in kb.content.slots.values() if any(word in text for word in (slot.label, *slot.words))), None)

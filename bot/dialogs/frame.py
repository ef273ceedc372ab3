"""The frame of facts: taking over what was told, and saying what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.dialogs import wording
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Slot
from bot.knowledge.saying import said
from bot.talk.acts import Told
from bot.talk.conversation import Conversation, Fact

_CLEARS = {"entity": ("form",), "part_timers": ("essential",)}
"""Facts that no longer hold when another one changes."""


_PLAINLY = 0.8
"""Confidence from which a no is meant of everything that its slot is about."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The conversation with new facts, and what is said of them: what was heard and what changed, by slot in the order told."""

    conversation: Conversation
    heard: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()


def take(kb: KnowledgeBase, conversation: Conversation, told: Iterable[Told], now: str, *, corrects: bool = False) -> Taken:
    """Keep what was told. Where a slot takes several answers, those told outside a correction add to the ones before."""
    heard: list[str] = []
    changes: list[str] = []
    slots: list[str] = []
    told = tuple(told)
    taken_back = _taken_back(conversation, told) if corrects else frozenset[int]()
    asked = conversation.asked.slot
    for one in told:
        slot = kb.content.slots.get(one.slot)
        if slot is None or one.value is None:
            continue
        before = conversation.facts.get(slot.id)
        if before is None and one.value in taken_back:
            continue  # いや10か月は二号店: the old value, named only to be taken back
        if before is not None and not corrects and asked != slot.id and _denied_in_passing(slot, before, one):
            heard.append(f"{slot.label}：{shown(kb, slot, before)}")
            slots.append(slot.id)
            continue
        fact = Fact(_joined(slot, None if corrects else before, one), now, one.vague, one.low)
        slots.append(slot.id)
        if (
            before is None
            or before.value == fact.value
            or (slot.kind == "choices" and isinstance(before.value, tuple) and set(before.value) <= set(_values(fact)))
        ):
            heard.append(f"{slot.label}：{shown(kb, slot, fact)}")
        else:
            after = shown(kb, slot, fact)
            changes.append(wording.CHANGED.format(label=slot.label, before=shown(kb, slot, before), after=after))
            conversation = conversation.drop(*_CLEARS.get(slot.id, ()))
        conversation = conversation.keep(slot.id, fact)
    return Taken(conversation, tuple(heard), tuple(changes), tuple(slots))


def _taken_back(conversation: Conversation, told: Iterable[Told]) -> frozenset[int]:
    """The numbers that a correction replaces."""
    before = ((conversation.facts.get(one.slot), one.value) for one in told)
    return frozenset(
        fact.value for fact, value in before if fact is not None and isinstance(fact.value, int) and fact.value != value
    )


def _denied_in_passing(slot: Slot, before: Fact, one: Told) -> bool:
    """Whether one of several things is denied where another of them was told: 売上は落ちてない says nothing of prices that rose."""
    if slot.kind == "choices":
        return bool(slot.no) and one.value == (slot.no,) and bool(set(_values(before)) - {slot.no, *slot.vague})
    return slot.several and before.value == slot.yes and one.value == slot.no and one.confidence < _PLAINLY


def _values(fact: Fact) -> tuple[str, ...]:
    return fact.value if isinstance(fact.value, tuple) else (str(fact.value),)


def _joined(slot: Slot, before: Fact | None, told: Told) -> int | str | tuple[str, ...]:
    value = told.value if told.value is not None else ""
    if slot.kind != "choices" or before is None or not isinstance(before.value, tuple) or not isinstance(value, tuple):
        return value
    if slot.no and (slot.no in value or slot.no in before.value):
        return value
    return tuple(dict.fromkeys((*before.value, *value)))


def shown(kb: KnowledgeBase, slot: Slot, fact: Fact) -> str:
    """A fact's value as people say it."""
    return said(kb.content, slot, fact.value, fact.low, vague=fact.vague)


def lines(kb: KnowledgeBase, conversation: Conversation, slots: Sequence[Slot] | None = None) -> list[str]:
    """Every fact that is known, or those of some slots, as a line each."""
    chosen = kb.content.slots.values() if slots is None else slots
    return [f"{slot.label}：{shown(kb, slot, fact)}" for slot in chosen if (fact := conversation.facts.get(slot.id)) is not None]


def pressed(kb: KnowledgeBase, conversation: Conversation, slot: Slot, option: str) -> Told:
    """What a button of a question tells; of a question with several answers it adds to those given before."""
    value: str | tuple[str, ...] = (option,) if slot.kind == "choices" else option
    label = next((one.label for one in slot.options if one.id == option), option)
    return replace(Told(slot.id, label, 0, 0), value=value)

"""Turns the dialogs of validated YAML into plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.knowledge import dialog_schema, schema
from bot.knowledge.dialogs import Conclusion, Dialog, Option, Skip, Slot
from bot.nlp.normalize import fold

OCCASION = "occasion"
"""The slot whose options are the checklists that there are."""


def build_slots(contents: Sequence[schema.KnowledgeFile]) -> dict[str, Slot]:
    """Every slot of all files, by id."""
    checklists = tuple(_checklist(one) for content in contents for one in content.checklists)
    found = {one.id: _slot(one) for content in contents for one in content.slots}
    return found | {slot.id: replace(slot, options=checklists) for slot in found.values() if slot.id == OCCASION}


def _checklist(one: schema.Checklist) -> Option:
    return Option(one.id, one.name, tuple(map(fold, one.aliases)), tuple(map(fold, one.questions)))


def build_dialogs(contents: Sequence[schema.KnowledgeFile], slots: dict[str, Slot]) -> tuple[Dialog, ...]:
    """Every dialog of all files; a slot that does not exist is passed over (see :mod:`bot.knowledge.check_dialogs`)."""
    return tuple(_dialog(one, slots) for content in contents for one in content.dialogs)


def _slot(one: dialog_schema.Slot) -> Slot:
    return Slot(
        one.id,
        one.label,
        one.kind,
        one.question,
        one.why,
        one.hint,
        one.clarify or "",
        one.explained_by or "",
        one.matters or "",
        tuple(map(fold, one.words)),
        tuple(
            Option(
                option.id,
                option.label,
                tuple(map(fold, option.words)),
                tuple(map(fold, option.examples)),
                option.shown,
                option.from_,
                option.below,
            )
            for option in one.options
        ),
        one.yes or "",
        one.no or "",
        one.unknown or "",
        one.least,
        one.most,
        one.learned_as or "",
        one.partial,
        tuple(one.vague),
        one.several,
        tuple(map(fold, one.settled)),
    )


def _dialog(one: dialog_schema.Dialog, slots: dict[str, Slot]) -> Dialog:
    wording = {said.slot: said for said in one.wording}

    def worded(ids: Iterable[str]) -> tuple[Slot, ...]:
        return tuple(_reworded(slots[slot_id], wording.get(slot_id)) for slot_id in ids if slot_id in slots)

    return Dialog(
        one.id,
        one.title,
        one.command,
        one.calculator,
        one.intro,
        worded(one.asks),
        worded(one.hears),
        tuple(Skip(skip.slot, skip.told or "", tuple(skip.is_), tuple(skip.untold)) for skip in one.skips),
        tuple(one.near),
        tuple(
            Conclusion({slot: tuple(values) for slot, values in said.when.items()}, said.text, tuple(said.entries))
            for said in one.concludes
        ),
    )


def _reworded(slot: Slot, said: dialog_schema.Wording | None) -> Slot:
    if said is None:
        return slot
    return replace(
        slot,
        label=said.label or slot.label,
        question=said.question or slot.question,
        why=said.why or slot.why,
        matters=said.matters or slot.matters,
    )

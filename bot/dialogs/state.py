"""An open dialog's state: which answers count, what comes next, and changes to it. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs.declaration import Answers, Dialog, Slot, Value
from bot.talk.conversation import Conversation, OpenDialog


def applicable(dialog: Dialog, answers: Answers) -> list[Slot]:
    """The slots that the answers leave in question, in the order of asking."""
    return [slot for slot in dialog.slots if slot.applies(answers)]


def counting(dialog: Dialog, state: OpenDialog) -> dict[str, Value]:
    """The answers to slots that still apply; an answer off the branch taken is kept but does not count."""
    return {slot.id: state.answers[slot.id] for slot in applicable(dialog, state.answers) if slot.id in state.answers}


def next_slot(dialog: Dialog, state: OpenDialog) -> Slot | None:
    """The first slot that is neither answered nor left open."""
    return next((slot for slot in unanswered(dialog, state) if slot.id not in state.open_), None)


def unanswered(dialog: Dialog, state: OpenDialog) -> list[Slot]:
    """The slots to ask that have no answer, those left open included."""
    return [slot for slot in applicable(dialog, state.answers) if slot.id not in state.answers and not slot.optional]


def needed(dialog: Dialog, state: OpenDialog) -> Slot | None:
    """The first slot without which there is no result."""
    return next((slot for slot in unanswered(dialog, state) if not slot.matters), None)


def answer(state: OpenDialog, slot: str, value: Value) -> OpenDialog:
    """The state with one answer more, or another one."""
    order = (*(one for one in state.order if one != slot), slot)
    left = tuple(one for one in state.open_ if one != slot)
    return replace(state, answers={**state.answers, slot: value}, order=order, open_=left)


def without(state: OpenDialog, slot: str) -> OpenDialog:
    """The state as if a slot had not been answered."""
    return replace(
        state,
        answers={one: value for one, value in state.answers.items() if one != slot},
        order=tuple(one for one in state.order if one != slot),
        open_=tuple(one for one in state.open_ if one != slot),
    )


def leave_open(state: OpenDialog, slot: str) -> OpenDialog:
    return replace(without(state, slot), open_=(*state.open_, slot), order=(*state.order, slot))


def put(conversation: Conversation, state: OpenDialog) -> Conversation:
    """The conversation with its topmost dialog replaced."""
    return replace(conversation, dialogs=(*conversation.dialogs[:-1], state))


def shared_value(conversation: Conversation, slot: str) -> Value | None:
    """What the profile knows about a shared slot."""
    if slot == "municipality":
        return conversation.municipality or None
    if slot == "entity":
        return conversation.entity or None
    return conversation.profile.get(slot)


def unshare(conversation: Conversation, slot: str) -> Conversation:
    """The conversation without a fact about the business."""
    if slot == "municipality":
        return replace(conversation, municipality="")
    if slot == "entity":
        return replace(conversation, entity="")
    return replace(conversation, profile={one: value for one, value in conversation.profile.items() if one != slot})


def share(conversation: Conversation, slot: str, value: Value) -> Conversation:
    """The conversation with a fact about the business in its profile."""
    if slot == "municipality":
        return replace(conversation, municipality=str(value))
    if slot == "entity":
        return replace(conversation, entity="sole" if value == "sole" else "corporation")
    return replace(conversation, profile={**conversation.profile, slot: value})

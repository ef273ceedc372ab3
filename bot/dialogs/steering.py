"""Carries out what a user wants of the dialog itself: going back, stopping, skipping, reviewing. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogs import moves, state, wording
from bot.dialogs.declaration import Dialog, Slot
from bot.dialogs.flow import EVENT, ask_slot, finish, onward, state_of
from bot.dialogs.showing import shown
from bot.knowledge.base import KnowledgeBase
from bot.talk.conversation import Conversation, OpenDialog
from bot.talk.replies import Block, Button, Reply, say
from bot.talk.taken import Step


def make(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, move: moves.Move, now: datetime) -> Step:
    """Carry out what the user wants of the dialog itself."""
    current = state_of(conversation)
    slot = state.next_slot(dialog, current) or state.needed(dialog, current)
    match move:
        case "back":
            return _back(kb, conversation, dialog, now)
        case "cancel":
            buttons = (Button(wording.BUTTON_YES, "m:yes"), Button(wording.BUTTON_NO, "m:no"))
            asked = state.put(conversation, replace(current, confirming="cancel"))
            return Step(asked, (say(wording.CANCEL.format(title=dialog.title), buttons=buttons),), (EVENT,))
        case "restart":
            fresh = state.put(conversation, OpenDialog(dialog.id))
            return onward(kb, fresh, dialog, now, [wording.RESTARTED], conclude=False)
        case "where":
            done = len(state.counting(dialog, current))
            left = len(state.unanswered(dialog, current))
            lead = wording.WHERE.format(title=dialog.title, done=done, left=left)
            return onward(kb, conversation, dialog, now, [lead], conclude=False)
        case "why":
            if slot is None:
                return finish(kb, conversation, dialog, now, ())
            return ask_slot(conversation, dialog, slot, [wording.WHY.format(why=slot.why)])
        case "unknown" | "skip":
            return finish(kb, conversation, dialog, now, ()) if slot is None else leave_open(kb, conversation, dialog, slot, now)
        case "result":
            return onward(kb, conversation, dialog, now, [wording.PARTIAL] if slot else [], conclude=True)
        case "review":
            return _review(kb, conversation, dialog)
        case "continue":
            return onward(kb, conversation, dialog, now, [wording.RESUMED], conclude=False)


def leave_open(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, slot: Slot, now: datetime) -> Step:
    """Leave a question open, where a result is possible without it."""
    current = state_of(conversation)
    if not slot.matters:
        following = state.put(conversation, replace(current, misses=current.misses + 1))
        again = wording.AGAIN[current.misses % len(wording.AGAIN)] if current.misses else ""
        return ask_slot(following, dialog, slot, [f"{again}{wording.NEEDED.format(hint=slot.hint)}"])
    following = state.put(conversation, replace(state.leave_open(current, slot.id), misses=0))
    lead = wording.LEFT_OPEN.format(label=slot.label, matters=slot.matters)
    return onward(kb, following, dialog, now, [lead], conclude=False)


def _back(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime) -> Step:
    """Ask the question before again; its answer is taken back."""
    current = state_of(conversation)
    if not current.order:
        return onward(kb, conversation, dialog, now, [wording.NOTHING_BACK], conclude=False)
    last = dialog.slot(current.order[-1])
    earlier = state.put(conversation, replace(state.without(current, current.order[-1]), done=False, misses=0))
    if last is None or last.optional or not last.applies(current.answers):
        return onward(kb, earlier, dialog, now, [wording.BACK], conclude=False)
    return ask_slot(earlier, dialog, last, [wording.BACK])


def _review(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog) -> Step:
    """All answers, with a button each to change it."""
    current = state_of(conversation)
    slots = [slot for slot in state.applicable(dialog, current.answers) if slot.id in current.answers or slot.id in current.open_]
    if not slots:
        return Step(conversation, (say(wording.REVIEW_EMPTY),), (EVENT,))
    lines = [
        f"・{slot.label}：{shown(kb, slot, current.answers[slot.id]) if slot.id in current.answers else wording.UNKNOWN_VALUE}"
        for slot in slots
    ]
    buttons = tuple(Button(f"{slot.label}を変える", f"c:{dialog.id}:{slot.id}") for slot in slots)
    return Step(conversation, (Reply((Block("text", (wording.REVIEW,)), Block("facts", tuple(lines))), buttons),), (EVENT,))


def cancel(conversation: Conversation, dialog: Dialog) -> Step:
    """End a dialog without a result; its answers are laid by."""
    current = state_of(conversation)
    laid_by = tuple(one for one in conversation.laid_by if one.id != dialog.id)
    following = replace(conversation, dialogs=conversation.dialogs[:-1], laid_by=(*laid_by, replace(current, confirming=""))[-5:])
    return Step(following, (say(wording.CANCELLED.format(title=dialog.title)),), (EVENT,))

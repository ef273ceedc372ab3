"""What follows from a dialog's state: taking answers over, the next question, the result. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dialogs import catalog, state, wording
from bot.dialogs.declaration import Case, Dialog, Slot, Value
from bot.dialogs.showing import ask, fact, option_buttons, shown
from bot.knowledge.base import KnowledgeBase
from bot.talk.conversation import Conversation, OpenDialog
from bot.talk.replies import Answered, Block, Button, Reply, say
from bot.talk.taken import Step

EVENT = Answered("dialog", (), 1.0)


def state_of(conversation: Conversation) -> OpenDialog:
    return conversation.dialogs[-1]


def fill(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, heard: dict[str, Value], *, say_all: bool
) -> tuple[Conversation, list[str]]:
    """Take answers over, shared ones to the profile too, and say what changed and what was understood."""
    current = state_of(conversation)
    changes: list[str] = []
    understood: list[str] = []
    remarks: list[str] = []
    for slot in dialog.slots:
        if slot.id not in heard:
            continue
        value = heard[slot.id]
        before = current.answers.get(slot.id)
        if slot.kind == "choices" and isinstance(before, tuple) and isinstance(value, tuple) and current.asked != slot.id:
            value = tuple(dict.fromkeys((*before, *value)))
        if before is not None and before != value:
            after = shown(kb, slot, value)
            changes.append(wording.CHANGED.format(label=slot.label, before=shown(kb, slot, before), after=after))
        elif before is None and (say_all or slot.id != current.asked or slot.kind not in ("choice", "place")):
            understood.append(fact(kb, slot, value))
        current = state.answer(current, slot.id, value)
        if slot.shared:
            conversation = state.share(conversation, slot.id, value)
        if slot.remark is not None and before != value and (remark := slot.remark(kb, value)):
            remarks.append(remark)
    for slot in dialog.slots:
        for option, other in slot.clears:
            if heard.get(slot.id) == option:
                current, conversation = state.without(current, other), state.unshare(conversation, other)
    current = replace(current, misses=0, done=False)
    if understood:
        changes.append(wording.HEARD.format(facts="、".join(understood)))
    return state.put(conversation, current), [*changes, *remarks]


def onward(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: Sequence[str], *, conclude: bool
) -> Step:
    """The result when nothing is left to ask or the user wants it now; otherwise the next question."""
    current = state_of(conversation)
    slot = state.next_slot(dialog, current)
    if slot is None:
        missing = state.needed(dialog, current)
        if missing is None:
            return finish(kb, conversation, dialog, now, lead)
        current = replace(current, open_=tuple(one for one in current.open_ if one != missing.id))
        conversation, slot = state.put(conversation, current), missing
    if conclude:
        missing = state.needed(dialog, current)
        if missing is None:
            return finish(kb, conversation, dialog, now, lead)
        slot, lead = missing, [*lead, wording.NEEDS_FIRST.format(label=missing.label)]
    if slot.before is not None and current.asked != slot.id:
        known = slot.before(Case(kb, state.counting(dialog, current), now.date()))
        lead = [*lead, known] if known else lead
    return ask_slot(conversation, dialog, slot, lead)


def ask_slot(conversation: Conversation, dialog: Dialog, slot: Slot, lead: Sequence[str]) -> Step:
    """Ask a slot; when it was asked just before, in other words."""
    current = state_of(conversation)
    times = current.times + 1 if current.asked == slot.id else 1
    if times > 1 and not lead:
        lead = [wording.AGAIN[times % len(wording.AGAIN)]]
    following = state.put(conversation, replace(current, asked=slot.id, times=times, confirming=""))
    return Step(following, (ask(dialog, slot, lead=lead),), (EVENT,))


def finish(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: Sequence[str]) -> Step:
    """The result from what is known, with what is missing and what it would change."""
    current = state_of(conversation)
    result = dialog.conclude(Case(kb, state.counting(dialog, current), now.date()))
    open_slots = [slot for slot in state.unanswered(dialog, current) if slot.matters]
    blocks: list[Block] = [Block("text", tuple(lead))] if lead else []
    blocks += result.blocks
    if open_slots:
        blocks.append(Block("note", tuple(f"・{slot.label}：{slot.matters}" for slot in open_slots), wording.MISSING))
    buttons = (*result.buttons, Button(wording.BUTTON_REVIEW, "m:review"))
    following_slot = state.next_slot(dialog, current)
    if following_slot is not None:
        blocks.append(Block("text", (wording.MORE_EXACT, following_slot.question)))
        buttons = (*option_buttons(dialog, following_slot), *buttons)
    asked = following_slot.id if following_slot is not None else ""
    finished = replace(current, asked=asked, times=1, misses=0, done=True, confirming="")
    following = replace(state.put(conversation, finished), focus=result.focus, asked="", more=())
    replies = [Reply(tuple(blocks), buttons, picture=result.picture, attachment=result.attachment)]
    below = [one for one in following.dialogs[:-1] if not one.done and catalog.find(one.id)]
    if below:
        returned = replace(
            following, dialogs=(*(one for one in following.dialogs[:-1] if one is not below[-1]), finished, below[-1])
        )
        outer = catalog.find(below[-1].id)
        if outer is not None:
            back = onward(kb, returned, outer, now, [wording.RESUMED, f"（{outer.title}）"], conclude=False)
            return Step(back.conversation, (*replies, *back.replies), (EVENT,))
    return Step(following, tuple(replies), (EVENT,))


def after_answer(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, answered: Step, changes: Sequence[str], now: datetime
) -> Step:
    """An answer from the knowledge base in the middle, then the dialog goes on where it was."""
    current = state_of(conversation)
    carried = replace(
        answered.conversation,
        dialogs=conversation.dialogs,
        municipality=conversation.municipality or answered.conversation.municipality,
    )
    slot = state.next_slot(dialog, current) or state.needed(dialog, current)
    if slot is None:
        concluded = finish(kb, carried, dialog, now, changes)
        return Step(concluded.conversation, (*answered.replies, *concluded.replies), answered.events)
    times = current.times if current.asked == slot.id else 0
    lead = [*changes, wording.GO_ON[times % len(wording.GO_ON)]]
    asked = ask_slot(carried, dialog, slot, lead)
    return Step(asked.conversation, (*answered.replies, *asked.replies), answered.events)


def missed(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime) -> Step:
    """Not understood: a hint, then buttons, then a way out, and after that the question is left open."""
    current = state_of(conversation)
    slot = state.next_slot(dialog, current) or state.needed(dialog, current)
    if slot is None:
        return finish(kb, conversation, dialog, now, ())
    misses = current.misses + 1
    following = state.put(conversation, replace(current, misses=misses, asked=slot.id, times=current.times + 1))
    buttons = option_buttons(dialog, slot)
    skip = Button(wording.BUTTON_SKIP, f"u:{dialog.id}:{slot.id}")
    if misses == 1:
        return Step(following, (say(wording.NOT_UNDERSTOOD.format(hint=slot.hint), buttons=buttons),), (EVENT,))
    if misses == 2:
        return Step(following, (say(wording.CHOOSE.format(hint=slot.question), buttons=(*buttons, skip)),), (EVENT,))
    if misses == 3 or not slot.matters:
        person = Button(wording.BUTTON_PERSON, "branch")
        text = wording.STUCK if slot.matters else wording.NEEDED.format(hint=slot.hint)
        if misses > 3:
            text = f"{wording.AGAIN[misses % len(wording.AGAIN)]}{text}"
        return Step(following, (say(text, buttons=(*((skip,) if slot.matters else buttons), person)),), (EVENT,))
    passed = state.put(following, replace(state.leave_open(state_of(following), slot.id), misses=0))
    return onward(kb, passed, dialog, now, [wording.PASSED_OVER.format(label=slot.label)], conclude=False)

"""Buttons, new and old: each carries what it means, so that it can be pressed much later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.advisor import answers, branches
from bot.advisor.unknown import none_of_these
from bot.dialogs import agenda, asking, checklist, frame, reminding, wording
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog
from bot.step import acting, commands, handover, looking, opening, passing, rating
from bot.talk import phrases
from bot.talk.conversation import Asked, Conversation, Fact, Offer
from bot.talk.replies import say
from bot.talk.taken import Step


def press(kb: KnowledgeBase, conversation: Conversation, action: str, now: datetime) -> Step:
    """Carry out a button; one that no longer means anything says so."""
    return _press(kb, conversation, action, now) or Step(conversation, (say(phrases.OLD_BUTTON),))


def _press(kb: KnowledgeBase, conversation: Conversation, action: str, now: datetime) -> Step | None:
    kind, _, rest = action.partition(":")
    name, _, number = rest.partition(":")
    match kind:
        case "d" | "s" | "u" | "m":
            return _of_task(kb, conversation, kind, rest, now)
        case "p":
            return _change(kb, conversation, rest)
        case "l":
            return checklist.show(kb, conversation, name)
        case "t":
            return checklist.tick(kb, conversation, name, number)
        case "r":
            return _remind(conversation, rest, now)
        case "y":
            return rating.praise(kb, conversation, rest)
        case "n":
            return rating.blame(kb, conversation, rest)
        case "v":
            return rating.explain(kb, conversation, rest)
        case "q" if rest == "off":
            return Step(replace(conversation, quiet=True), (say(phrases.STOPPED),))
        case "h":
            return handover.press(kb, conversation, rest)
        case "f":
            return passing.press(kb, conversation, rest, now)
    return _of_answer(kb, conversation, kind, rest, now)


def _of_answer(kb: KnowledgeBase, conversation: Conversation, kind: str, rest: str, now: datetime) -> Step | None:
    question = conversation.subject.question
    match kind:
        case "more":
            return looking.more(kb, conversation)
        case "none":
            return none_of_these(kb, conversation, now)
        case "others":
            return looking.others(kb, conversation)
        case "branch":
            return commands.own_branch(kb, conversation, now)
        case "menu":
            menu = next((one for one in kb.content.menus if one.id == rest), None)
            if menu is not None:
                buttons = tuple(answers.entry_button(one) for one in kb.entries(menu.entries))
                return Step(conversation, (replace(say(menu.text, buttons=buttons), in_place=True),))
        case "ward":
            municipality = kb.municipality(rest)
            if municipality is not None:
                known = conversation.keep("municipality", Fact(municipality.name, now.isoformat()))
                return branches.branch_of(kb, known, municipality, question, now)
        case "e":
            entry = kb.entry(rest)
            if entry is not None:
                return answers.about(kb, conversation, entry, question, now)
    return None


def _of_task(kb: KnowledgeBase, conversation: Conversation, kind: str, rest: str, now: datetime) -> Step | None:
    """Open a task, answer a question, leave it open, or make a move."""
    conversation = replace(conversation, offer=Offer())
    if kind == "d":
        dialog = agenda.dialog_of(kb, rest)
        return opening.begin(kb, conversation, dialog, now) if dialog is not None else None
    found = agenda.under_way(kb, conversation)
    if kind == "m":
        return _move(kb, conversation, found[0], rest, now) if found is not None else None
    task_id, _, slot_and_option = rest.partition(":")
    slot_id, _, option = slot_and_option.partition(":")
    dialog = agenda.dialog_of(kb, task_id)
    slot = dialog.slot(slot_id) if dialog is not None else None
    if dialog is None or slot is None or not any(task.id == task_id for task in conversation.tasks):
        return None
    task = next(one for one in conversation.tasks if one.id == task_id)
    done = task.done
    if kind == "u":
        opened = agenda.put(conversation, replace(task, open_=tuple(dict.fromkeys((*task.open_, slot_id)))))
        lead = wording.LEFT_OPEN[len(task.open_) % len(wording.LEFT_OPEN)].format(label=slot.label)
        return _onward(kb, opened, dialog, now, (lead,), conclude=done)
    if slot.option(option) is None:
        return None
    taken = frame.take(kb, conversation, (frame.pressed(kb, conversation, slot, option),), now.isoformat())
    order = (*(one for one in task.order if one != slot_id), slot_id)
    following = agenda.put(taken.conversation, replace(task, order=order))
    return _onward(kb, following, dialog, now, taken.changes, conclude=done)


def _onward(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: tuple[str, ...], *, conclude: bool
) -> Step:
    go = asking.conclude if conclude else asking.onward
    following, reply = go(kb, conversation, dialog, now, lead)
    return Step(following, (reply,), (opening.EVENT,))


def _move(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, move: str, now: datetime) -> Step | None:
    match move:
        case "review":
            return Step(conversation, (acting.review(kb, conversation),), (opening.EVENT,))
        case "result":
            return _onward(kb, conversation, dialog, now, (), conclude=True)
        case "restart":
            fresh = agenda.restart(conversation, dialog)
            return _onward(kb, fresh, dialog, now, (wording.RESTARTED.format(title=dialog.title),), conclude=False)
        case "cancel":
            closed = agenda.close_task(conversation, dialog)
            return Step(closed, (say(wording.CANCELLED.format(title=dialog.title)),), (opening.EVENT,))
    return None


def _change(kb: KnowledgeBase, conversation: Conversation, slot_id: str) -> Step | None:
    """Forget one fact, so that another can be told."""
    slot = kb.content.slots.get(slot_id)
    if slot is None:
        return None
    following = replace(conversation.drop(slot_id), asked=Asked(slot_id, 1))
    return Step(following, (say(wording.NEW_VALUE.format(label=slot.label, hint=slot.hint)),))


def _remind(conversation: Conversation, wish: str, now: datetime) -> Step | None:
    turned, _, day = wish.partition(":")
    try:
        return reminding.keep(conversation, date.fromisoformat(day), now) if turned == "on" else reminding.drop(conversation)
    except ValueError:
        return None

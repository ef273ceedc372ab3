"""The agenda of tasks: which is under way, what it asks next, what it comes to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.business_days import TOKYO
from bot.dialogs.calculators import CALCULATORS
from bot.dialogs.case import Answers, Case, Result
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog, Skip, Slot
from bot.talk.conversation import Asked, Conversation, Task

MOST_OPEN = 3
"""Tasks that may lie on top of each other; the oldest one is dropped, its facts stay."""


def dialog_of(kb: KnowledgeBase, task_id: str) -> Dialog | None:
    return next((dialog for dialog in kb.content.dialogs if dialog.id == task_id), None)


def by_command(kb: KnowledgeBase, name: str) -> Dialog | None:
    return next((dialog for dialog in kb.content.dialogs if dialog.command == name), None)


def near(kb: KnowledgeBase, entry_id: str) -> Dialog | None:
    """The dialog that an answer about an entry should offer."""
    return next((dialog for dialog in kb.content.dialogs if entry_id in dialog.near), None)


def under_way(kb: KnowledgeBase, conversation: Conversation) -> tuple[Dialog, Task] | None:
    """The task under way; one that this version does not know any more is passed over."""
    for task in reversed(conversation.tasks):
        dialog = dialog_of(kb, task.id)
        if dialog is not None:
            return dialog, task
    return None


def open_task(conversation: Conversation, dialog: Dialog) -> Conversation:
    """The conversation with a task on top; the one that was lies below."""
    before = next((task for task in conversation.tasks if task.id == dialog.id), None)
    others = tuple(task for task in conversation.tasks if task.id != dialog.id and not task.done)
    task = Task(dialog.id) if before is None else replace(before, done=False)
    return replace(conversation, tasks=(*others, task)[-MOST_OPEN:], asked=Asked())


def close_task(conversation: Conversation, dialog: Dialog) -> Conversation:
    """The conversation without a task; its facts stay."""
    return replace(
        conversation,
        tasks=tuple(task for task in conversation.tasks if task.id != dialog.id),
        asked=Asked(),
        offer=type(conversation.offer)(),
    )


def restart(conversation: Conversation, dialog: Dialog) -> Conversation:
    """The conversation as if nothing had been told of what a task asks."""
    cleared = conversation.drop(*(slot.id for slot in dialog.slots))
    return replace(cleared, tasks=tuple(Task(task.id) if task.id == dialog.id else task for task in cleared.tasks), asked=Asked())


def put(conversation: Conversation, task: Task) -> Conversation:
    """The conversation with a task in place of the one of the same name."""
    return replace(conversation, tasks=tuple(task if one.id == task.id else one for one in conversation.tasks))


def answers(dialog: Dialog, conversation: Conversation) -> Answers:
    """The facts that a dialog looks at."""
    return {slot.id: fact.value for slot in dialog.slots if (fact := conversation.facts.get(slot.id)) is not None}


def result(kb: KnowledgeBase, dialog: Dialog, conversation: Conversation, now: datetime) -> Result:
    """What a dialog comes to with what is known so far."""
    return CALCULATORS[dialog.calculator](Case(kb, dialog, answers(dialog, conversation), now.astimezone(TOKYO).date()))


@dataclass(frozen=True, slots=True)
class Remaining:
    """The slots of a dialog that are still to ask, and those that the user left open."""

    ask: tuple[Slot, ...]
    open_: tuple[Slot, ...]


def remaining(dialog: Dialog, task: Task, conversation: Conversation) -> Remaining:
    """What a dialog does not know yet, in the order of asking."""
    known = answers(dialog, conversation)
    unknown = [slot for slot in dialog.asks if slot.id not in known and not _skipped(dialog.skips, slot.id, known)]
    return Remaining(
        tuple(slot for slot in unknown if slot.id not in task.open_), tuple(slot for slot in unknown if slot.id in task.open_)
    )


def reopened(kb: KnowledgeBase, conversation: Conversation) -> Conversation:
    """The conversation in which a task is done only while nothing is left to ask: a fact changed elsewhere may bring a question back."""
    tasks = tuple(
        replace(task, done=False)
        if task.done and (dialog := dialog_of(kb, task.id)) is not None and remaining(dialog, task, conversation).ask
        else task
        for task in conversation.tasks
    )
    return conversation if tasks == conversation.tasks else replace(conversation, tasks=tasks)


def _skipped(skips: tuple[Skip, ...], slot_id: str, known: Answers) -> bool:
    return any(skip.slot == slot_id and _holds(skip, known) for skip in skips)


def _holds(skip: Skip, known: Answers) -> bool:
    if skip.untold:
        return not any(slot in known for slot in skip.untold)
    value = known.get(skip.told)
    return value is not None and (not skip.values or str(value) in skip.values)

"""What a task says after a turn: the result so far, and the one question that would change it most. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import islice

from bot.dialogs import agenda, wording
from bot.dialogs.case import Result
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog, Slot
from bot.talk.conversation import Asked, Conversation, Subject, Task
from bot.talk.replies import Block, Button, Reply
from bot.talk.screen import LINES, lines_of

_MOST_OPEN_POINTS = 3
_HELD_BACK = ("note", "desk")
_FEW = 3
"""Dialogs that use a fact up to which it tells which of them is wanted."""

_HEARS = 0.5
"""What a fact that a dialog only hears speaks for it, beside one that it asks for."""

_USUAL = ("loan", "roadmap", "fee", "size")
"""What is most often wished for, first where what was told speaks for several dialogs alike."""


def onward(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: tuple[str, ...], *, answered: bool = False
) -> tuple[Conversation, Reply]:
    """The result so far in a sentence, and the next question; the whole result when nothing is left to ask."""
    task = _task(conversation, dialog)
    left = agenda.remaining(dialog, task, conversation)
    if not left.ask:
        return conclude(kb, conversation, dialog, now, lead)
    result = agenda.result(kb, dialog, conversation, now)
    slot = left.ask[0]
    said = list(lead)
    if result.useful and result.head and not answered:
        said.append(wording.SO_FAR.format(head=result.head))
    asked = _question(conversation, slot, answered=answered)
    following = replace(
        agenda.put(conversation, replace(task, done=False)),
        asked=Asked(slot.id, _times(conversation, slot), conversation.asked.misses if conversation.asked.slot == slot.id else 0),
    )
    buttons = (*option_buttons(dialog, slot), *((Button(wording.BUTTON_RESULT, "m:result"),) if result.useful else ()))
    return following, Reply((Block("text", tuple(one for one in (*said, asked) if one)),), buttons)


def conclude(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: tuple[str, ...]
) -> tuple[Conversation, Reply]:
    """The whole result from what is known, what is still open, and the question that would change it most."""
    task = _task(conversation, dialog)
    left = agenda.remaining(dialog, task, conversation)
    result = agenda.result(kb, dialog, conversation, now)
    if not result.useful and left.ask:
        return _needs(conversation, dialog, left.ask[0], lead, result)
    open_points = tuple(f"・{slot.label}：{slot.matters}" for slot in (*left.ask, *left.open_) if slot.matters)
    blocks = [Block("text", lead)] if lead else []
    blocks.append(Block("title", (result.head,)))
    blocks += result.blocks
    asked = left.ask[0] if left.ask else None
    question = _question(conversation, asked, answered=False) if asked is not None else ""
    seen, more = _fit(blocks, result, open_points, question)
    buttons = (
        *((Button("続きを見る", "more"),) if more else ()),
        *(option_buttons(dialog, asked) if asked is not None else ()),
        *result.buttons,
        Button(wording.BUTTON_REVIEW, "m:review"),
    )
    following = replace(
        agenda.put(conversation, replace(task, done=asked is None)),
        asked=Asked(asked.id, _times(conversation, asked)) if asked is not None else Asked(),
        subject=Subject(result.focus, "", tuple(more)),
    )
    return following, Reply(tuple(seen), buttons, tuple(more), picture=result.picture, attachment=result.attachment)


def _needs(
    conversation: Conversation, dialog: Dialog, slot: Slot, lead: tuple[str, ...], result: Result
) -> tuple[Conversation, Reply]:
    """Nothing can be said yet: what is needed first."""
    text = wording.RESULT_NEEDS.format(question=slot.question)
    if conversation.asked.slot == slot.id and conversation.asked.times:
        text = wording.RESULT_NEEDS.format(question=slot.hint)
    following = replace(conversation, asked=Asked(slot.id, _times(conversation, slot)))
    head = (result.head,) if result.head and not lead else ()
    return following, Reply((Block("text", (*lead, *head, text)),), option_buttons(dialog, slot))


def _fit(blocks: list[Block], result: Result, open_points: tuple[str, ...], question: str) -> tuple[list[Block], list[Block]]:
    """What a phone's screen holds at once, and the rest: sources stay, notes and desks go first."""
    tail = []
    if open_points:
        tail.append(Block("note", open_points[:_MOST_OPEN_POINTS], wording.OPEN_POINTS))
    if question:
        tail.append(Block("text", (question,)))
    more = list(result.more)
    seen = [*blocks, *tail]
    for kind in _HELD_BACK:
        if lines_of("\n\n".join(block.text for block in seen)) <= LINES:
            break
        held = [block for block in blocks if block.kind == kind]
        more = [*held, *more]
        seen = [block for block in seen if block not in held]
    return seen, more


def _question(conversation: Conversation, slot: Slot, *, answered: bool) -> str:
    """The question for a slot; asked again it comes in other words, for a while in ever more helpful ones."""
    times = conversation.asked.times if conversation.asked.slot == slot.id else 0
    if answered:
        text = wording.ANSWERED[times % len(wording.ANSWERED)]
        return text.format(question=slot.question if times < 2 else slot.hint)
    if times == 0:
        return slot.question
    again = wording.AGAIN[(times - 1) % len(wording.AGAIN)]
    return again.format(question=slot.question, hint=slot.hint, label=slot.label)


def _times(conversation: Conversation, slot: Slot) -> int:
    return conversation.asked.times + 1 if conversation.asked.slot == slot.id else 1


def _task(conversation: Conversation, dialog: Dialog) -> Task:
    return next((task for task in conversation.tasks if task.id == dialog.id), Task(dialog.id))


def option_buttons(dialog: Dialog, slot: Slot) -> tuple[Button, ...]:
    """Options carry dialog, slot and option, so that an old button still means what it said."""
    options = [Button(option.label, f"s:{dialog.id}:{slot.id}:{option.id}") for option in slot.options if option.shown]
    return (*options, Button(wording.BUTTON_UNKNOWN, f"u:{dialog.id}:{slot.id}"))


def fitting(kb: KnowledgeBase, conversation: Conversation, slots: tuple[str, ...], most: int = 3) -> list[Dialog]:
    """The dialogs that what was just told is of use for, the one first that all that is known speaks for most.

    What few dialogs use speaks for them: a help wanted abroad, or a premium, tells the task; a trade or an amount does not.
    """
    common = {task: place for place, task in enumerate(_USUAL)}
    told, uses = set(slots), _used_by(kb)

    def place(dialog: Dialog) -> tuple[float, int, int]:
        known = _speaks_for(dialog, uses, {*conversation.facts, *slots})
        return -known, common.get(dialog.id, len(common)), -len(told & {slot.id for slot in dialog.asks})

    useful = (dialog for dialog in sorted(kb.content.dialogs, key=place) if told & {slot.id for slot in dialog.slots})
    return list(islice(useful, most))


def told_for(kb: KnowledgeBase, conversation: Conversation) -> Dialog | None:
    """The dialog that what is known speaks for most, if anything known speaks for one at all."""
    best = next(iter(fitting(kb, conversation, tuple(conversation.facts), 1)), None)
    return best if best is not None and _speaks_for(best, _used_by(kb), set(conversation.facts)) else None


def _used_by(kb: KnowledgeBase) -> Counter[str]:
    """How many dialogs use each slot."""
    return Counter(slot.id for dialog in kb.content.dialogs for slot in dialog.slots)


def _speaks_for(dialog: Dialog, uses: Counter[str], known: set[str]) -> float:
    telling = {slot for slot in known if 0 < uses[slot] <= _FEW}
    asks, hears = telling & {slot.id for slot in dialog.asks}, telling & {slot.id for slot in dialog.hears}
    return sum(1 / uses[slot] for slot in asks) + sum(_HEARS / uses[slot] for slot in hears)

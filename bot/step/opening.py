"""Opens tasks: with what is known, with the result so far from the first useful fact on. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from bot.dialogs import agenda, asking, frame, wording
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.build_dialogs import OCCASION
from bot.knowledge.dialogs import Dialog
from bot.step import remarks
from bot.step.reading import Understood
from bot.talk.conversation import Conversation, Fact, Offer
from bot.talk.replies import Answered, Block, Button, Found, Reply, say
from bot.talk.taken import Step

EVENT = Answered("dialog", (), 1.0)

_ENOUGH = 2
"""Slots told with a wish for a task that make it plain."""

_TALKED_ABOUT = 3
"""Entries that answered last; papers are wanted for what most of them are about."""

_ASKS_TOO = 0.3
"""Probability of being a question from which such a wish is one all the same."""


def says(*replies: Reply, conversation: Conversation) -> Step:
    """What a task says."""
    return Step(conversation, replies, (EVENT,))


def begin(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: tuple[str, ...] = ()) -> Step:
    """Open a task with what is known; what it uses of that is said."""
    known = frame.lines(kb, conversation, dialog.slots)
    opened = agenda.open_task(conversation, dialog)
    reused = (wording.REUSED.format(facts="、".join(known)),) if known and not lead else ()
    following, reply = asking.onward(kb, opened, dialog, now, (*lead, dialog.intro, *reused))
    return says(reply, conversation=following)


def wished(turn: Understood, conversation: Conversation, dialog: Dialog, said: tuple[str, ...], moved: tuple[Reply, ...]) -> Step:
    """The task that is wished for; from the first useful fact on with its result so far."""
    if turn.reading.outside and dialog.id in _OF_A_PLACE and not conversation.municipality:
        refusal = say(*said, wording.OUTSIDE_PLACE.format(place=turn.reading.outside))
        return Step(conversation, (*moved, refusal), (Answered("unknown", (), 1.0, turn.text),))
    conversation = _with_occasion(turn, conversation, dialog)
    opened = agenda.open_task(conversation, dialog)
    if turn.reading.ambiguous and dialog.id in _OF_A_PLACE and "municipality" not in conversation.facts:
        buttons = remarks.wards(turn.reading)
        return Step(opened, (*moved, say(*said, buttons=buttons)), (Answered("choices", (), 1.0),))
    result = agenda.result(turn.kb, dialog, opened, turn.now)
    known = frame.lines(turn.kb, conversation, dialog.slots)
    fresh = {one.slot for one in turn.plan.keep}
    before = [slot for slot in dialog.slots if slot.id in conversation.facts and slot.id not in fresh]
    reused = (wording.REUSED.format(facts="、".join(frame.lines(turn.kb, conversation, before))),) if before else ()
    lead = (*said, *(() if known else (dialog.intro,)), *reused)
    asked_again = bool(before) and not fresh & {slot.id for slot in dialog.slots}
    candidates = len(known) >= _CANDIDATES_FROM.get(dialog.calculator, len(dialog.slots) + 1)
    whole = turn.plan.result or dialog.calculator in AT_ONCE or asked_again or candidates
    if whole and result.useful:
        following, reply = asking.conclude(turn.kb, opened, dialog, turn.now, lead)
        entry = turn.kb.entry(result.focus) if dialog.calculator in AT_ONCE else None
        if entry is not None:
            answer = Answered("answer", (Found(entry.id, entry.name, 1.0),), 1.0)
            return Step(following, (*moved, reply), (answer,))
    else:
        following, reply = asking.onward(turn.kb, opened, dialog, turn.now, lead)
    return says(*moved, reply, conversation=following)


def _with_occasion(turn: Understood, conversation: Conversation, dialog: Dialog) -> Conversation:
    """The conversation with the occasion that papers are wanted for: where none was told, the one that was talked about last."""
    begun_before = any(task.id == dialog.id for task in conversation.tasks)
    if dialog.slot(OCCASION) is None or OCCASION in conversation.facts or begun_before:
        return conversation
    lists = Counter(
        one.id
        for entry in turn.kb.entries(conversation.told[:_TALKED_ABOUT])
        for one in turn.kb.entries(entry.related)
        if one.kind == "checklist"
    )
    found, times = max(lists.items(), key=lambda one: one[1], default=("", 0))
    return conversation.keep(OCCASION, Fact(found, turn.now.isoformat())) if times > 1 else conversation


def offering_the_other(turn: Understood, begun: Step) -> Step:
    """Of two tasks wished for in one text the second is offered behind the first."""
    other = agenda.dialog_of(turn.kb, turn.plan.also)
    if other is None or not begun.replies:
        return begun
    *before, last = begun.replies
    offered = Block("text", (wording.ALSO.format(title=other.title),))
    button = Button(wording.OPEN_BUTTON.format(title=other.title), f"d:{other.id}")
    last = replace(last, blocks=(*last.blocks, offered), buttons=(*last.buttons, button))
    following = begun.conversation
    if not following.asked.slot:
        following = replace(following, offer=Offer("begin", other.id))
    return replace(begun, conversation=following, replies=(*before, last))


_OF_A_PLACE = ("branch", "loan")
"""Tasks that are of no use to a business outside Tokyo."""

_CANDIDATES_FROM = {"loan": 1, "roadmap": 2}
"""Facts from which a task that comes to a choice of programs shows the first of them as soon as it is opened."""

AT_ONCE = ("branch", "documents")
"""Tasks whose result is short enough to be given as soon as there is one."""


def tells_the_task(turn: Understood, dialog: Dialog) -> bool:
    """Whether a wish for a task comes with enough of what it asks to be meant as one and nothing else."""
    asked = {slot.id for slot in dialog.asks}
    told = sum(one.slot in asked for one in turn.plan.keep)
    return told >= _ENOUGH and turn.reading.sure("ask") < _ASKS_TOO


def told_at_once(turn: Understood, conversation: Conversation, dialog: Dialog) -> bool:
    """Whether the task that is wished for is told whole as soon as it is opened, so that no entry need say it too."""
    return dialog.calculator in AT_ONCE and agenda.result(turn.kb, dialog, conversation, turn.now).useful


def says_the_same(turn: Understood, conversation: Conversation, dialog: Dialog, answered: Step) -> bool:
    """Whether a task comes at once to the very entry that answers (練馬区の窓口は？)."""
    if dialog.calculator not in AT_ONCE or len(answered.replies) > 1:
        return False
    focus = agenda.result(turn.kb, dialog, conversation, turn.now).focus
    return any(entry.id == focus for event in answered.events for entry in event.entries)

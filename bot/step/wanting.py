"""When a text that reads like a question wants the result of a task: it names what the task comes to, and asks nothing. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.advisor.asking import DESK_PARTS, asked_parts, is_question
from bot.advisor.outcome import SURE
from bot.dialogs import agenda, asking
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog
from bot.step import looking
from bot.step.reading import Understood
from bot.talk.conversation import Conversation
from bot.talk.plan import Plan
from bot.talk.taken import Step

_ENOUGH_TOLD = 3
"""Facts from which a case can be judged."""


_VERY_SURE = 0.95
"""Confidence from which an entry answers although the result is wished for too."""


def meant(turn: Understood, conversation: Conversation, answered: Step | None) -> Plan:
    """The plan, with the result in place of an answer from the knowledge base where that is what is wanted.

    An entry that a task is near says in general what the task says of the user's own case: whoever only names it (段階と使える支援の名前)
    after having told of the business wants the latter; whoever asks something of it (補助って何？) wants the former. So does one who has told
    much, with no task under way, and now asks what no entry surely answers (で、結局いけるの？).
    """
    plan = turn.plan
    if plan.begin or not (plan.answer or plan.explain or plan.missed):
        return plan
    if not conversation.tasks and answered is not None and _concludes(turn, conversation, answered):
        told_for = asking.told_for(turn.kb, conversation)
        for dialog in (*_near(turn.kb, answered), *((told_for,) if told_for is not None else ())):
            if agenda.result(turn.kb, dialog, conversation, turn.now).useful:
                return replace(plan, answer=False, result=True, begin=dialog.id)
    if plan.result or is_question(turn.text):
        return plan
    if answered is None:
        answered = looking.look_up(turn.kb, conversation, turn.text, turn.reading, turn.now)
    if DESK_PARTS & set(asked_parts(turn.text, turn.kb.parts)):
        return plan
    dialog = _spoken_of(turn, conversation)
    found = {event.entries[0].id for event in answered.events if event.entries}
    if dialog is None or not found & set(dialog.near) or not agenda.result(turn.kb, dialog, conversation, turn.now).useful:
        return plan
    under_way = agenda.under_way(turn.kb, conversation)
    opens = "" if under_way is not None and under_way[0].id == dialog.id else dialog.id
    return replace(plan, answer=False, explain="", missed=False, result=True, begin=opens)


def _concludes(turn: Understood, conversation: Conversation, answered: Step) -> bool:
    """Whether a question that no entry surely answers comes after enough was told to judge a case by."""
    sure = max((event.confidence for event in answered.events if event.kind == "answer" and event.entries), default=0.0)
    least = _VERY_SURE if turn.plan.result else SURE
    return (
        turn.reading.has("ask")
        and len(conversation.facts) >= _ENOUGH_TOLD
        and sure < least
        and not turn.reading.named
        and not turn.plan.outside
    )


def _near(kb: KnowledgeBase, answered: Step) -> list[Dialog]:
    """The tasks that say of the own case what the entries found say in general."""
    found = [one.id for event in answered.events for one in event.entries]
    return [dialog for one in found for dialog in kb.content.dialogs if one in dialog.near]


def _spoken_of(turn: Understood, conversation: Conversation) -> Dialog | None:
    """The task under way, or the one that all that was told speaks for most."""
    found = agenda.under_way(turn.kb, conversation)
    if found is not None:
        return found[0]
    return asking.told_for(turn.kb, conversation)

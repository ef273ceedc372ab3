"""When a text that reads like a question wants the result of a task: it names what the task comes to, and asks nothing. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.advisor.asking import DESK_PARTS, asked_parts, is_question
from bot.dialogs import agenda, asking
from bot.knowledge.dialogs import Dialog
from bot.step import looking
from bot.step.reading import Understood
from bot.talk.conversation import Conversation
from bot.talk.plan import Plan
from bot.talk.taken import Step


def meant(turn: Understood, conversation: Conversation, answered: Step | None) -> Plan:
    """The plan, with the result in place of an answer from the knowledge base where that is what is wanted.

    An entry that a task is near says in general what the task says of the user's own case: whoever only names it (段階と使える支援の名前)
    after having told of the business wants the latter; whoever asks something of it (補助って何？) wants the former.
    """
    plan = turn.plan
    if plan.begin or plan.result or not (plan.answer or plan.explain or plan.missed) or is_question(turn.text):
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


def _spoken_of(turn: Understood, conversation: Conversation) -> Dialog | None:
    """The task under way, or the one that all that was told speaks for most."""
    found = agenda.under_way(turn.kb, conversation)
    if found is not None:
        return found[0]
    return asking.told_for(turn.kb, conversation)

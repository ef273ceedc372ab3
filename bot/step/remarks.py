"""What is said of manners, facts and moves before anything else comes: one line each. Pure."""

from __future__ import annotations

from bot.dialogs import wording
from bot.dialogs.agenda import under_way
from bot.dialogs.frame import Taken
from bot.knowledge.entries import Talk
from bot.step.reading import Understood
from bot.talk.acts import Reading
from bot.talk.conversation import Conversation
from bot.talk.replies import Button

_TALKS = {"greet": "greeting", "thank": "thanks", "chat": "remark"}
_MOST_WARDS = 8


def wards(reading: Reading) -> tuple[Button, ...]:
    """The municipalities of which one is meant, to press."""
    return tuple(Button(name, f"ward:{name}") for name in reading.ambiguous[:_MOST_WARDS])


def on_manners(turn: Understood, conversation: Conversation) -> list[str]:
    """One human sentence for a greeting, thanks or small talk; nothing where a task is opened or a question follows a greeting."""
    lines = []
    for one in turn.plan.social:
        talk = next((talk for talk in turn.kb.content.smalltalk if talk.id == _TALKS[one]), None)
        if talk is not None:
            lines.append(
                _short(talk, conversation.talked)
                if _goes_on(turn, conversation)
                else talk.replies[conversation.talked % len(talk.replies)]
            )
    return lines[:1]


def _goes_on(turn: Understood, conversation: Conversation) -> bool:
    plan = turn.plan
    return bool(conversation.tasks or plan.begin or plan.answer or plan.keep or plan.move or plan.outside)


def _short(talk: Talk, count: int) -> str:
    """The first sentence of a reply to small talk, for in between."""
    return talk.replies[count % len(talk.replies)].partition("。")[0] + "。"


def on_facts(turn: Understood, conversation: Conversation, taken: Taken) -> list[str]:
    """What was understood of the facts told: changes by name, the rest in a line, and what could not be read."""
    lines = list(taken.changes)
    if taken.heard:
        lines.append(
            (wording.HEARD if conversation.tasks or turn.plan.begin else wording.KEPT).format(facts="、".join(taken.heard))
        )
    if turn.reading.impossible:
        lines.append(wording.IMPOSSIBLE.format(said=turn.reading.impossible))
    if turn.reading.ambiguous and "municipality" not in taken.slots:
        said = next((one.said for one in turn.reading.told if one.slot == "municipality"), "")
        lines.append(wording.WHICH_PLACE.format(said=said, places="と".join(turn.reading.ambiguous[:4])))
    if turn.plan.leave and turn.plan.keep == ():
        lines.append(_left_line(turn, conversation))
    return lines


def _left_line(turn: Understood, conversation: Conversation) -> str:
    slot = turn.kb.content.slots.get(conversation.asked.slot)
    found = under_way(turn.kb, conversation)
    if slot is None or found is None:
        return ""
    texts = wording.REFUSED if turn.plan.leave == "refuse" else wording.LEFT_OPEN
    line = texts[len(found[1].open_) % len(texts)].format(label=slot.label)
    return line + (wording.LEFT_OPEN_MATTERS.format(matters=slot.matters) if slot.matters else "")


def on_move(turn: Understood, conversation: Conversation) -> list[str]:
    """What is said of a move in the task under way."""
    found = under_way(turn.kb, conversation)
    match turn.plan.move:
        case "cancel":
            return [wording.CANCELLED.format(title=found[0].title) if found is not None else wording.NOTHING_TO_CANCEL]
        case "restart":
            return [wording.RESTARTED.format(title=found[0].title) if found is not None else wording.NOTHING_TO_RESTART]
        case "back":
            return [wording.BACK if found is not None and found[1].order else wording.NOTHING_BACK]
    return []

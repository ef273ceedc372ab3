"""Carries out a plan: facts, corrections, answers, the result, the next question, each in its turn. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.advisor import answers, branches
from bot.advisor.asking import split_questions
from bot.advisor.outcome import LIKELY, SURE
from bot.dialogs import agenda, asking, frame, wording
from bot.dialogs.agenda import dialog_of, under_way
from bot.dialogs.frame import Taken
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import summary_line
from bot.knowledge.dialogs import Dialog, Slot
from bot.step import handover, looking, opening, remarks, wanting
from bot.step.opening import EVENT, says
from bot.step.reading import Understood
from bot.talk import phrases
from bot.talk.conversation import Asked, Conversation, Fact, Offer, Task
from bot.talk.replies import Answered, Block, Button, Reply, say
from bot.talk.taken import Step

_MISSES = len(wording.NOT_UNDERSTOOD)
_EVEN = 0.1
"""Difference of two probabilities below which either act may be meant."""

_STORY = 60
"""Characters from which a text tells a story, with a question in it as often as not."""

_ENOUGH_TOLD = 2
"""Facts from which a wish for a result, with no task under way, has something to rest on."""

_MAY_ASK = 0.1
"""Probability of being a question from which a text that does something else is looked up too."""


def act(turn: Understood, conversation: Conversation, lead: tuple[str, ...] = ()) -> Step:
    """What is said and what is remembered. ``lead`` are lines that come first whatever the plan."""
    plan = turn.plan
    if plan.accept is not None:
        return _offered(turn, conversation, accepted=plan.accept)
    if plan.move == "handover":
        return handover.begin(turn.kb, conversation)
    conversation = replace(conversation, offer=Offer())
    taken = frame.take(turn.kb, conversation, plan.keep, turn.now.isoformat(), corrects=plan.corrects)
    conversation = _left_open(turn, taken.conversation)
    said = [
        *lead,
        *remarks.on_manners(turn, conversation),
        *remarks.on_move(turn, conversation),
        *remarks.on_facts(turn, conversation, taken),
    ]
    if plan.social:
        conversation = replace(conversation, talked=conversation.talked + 1)
    conversation, moved = _move(turn, conversation)
    answered = _answered(turn, conversation)
    if plan.answer or plan.missed or plan.explain == "clarify":
        wanted = wanting.meant(turn, conversation, answered)
        if wanted is not plan:
            turn, plan, answered = replace(turn, plan=wanted), wanted, None
    if (
        plan.result
        and answered is not None
        and (conversation.tasks or plan.begin)
        and _is_for_the_result(turn, conversation, answered)
    ):
        answered = None
    if answered is not None:
        conversation = replace(
            answered.conversation,
            facts={**answered.conversation.facts, **conversation.facts},
            tasks=conversation.tasks,
            asked=conversation.asked,
        )
    begun = dialog_of(turn.kb, plan.begin) or _fitting(turn, conversation, answered)
    if begun is not None:
        if answered is not None and opening.says_the_same(turn, conversation, begun, answered):
            answered = None
        elif (
            answered is None
            and turn.reading.begin
            and not opening.tells_the_task(turn, begun)
            and not opening.told_at_once(turn, conversation, begun)
        ):
            answered = _surely_answered(turn, conversation)
            conversation = replace(conversation, subject=answered.conversation.subject) if answered is not None else conversation
        return _with(answered, opening.offering_the_other(turn, opening.wished(turn, conversation, begun, tuple(said), moved)))
    found = under_way(turn.kb, conversation)
    if found is None:
        return _with(answered, _outside_tasks(turn, conversation, taken, tuple(said), moved, answered))
    if answered is not None and taken.slots and opening.says_the_same(turn, conversation, found[0], answered):
        answered = None
    return _with(answered, _within(turn, conversation, found, taken, tuple(said), moved, answered))


def _fitting(turn: Understood, conversation: Conversation, answered: Step | None) -> Dialog | None:
    """The task that all that was told fits best, where its result is wished for and none is under way."""
    if not turn.plan.result or answered is not None or conversation.tasks or len(conversation.facts) < _ENOUGH_TOLD:
        return None
    return next(iter(asking.fitting(turn.kb, conversation, tuple(conversation.facts), 1)), None)


def _with(answered: Step | None, following: Step) -> Step:
    """An answer from the knowledge base first, then what the task says."""
    if answered is None:
        return following
    return Step(following.conversation, (*answered.replies, *following.replies), answered.events)


def _offered(turn: Understood, conversation: Conversation, *, accepted: bool) -> Step:
    """A yes or no to the offer that stands."""
    offer, cleared = conversation.offer, replace(conversation, offer=Offer())
    dialog = dialog_of(turn.kb, offer.task)
    match offer.kind:
        case "begin" if accepted and dialog is not None:
            return opening.begin(turn.kb, cleared, dialog, turn.now)
        case "resume" if dialog is not None:
            kept = cleared if accepted else agenda.restart(cleared, dialog)
            lead = () if accepted else (wording.RESTARTED.format(title=dialog.title),)
            following, reply = asking.onward(turn.kb, kept, dialog, turn.now, lead)
            return says(reply, conversation=following)
        case "handover" if accepted:
            return handover.begin(turn.kb, cleared)
    found = under_way(turn.kb, cleared)
    if found is not None:
        following, reply = asking.onward(turn.kb, cleared, found[0], turn.now, ())
        return says(reply, conversation=following)
    return Step(cleared, (say(wording.NO_TASK),), (Answered("smalltalk"),))


def _left_open(turn: Understood, conversation: Conversation) -> Conversation:
    """The slot asked, left open when the user does not know it or does not tell it."""
    slot = conversation.asked.slot
    found = under_way(turn.kb, conversation)
    if not turn.plan.leave or found is None or not slot or any(one.slot == slot for one in turn.plan.keep):
        return conversation
    if found[0].slot(slot) is None:  # asked by a button of another task
        return replace(conversation, asked=Asked())
    task, asked = found[1], turn.kb.content.slots.get(slot)
    if turn.plan.leave == "unknown" and asked is not None and asked.unknown:
        return conversation.keep(slot, Fact(asked.unknown, turn.now.isoformat()))
    return agenda.put(conversation, replace(task, open_=tuple(dict.fromkeys((*task.open_, slot)))))


def _move(turn: Understood, conversation: Conversation) -> tuple[Conversation, tuple[Reply, ...]]:
    """Carry out a move: the conversation after it, and what is shown for it."""
    found = under_way(turn.kb, conversation)
    match turn.plan.move:
        case "cancel" if found is not None:
            return agenda.close_task(conversation, found[0]), ()
        case "restart":
            return (_restarted(turn, conversation, found[0]) if found is not None else replace(conversation, tasks=())), ()
        case "back" if found is not None:
            return _back(conversation, found[1]), ()
        case "review":
            return conversation, (review(turn.kb, conversation),)
    return conversation, ()


def _restarted(turn: Understood, conversation: Conversation, dialog: Dialog) -> Conversation:
    """From the beginning, but for what this very text tells."""
    fresh = agenda.restart(conversation, dialog)
    return frame.take(turn.kb, fresh, turn.plan.keep, turn.now.isoformat()).conversation


def _back(conversation: Conversation, task: Task) -> Conversation:
    """Take the last answer back, so that its question comes again."""
    if not task.order:
        return conversation
    last = task.order[-1]
    earlier = agenda.put(conversation.drop(last), replace(task, order=task.order[:-1], done=False))
    return replace(earlier, asked=Asked())


def review(kb: KnowledgeBase, conversation: Conversation) -> Reply:
    """Everything that was told, with what it is used for, and a button each to change it."""
    known = [slot for slot in kb.content.slots.values() if slot.id in conversation.facts]
    if not known:
        return say(wording.REVIEW_EMPTY)
    lines = []
    for slot, line in zip(known, frame.lines(kb, conversation, known), strict=True):
        titles = [dialog.title for dialog in kb.content.dialogs if any(slot.id == one.id for one in dialog.slots)]
        lines.append(f"・{line}" + (wording.USED_FOR.format(titles="、".join(titles[:2])) if titles else ""))
    buttons = tuple(Button(f"{slot.label}を変える", f"p:{slot.id}") for slot in known)
    return Reply((Block("text", (wording.REVIEW,)), Block("facts", tuple(lines))), buttons)


def _answered(turn: Understood, conversation: Conversation) -> Step | None:
    """What the knowledge base says to a question, or the kind refusal of what it does not cover."""
    plan, reading = turn.plan, turn.reading
    if not plan.answer and not plan.outside:
        return None
    if plan.outside and not plan.answer:
        return answers.outside(turn.kb, conversation, turn.text, reading, turn.now)
    found = under_way(turn.kb, conversation)
    brief = found is not None and not found[1].done
    return looking.look_up(turn.kb, conversation, turn.text, reading, turn.now, brief=brief)


def _is_for_the_result(turn: Understood, conversation: Conversation, answered: Step) -> bool:
    """Whether a question that may be one for the result is nothing else: it names nothing that is known, or no entry surely answers."""
    reading = turn.reading
    found = under_way(turn.kb, conversation)
    short = found is not None and found[0].calculator in opening.AT_ONCE
    if len(split_questions(turn.text)) > 1 and _surely(answered) and not short:
        return False
    return not _surely(answered) or (not reading.named and reading.sure("result") >= reading.sure("ask") - _EVEN)


def _may_ask(turn: Understood) -> bool:
    """Whether a text that tells or wishes something may be a question as well."""
    return (
        turn.reading.sure("ask") >= _MAY_ASK or bool(turn.reading.named) or turn.text.rstrip("。！!").endswith(("?", "？", "か"))
    )


def _surely_answered(turn: Understood, conversation: Conversation) -> Step | None:
    """What the knowledge base surely says to a text that may be a question too; of a whole story it need not be as sure."""
    story = len(turn.text) >= _STORY
    if not _may_ask(turn) and not story:
        return None
    found = looking.look_up(turn.kb, conversation, turn.text, turn.reading, turn.now)
    asks = story or turn.reading.sure("ask") >= _MAY_ASK
    return found if _surely(found, LIKELY if asks else SURE) else None


def _surely(found: Step, least: float = SURE) -> bool:
    """Whether one entry surely answers."""
    return max((event.confidence for event in found.events if event.kind == "answer" and event.entries), default=0.0) >= least


def _outside_tasks(
    turn: Understood,
    conversation: Conversation,
    taken: Taken,
    said: tuple[str, ...],
    moved: tuple[Reply, ...],
    answered: Step | None,
) -> Step:
    """Nothing is under way: what was told opens something, or is at least acknowledged."""
    if answered is not None:
        lines = tuple(line for line in said if line)
        told = bool(set(taken.slots) - {"municipality"}) or bool(turn.plan.social)
        return Step(conversation, (*((say(*lines),) if lines and told else ()), *moved), (EVENT,))
    if taken.slots or turn.reading.ambiguous:
        return _acknowledged(turn, conversation, taken, said)
    if turn.plan.move:
        return says(*((say(*said),) if said else ()), *moved, conversation=conversation)
    if said:
        return Step(conversation, (say(*said),), (Answered("smalltalk", (), 1.0),))
    found = looking.look_up(turn.kb, conversation, turn.text, turn.reading, turn.now)
    if turn.reading.has("refuse", "unknown") and not turn.reading.has("ask"):
        return Step(conversation, (say(wording.NEED_NOT_TELL),), (Answered("smalltalk", (), 1.0),))
    if turn.reading.has("inform", "correct", "affirm", "deny") and not _surely(found):
        return Step(conversation, (say(wording.NOT_HEARD),), (Answered("unknown", (), 1.0, turn.text),))
    return found


def _acknowledged(turn: Understood, conversation: Conversation, taken: Taken, said: tuple[str, ...]) -> Step:
    """Facts outside a task: the branch where a place was told, and the tasks that they open."""
    kb, reading = turn.kb, turn.reading
    if reading.ambiguous and "municipality" not in taken.slots:
        buttons = remarks.wards(reading)
        return says(say(*said, buttons=buttons), conversation=conversation)
    if reading.outside:
        return says(say(*said, wording.OUTSIDE_PLACE.format(place=reading.outside)), conversation=conversation)
    blocks, shows_branch = [Block("text", said)], False
    answered = _surely_answered(turn, conversation)
    if "municipality" in taken.slots and answered is None:
        municipality = kb.municipality(conversation.municipality)
        if municipality is not None:
            shows_branch = True
            found = branches.branch_of(kb, conversation, municipality, "", turn.now)
            blocks += found.replies[0].blocks
            conversation = found.conversation
    offered = asking.fitting(kb, conversation, taken.slots)
    buttons = tuple(Button(wording.OPEN_BUTTON.format(title=dialog.title), f"d:{dialog.id}") for dialog in offered)
    if offered:
        blocks.append(Block("text", (wording.OFFERS, *(f"・{dialog.title}" for dialog in offered))))
    if offered and not shows_branch:
        conversation = replace(conversation, offer=Offer("begin", offered[0].id))
    replies = (Reply(tuple(blocks), buttons),)
    if answered is not None:
        learned = {**answered.conversation.facts, **conversation.facts}
        conversation = replace(conversation, subject=answered.conversation.subject, facts=learned)
        return Step(conversation, (*answered.replies, *replies), answered.events)
    return Step(conversation, replies, (EVENT,))


def _within(
    turn: Understood,
    conversation: Conversation,
    found: tuple[Dialog, Task],
    taken: Taken,
    said: tuple[str, ...],
    moved: tuple[Reply, ...],
    answered: Step | None,
) -> Step:
    """A task is under way: its result where it is wanted or was shown before, else the next question."""
    plan, kb = turn.plan, turn.kb
    dialog, task = found
    told = [slot for slot in taken.slots if dialog.slot(slot) is not None]
    if told:
        task = replace(task, order=tuple(dict.fromkeys((*(one for one in task.order if one not in told), *told))))
        conversation = agenda.put(conversation, task)
    if plan.change and (slot := kb.content.slots.get(plan.change)) is not None and dialog.slot(slot.id) is not None:
        return _changing(conversation, dialog, slot, moved)
    if turn.reading.ambiguous and "municipality" not in taken.slots:
        buttons = remarks.wards(turn.reading)
        return says(*moved, say(*said, buttons=buttons), conversation=conversation)
    if plan.explain:
        said = (*said, *_explained(turn, conversation, dialog))
    if plan.missed:
        return _missed(turn, conversation, dialog, task, moved)
    shown = answered is not None and task.done and not told
    if (plan.result and not shown) or (task.done and (told or plan.corrects)):
        following, reply = asking.conclude(kb, conversation, dialog, turn.now, said)
        return says(*moved, reply, conversation=following)
    if task.done:
        lines = tuple(line for line in said if line)
        if not lines and not moved and answered is None:
            lines = (wording.NEED_NOT_TELL,)
        event = EVENT if moved or taken.slots else Answered("smalltalk", (), 1.0)
        return Step(conversation, (*((say(*lines),) if lines else ()), *moved), (event,))
    quiet = answered is not None or bool(moved) or bool(plan.explain) or bool(plan.social)
    following, reply = asking.onward(kb, conversation, dialog, turn.now, said, answered=quiet)
    return says(*moved, reply, conversation=following)


def _changing(conversation: Conversation, dialog: Dialog, slot: Slot, moved: tuple[Reply, ...]) -> Step:
    """Something told is wrong and the right value still to come: ask for it."""
    following = replace(conversation.drop(slot.id), asked=Asked(slot.id, 1))
    text = wording.NEW_VALUE.format(label=slot.label, hint=slot.hint)
    return says(*moved, say(text, buttons=asking.option_buttons(dialog, slot)), conversation=following)


def _explained(turn: Understood, conversation: Conversation, dialog: Dialog) -> list[str]:
    """Why the slot asked is asked, or what it means, with its source where the text has one."""
    slot = dialog.slot(conversation.asked.slot)
    if slot is None:
        return [wording.NOTHING_ASKED]
    if turn.plan.explain == "why":
        return [slot.why]
    entry = turn.kb.entry(slot.explained_by)
    if entry is None:
        return [slot.clarify or slot.hint]
    source = entry.sources[0].source if entry.sources else None
    return [summary_line(entry) + (wording.CLARIFY_SOURCE.format(source=source.title) if source is not None else "")]


def _missed(turn: Understood, conversation: Conversation, dialog: Dialog, task: Task, moved: tuple[Reply, ...]) -> Step:
    """Not understood: a hint, then buttons and a person, and after that the question is left open."""
    slot = dialog.slot(conversation.asked.slot)
    misses = conversation.asked.misses
    if slot is None or misses >= _MISSES - 1:
        lead = (wording.NOT_UNDERSTOOD[-1],) if slot is not None else ()
        if slot is not None:
            conversation = agenda.put(conversation, replace(task, open_=(*task.open_, slot.id)))
        following, reply = asking.onward(turn.kb, replace(conversation, asked=Asked()), dialog, turn.now, lead)
        return says(*moved, reply, conversation=following)
    person = (Button(phrases.ASK_PERSON, "h:ask"),) if misses else ()
    following = replace(conversation, asked=replace(conversation.asked, misses=misses + 1, times=conversation.asked.times + 1))
    text = wording.NOT_UNDERSTOOD[misses].format(hint=slot.hint)
    return says(*moved, say(text, buttons=(*asking.option_buttons(dialog, slot), *person)), conversation=following)

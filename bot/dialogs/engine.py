"""Runs dialogs: reads what was said, changes the answers, asks what follows from them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.advisor.conversation import Conversation, OpenDialog
from bot.advisor.replies import Answered, Block, Button, Reply, say
from bot.advisor.taken import Step
from bot.dialogs import catalog, moves, state, wording
from bot.dialogs.declaration import Case, Dialog, Slot, Value
from bot.dialogs.hearing import Hearing, hear
from bot.dialogs.showing import ask, fact, option_buttons, shown
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold

MOST_OPEN = 3
"""Dialogs that may lie on top of each other."""

LONG_PAUSE_HOURS = 6
"""After this a dialog is picked up with a word about it."""

Answer = Callable[[Conversation], Step]
"""Answers the same text from the knowledge base."""

_SURELY_OUTSIDE = 0.6
_SHORT = 20
"""Characters up to which a text after a result surely means that result."""

_MOST_CHAT = 2
"""Remarks in a row that are answered as such; after that the question is put more plainly."""

EVENT = Answered("dialog", (), 1.0)


def top(conversation: Conversation) -> tuple[Dialog, OpenDialog] | None:
    """The dialog under way; one that this version does not know any more is passed over."""
    for open_dialog in reversed(conversation.dialogs):
        dialog = catalog.find(open_dialog.id)
        if dialog is not None:
            return dialog, open_dialog
    return None


def start(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, text: str, now: datetime) -> Step:
    """Open a dialog with what is known already and what ``text`` says, or go on with one laid by."""
    opened = [one for one in conversation.dialogs if not one.done and one.id != dialog.id and catalog.find(one.id)]
    if len(opened) >= MOST_OPEN:
        return Step(conversation, (say(wording.TOO_DEEP.format(count=len(opened))),), (EVENT,))
    current = next((one for one in conversation.dialogs if one.id == dialog.id and not one.done), None)
    laid_by = current or next((one for one in conversation.laid_by if one.id == dialog.id and one.answers), None)
    fresh = _from_profile(conversation, dialog)
    begun = replace(
        conversation,
        focus="",
        dialogs=(*opened, fresh),
        laid_by=tuple(one for one in conversation.laid_by if one.id != dialog.id),
    )
    heard = hear(dialog.slots, text, Hearing(kb, now.date(), conversation.entity))
    fresh = replace(fresh, answers={slot: value for slot, value in fresh.answers.items() if slot not in heard})
    begun = replace(begun, dialogs=(*opened, fresh))
    if laid_by is not None and not heard and _tells_more(dialog, laid_by, fresh):
        kept = replace(laid_by, confirming="resume", asked="", misses=0, done=False)
        return Step(replace(begun, dialogs=(*opened, kept)), (_resume(dialog),), (EVENT,))
    reused = [slot for slot in dialog.slots if slot.id in fresh.answers and slot.id not in heard]
    lead = [dialog.intro]
    if reused:
        facts = "、".join(fact(kb, slot, fresh.answers[slot.id]) for slot in reused)
        lead.append(wording.REUSED.format(facts=facts))
    filled, changes = _fill(kb, begun, dialog, heard, say_all=True)
    return _onward(kb, filled, dialog, now, [*lead, *changes], conclude=bool(heard) and moves.wants_result(text))


def _tells_more(dialog: Dialog, before: OpenDialog, fresh: OpenDialog) -> bool:
    return any(slot.id in before.answers and slot.id not in fresh.answers for slot in dialog.slots)


def _from_profile(conversation: Conversation, dialog: Dialog) -> OpenDialog:
    known = {
        slot.id: value
        for slot in dialog.slots
        if slot.shared and (value := state.shared_value(conversation, slot.id)) is not None and _valid(slot, value)
    }
    return OpenDialog(dialog.id, known, tuple(known))


def _valid(slot: Slot, value: Value) -> bool:
    """Whether a kept value still is one for this slot; declarations change over time."""
    ids = {option.id for option in slot.options}
    match slot.kind:
        case "choice":
            return value in ids
        case "choices":
            return isinstance(value, tuple) and set(value) <= ids
        case "yen" | "people" | "months":
            return isinstance(value, int)
        case _:
            return isinstance(value, str)


def listen(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime, answer: Answer) -> Step | None:
    """A turn while a dialog is under way; ``None`` when it is done and the text is about something else."""
    found = top(conversation)
    if found is None:
        return None
    dialog, current = found
    conversation = replace(conversation, dialogs=(*conversation.dialogs[: conversation.dialogs.index(current)], current))
    if current.confirming:
        return _confirmed(kb, conversation, dialog, current, text, now, answer)
    move = moves.move_of(text)
    if move is not None and not (current.done and move in ("unknown", "skip", "continue", "cancel", "why", "where")):
        return make(kb, conversation, dialog, move, now)
    answered_slots = frozenset(current.answers)
    hearing = Hearing(kb, now.date(), conversation.entity, current.asked, answered_slots, moves.corrects(text))
    heard = hear(dialog.slots, text, hearing)
    if current.done:
        return _after_result(kb, conversation, dialog, heard, text, now, answer)
    own = _wants_its_result(dialog, text)
    wanted = own or moves.wants_result(text)
    lead = [wording.RESUMED] if _paused(conversation, now) else []
    if heard:
        filled, changes = _fill(kb, conversation, dialog, heard, say_all=False)
        if asks(text) and not wanted:
            answered = answer(replace(filled, dialogs=conversation.dialogs))
            if _is_answer(answered):
                return _after_answer(kb, state.put(filled, state_of(filled)), dialog, answered, changes, now)
        return _onward(kb, filled, dialog, now, [*lead, *changes], conclude=wanted)
    if own:
        return _onward(kb, conversation, dialog, now, lead, conclude=True)
    answered = answer(conversation)
    opened = catalog.opened_by(text)
    if opened is not None and opened.id != dialog.id:
        return start(kb, conversation, opened, text, now)
    if _is_answer(answered) and (not wanted or _asks_for_knowledge(answered)):
        return _after_answer(kb, conversation, dialog, answered, (), now)
    if wanted or (opened is not None and opened.id == dialog.id):
        return _onward(kb, conversation, dialog, now, lead, conclude=True)
    if _paused(conversation, now):
        asked = state.put(conversation, replace(current, confirming="resume"))
        return Step(asked, (_resume(dialog),), (EVENT,))
    if asks(text):
        return _after_answer(kb, conversation, dialog, answered, (), now)
    if _is_no_answer_to_it(answered) and current.misses < _MOST_CHAT:
        chatted = state.put(conversation, replace(current, misses=current.misses + 1))
        return _after_answer(kb, chatted, dialog, answered, (), now)
    return _missed(kb, conversation, dialog, now)


def state_of(conversation: Conversation) -> OpenDialog:
    return conversation.dialogs[-1]


_ASKING = re.compile(
    r"[?？]|(?:か|の|って|とは)[。!]?$|教えて|聞いたんですが|知りたい|かどうか|[分わ]からな(?:く|い(?:です|の|ん))|でしょう|ですか|ますか"
)


def asks(text: str) -> bool:
    """Whether a text is put as a question."""
    return bool(_ASKING.search(fold(text)))


def _wants_its_result(dialog: Dialog, text: str) -> bool:
    return bool(dialog.result_words and re.search(dialog.result_words, fold(text)))


def _is_answer(answered: Step) -> bool:
    return any(event.kind in ("answer", "choices") and event.confidence >= 0.35 for event in answered.events)


def _is_no_answer_to_it(answered: Step) -> bool:
    """Small talk, or a subject known to be outside."""
    return any(
        event.kind == "smalltalk" or (event.kind == "unknown" and event.confidence >= _SURELY_OUTSIDE)
        for event in answered.events
    )


def _asks_for_knowledge(answered: Step) -> bool:
    return any(event.kind == "answer" and event.confidence >= 0.9 for event in answered.events)


def _paused(conversation: Conversation, now: datetime) -> bool:
    if not conversation.last_turn:
        return False
    before = datetime.fromisoformat(conversation.last_turn)
    return (now - before).total_seconds() > LONG_PAUSE_HOURS * 3600


def _resume(dialog: Dialog) -> Reply:
    buttons = (
        Button(wording.BUTTON_RESUME, "m:continue"),
        Button(wording.BUTTON_RESTART, "m:restart"),
        Button(wording.BUTTON_STOP, "m:cancel"),
    )
    return say(wording.RESUME.format(title=dialog.title), buttons=buttons)


def _fill(
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
    current = replace(current, misses=0, done=False)
    if understood:
        changes.append(wording.HEARD.format(facts="、".join(understood)))
    return state.put(conversation, current), [*changes, *remarks]


def _onward(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: Sequence[str], *, conclude: bool
) -> Step:
    """The result when nothing is left to ask or the user wants it now; otherwise the next question."""
    current = state_of(conversation)
    slot = state.next_slot(dialog, current)
    if slot is None:
        missing = state.needed(dialog, current)
        if missing is None:
            return _conclude(kb, conversation, dialog, now, lead)
        current = replace(current, open_=tuple(one for one in current.open_ if one != missing.id))
        conversation, slot = state.put(conversation, current), missing
    if conclude:
        missing = state.needed(dialog, current)
        if missing is None:
            return _conclude(kb, conversation, dialog, now, lead)
        slot, lead = missing, [*lead, wording.NEEDS_FIRST.format(label=missing.label)]
    return _ask(conversation, dialog, slot, lead)


def _ask(conversation: Conversation, dialog: Dialog, slot: Slot, lead: Sequence[str]) -> Step:
    """Ask a slot; when it was asked just before, in other words."""
    current = state_of(conversation)
    times = current.times + 1 if current.asked == slot.id else 1
    if times > 1 and not lead:
        lead = [wording.AGAIN[times % len(wording.AGAIN)]]
    following = state.put(conversation, replace(current, asked=slot.id, times=times, confirming=""))
    return Step(following, (ask(dialog, slot, lead=lead),), (EVENT,))


def _conclude(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime, lead: Sequence[str]) -> Step:
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
            onward = _onward(kb, returned, outer, now, [wording.RESUMED, f"（{outer.title}）"], conclude=False)
            return Step(onward.conversation, (*replies, *onward.replies), (EVENT,))
    return Step(following, tuple(replies), (EVENT,))


def _after_result(
    kb: KnowledgeBase,
    conversation: Conversation,
    dialog: Dialog,
    heard: dict[str, Value],
    text: str,
    now: datetime,
    answer: Answer,
) -> Step | None:
    """A correction or another fact changes the result; everything else is a new subject."""
    current = state_of(conversation)
    changed = {slot: value for slot, value in heard.items() if current.answers.get(slot) != value}
    wanted = moves.wants_result(text) or _wants_its_result(dialog, text)
    if changed and (wanted or moves.corrects(text) or not asks(text) or not _asks_for_knowledge(answer(conversation))):
        filled, changes = _fill(kb, conversation, dialog, changed, say_all=False)
        return _onward(kb, filled, dialog, now, changes, conclude=True)
    opened = catalog.opened_by(text)
    again = opened is not None and opened.id == dialog.id
    brief = len(text) <= _SHORT and opened is None and wanted
    return _conclude(kb, conversation, dialog, now, ()) if again or brief else None


def _after_answer(
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
        concluded = _conclude(kb, carried, dialog, now, changes)
        return Step(concluded.conversation, (*answered.replies, *concluded.replies), answered.events)
    times = current.times if current.asked == slot.id else 0
    lead = [*changes, wording.GO_ON[times % len(wording.GO_ON)]]
    asked = _ask(carried, dialog, slot, lead)
    return Step(asked.conversation, (*answered.replies, *asked.replies), answered.events)


def _missed(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime) -> Step:
    """Not understood: a hint, then buttons, then a way out, and after that the question is left open."""
    current = state_of(conversation)
    slot = state.next_slot(dialog, current) or state.needed(dialog, current)
    if slot is None:
        return _conclude(kb, conversation, dialog, now, ())
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
    return _onward(kb, passed, dialog, now, [wording.PASSED_OVER.format(label=slot.label)], conclude=False)


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
            return _onward(kb, fresh, dialog, now, [wording.RESTARTED], conclude=False)
        case "where":
            done = len(state.counting(dialog, current))
            left = len(state.unanswered(dialog, current))
            lead = wording.WHERE.format(title=dialog.title, done=done, left=left)
            return _onward(kb, conversation, dialog, now, [lead], conclude=False)
        case "why":
            if slot is None:
                return _conclude(kb, conversation, dialog, now, ())
            return _ask(conversation, dialog, slot, [wording.WHY.format(why=slot.why)])
        case "unknown" | "skip":
            return _conclude(kb, conversation, dialog, now, ()) if slot is None else _open(kb, conversation, dialog, slot, now)
        case "result":
            return _onward(kb, conversation, dialog, now, [wording.PARTIAL] if slot else [], conclude=True)
        case "review":
            return _review(kb, conversation, dialog)
        case "continue":
            return _onward(kb, conversation, dialog, now, [wording.RESUMED], conclude=False)


def _open(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, slot: Slot, now: datetime) -> Step:
    """Leave a question open, where a result is possible without it."""
    current = state_of(conversation)
    if not slot.matters:
        following = state.put(conversation, replace(current, misses=current.misses + 1))
        again = wording.AGAIN[current.misses % len(wording.AGAIN)] if current.misses else ""
        return _ask(following, dialog, slot, [f"{again}{wording.NEEDED.format(hint=slot.hint)}"])
    following = state.put(conversation, replace(state.leave_open(current, slot.id), misses=0))
    lead = wording.LEFT_OPEN.format(label=slot.label, matters=slot.matters)
    return _onward(kb, following, dialog, now, [lead], conclude=False)


def _back(kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, now: datetime) -> Step:
    """Ask the question before again; its answer is taken back."""
    current = state_of(conversation)
    if not current.order:
        return _onward(kb, conversation, dialog, now, [wording.NOTHING_BACK], conclude=False)
    last = dialog.slot(current.order[-1])
    earlier = state.put(conversation, replace(state.without(current, current.order[-1]), done=False, misses=0))
    if last is None or last.optional or not last.applies(current.answers):
        return _onward(kb, earlier, dialog, now, [wording.BACK], conclude=False)
    return _ask(earlier, dialog, last, [wording.BACK])


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


def _confirmed(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, current: OpenDialog, text: str, now: datetime, answer: Answer
) -> Step | None:
    """The answer to 「やめますか」 or 「続きから始めますか」; anything else is taken as going on."""
    plain = state.put(conversation, replace(current, confirming=""))
    if current.confirming == "cancel" and moves.says_yes(text):
        return cancel(plain, dialog)
    if current.confirming == "cancel" and moves.says_no(text):
        return _onward(kb, plain, dialog, now, [wording.NOT_CANCELLED], conclude=False)
    if current.confirming == "resume" and moves.says_yes(text):
        return _onward(kb, plain, dialog, now, [wording.RESUMED], conclude=False)
    if current.confirming == "resume" and moves.says_no(text):
        return make(kb, plain, dialog, "restart", now)
    return listen(kb, replace(plain, last_turn=""), text, now, answer)


def cancel(conversation: Conversation, dialog: Dialog) -> Step:
    """End a dialog without a result; its answers are laid by."""
    current = state_of(conversation)
    laid_by = tuple(one for one in conversation.laid_by if one.id != dialog.id)
    following = replace(conversation, dialogs=conversation.dialogs[:-1], laid_by=(*laid_by, replace(current, confirming=""))[-5:])
    return Step(following, (say(wording.CANCELLED.format(title=dialog.title)),), (EVENT,))


def press(kb: KnowledgeBase, conversation: Conversation, action: str, now: datetime) -> Step | None:
    """A button of a dialog, new or old; ``None`` when it is none or no longer means anything."""
    kind, _, rest = action.partition(":")
    if kind == "d":
        dialog = catalog.find(rest)
        return start(kb, conversation, dialog, "", now) if dialog is not None else None
    found = top(conversation)
    if found is None:
        return None
    dialog, current = found
    conversation = replace(conversation, dialogs=(*conversation.dialogs[: conversation.dialogs.index(current)], current))
    if kind == "m":
        return _pressed_move(kb, conversation, dialog, current, rest, now)
    named, _, slot_and_value = rest.partition(":")
    slot_id, _, value = slot_and_value.partition(":")
    slot = dialog.slot(slot_id)
    if named != dialog.id or slot is None or kind not in ("s", "u", "c"):
        return None
    plain = state.put(conversation, replace(current, confirming=""))
    if kind == "s" and any(option.id == value for option in slot.options):
        heard: Value = _toggled(slot, current, value)
        filled, changes = _fill(kb, plain, dialog, {slot_id: heard}, say_all=False)
        return _onward(kb, filled, dialog, now, changes, conclude=current.done)
    if kind == "u":
        return _open(kb, plain, dialog, slot, now)
    if kind == "c":
        return _ask(state.put(plain, replace(state.without(current, slot_id), done=False)), dialog, slot, ())
    return None


def _toggled(slot: Slot, current: OpenDialog, value: str) -> Value:
    """A button of a question with several answers adds to those given before."""
    if slot.kind != "choices":
        return value
    before = current.answers.get(slot.id)
    return tuple(dict.fromkeys((*(before if isinstance(before, tuple) else ()), value)))


def _pressed_move(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, current: OpenDialog, move: str, now: datetime
) -> Step | None:
    plain = state.put(conversation, replace(current, confirming=""))
    match move:
        case "yes":
            return cancel(plain, dialog) if current.confirming == "cancel" else None
        case "no":
            return _onward(kb, plain, dialog, now, [wording.NOT_CANCELLED], conclude=False)
        case "cancel":
            return cancel(plain, dialog) if current.confirming == "resume" else make(kb, plain, dialog, "cancel", now)
        case "restart" | "continue" | "review" | "result" | "back":
            return make(kb, plain, dialog, move, now)
    return None

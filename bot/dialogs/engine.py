"""Runs dialogs: opens them, and decides for each turn what it is to the one under way. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.dialogs import catalog, moves, state, wording
from bot.dialogs.declaration import Dialog, Slot, Value
from bot.dialogs.flow import EVENT, after_answer, ask_slot, fill, finish, missed, onward, state_of
from bot.dialogs.hearing import Hearing, hear
from bot.dialogs.showing import fact
from bot.dialogs.steering import cancel, leave_open, make
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold
from bot.talk.conversation import Conversation, OpenDialog
from bot.talk.replies import Button, Reply, say
from bot.talk.taken import Step

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
    filled, changes = fill(kb, begun, dialog, heard, say_all=True)
    return onward(kb, filled, dialog, now, [*lead, *changes], conclude=bool(heard) and moves.wants_result(text))


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
        filled, changes = fill(kb, conversation, dialog, heard, say_all=False)
        if asks(text) and not wanted:
            answered = answer(replace(filled, dialogs=conversation.dialogs))
            if _is_answer(answered):
                return after_answer(kb, state.put(filled, state_of(filled)), dialog, answered, changes, now)
        return onward(kb, filled, dialog, now, [*lead, *changes], conclude=wanted)
    if own:
        return onward(kb, conversation, dialog, now, lead, conclude=True)
    unknown = _named_as_unknown(dialog, current, text)
    if unknown is not None:
        return leave_open(kb, conversation, dialog, unknown, now)
    answered = answer(conversation)
    opened = catalog.opened_by(text)
    if opened is not None and opened.id != dialog.id:
        return start(kb, conversation, opened, text, now)
    if _is_answer(answered) and (not wanted or _asks_for_knowledge(answered)):
        return after_answer(kb, conversation, dialog, answered, (), now)
    if wanted or (opened is not None and opened.id == dialog.id):
        return onward(kb, conversation, dialog, now, lead, conclude=True)
    if _paused(conversation, now):
        asked = state.put(conversation, replace(current, confirming="resume"))
        return Step(asked, (_resume(dialog),), (EVENT,))
    if asks(text):
        return after_answer(kb, conversation, dialog, answered, (), now)
    if _is_no_answer_to_it(answered) and current.misses < _MOST_CHAT:
        chatted = state.put(conversation, replace(current, misses=current.misses + 1))
        return after_answer(kb, chatted, dialog, answered, (), now)
    return missed(kb, conversation, dialog, now)


_ASKING = re.compile(
    r"[?？]|(?:か|の|って|とは|どこ|いくら|いつ)[。!]?$|教えて|聞いたんですが|知りたい|かどうか|[分わ]からな(?:く|い(?:です|の|ん))|でしょう|ですか|ますか"
)


def asks(text: str) -> bool:
    """Whether a text is put as a question."""
    return bool(_ASKING.search(fold(text)))


def _wants_its_result(dialog: Dialog, text: str) -> bool:
    return bool(dialog.result_words and re.search(dialog.result_words, fold(text)))


_NOT_KNOWN = re.compile(
    r"(?:は|が|も|については?|って)?[、 ]?(?:まだ|よく|ちょっと)?[、 ]?(?:わか(?:らな|りませ|んな)|分か(?:らな|りませ|んな)|未定|不明|知らな|知りませ|決ま(?:って(?:い)?(?:ない|ません)|らない))"
)


def _named_as_unknown(dialog: Dialog, current: OpenDialog, text: str) -> Slot | None:
    """The slot that a text names to say that it is not known (区分はまだわからないです)."""
    folded = fold(text)
    for slot in state.unanswered(dialog, current):
        names = "|".join(one for one in (slot.near, re.escape(fold(slot.label))) if one)
        if slot.matters and any(_NOT_KNOWN.match(folded, match.end()) for match in re.finditer(names, folded)):
            return slot
    return None


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
    own = _wants_its_result(dialog, text)
    wanted = own or moves.wants_result(text)
    if changed and (wanted or moves.corrects(text) or not asks(text) or not _asks_for_knowledge(answer(conversation))):
        filled, changes = fill(kb, conversation, dialog, changed, say_all=False)
        return onward(kb, filled, dialog, now, changes, conclude=True)
    opened = catalog.opened_by(text)
    again = opened is not None and opened.id == dialog.id
    meant = wanted and opened is None and len(text) <= (_SHORT * 2 if own else _SHORT)
    return finish(kb, conversation, dialog, now, ()) if again or meant else None


def _confirmed(
    kb: KnowledgeBase, conversation: Conversation, dialog: Dialog, current: OpenDialog, text: str, now: datetime, answer: Answer
) -> Step | None:
    """The answer to 「やめますか」 or 「続きから始めますか」; anything else is taken as going on."""
    plain = state.put(conversation, replace(current, confirming=""))
    match current.confirming, moves.stops(text), moves.resumes(text):
        case "cancel", True, _:
            return cancel(plain, dialog)
        case "cancel", False, _:
            return onward(kb, plain, dialog, now, [wording.NOT_CANCELLED], conclude=False)
        case "resume", _, True:
            return onward(kb, plain, dialog, now, [wording.RESUMED], conclude=False)
        case "resume", _, False:
            return make(kb, plain, dialog, "restart", now)
    return listen(kb, replace(plain, last_turn=""), text, now, answer)


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
        filled, changes = fill(kb, plain, dialog, {slot_id: heard}, say_all=False)
        return onward(kb, filled, dialog, now, changes, conclude=current.done)
    if kind == "u":
        return leave_open(kb, plain, dialog, slot, now)
    if kind == "c":
        return ask_slot(state.put(plain, replace(state.without(current, slot_id), done=False)), dialog, slot, ())
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
            return onward(kb, plain, dialog, now, [wording.NOT_CANCELLED], conclude=False)
        case "cancel":
            return cancel(plain, dialog) if current.confirming == "resume" else make(kb, plain, dialog, "cancel", now)
        case "restart" | "continue" | "review" | "result" | "back":
            return make(kb, plain, dialog, move, now)
    return None

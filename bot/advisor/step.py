"""The core's one pure step: ``(knowledge base, conversation, turn, now) -> (conversation, replies, events)``."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date, datetime

from bot.advisor import answers, branches, handover, passing, rating
from bot.advisor.asking import follow_up
from bot.advisor.links import linked_entry
from bot.advisor.outcome import ANSWER as SURE
from bot.advisor.unknown import none_of_these
from bot.dialogs import catalog, checklist, engine, moves, profile, reminding, steering
from bot.dialogs.declaration import Dialog
from bot.dialogs.hearing import Hearing, country_of, hear
from bot.knowledge.base import BRANCH_OF_WARD, KnowledgeBase
from bot.nlp.normalize import clean, fold
from bot.talk import phrases
from bot.talk.conversation import VERSION, Conversation, OpenDialog
from bot.talk.replies import Block, Button, Reply, say
from bot.talk.taken import Step
from bot.talk.turns import Commanded, DeskReplied, Forwarded, LookedUp, Pressed, Said, Sent, Started, Turn

LONGEST = 1000
"""Characters of a message that are read; more than that is no question that can be answered well."""

MOST_READ = 4096
"""Characters of a message that are looked at at all, as many as Telegram sends: reading numbers in 20,000 digits takes a second."""

_REQUEST = re.compile(r"診断|相談(?:を|に|が)?(?:したい|乗って)|試算|見積|判定|計算して|お願いします|を探して|を始め")
"""Words that ask for a dialog and for nothing else."""

_CERTAIN = 0.95
"""Confidence from which a text is a question that the knowledge base answers, even where it also asks for a dialog."""

_TOLD = 2
"""Answers in the text that asks for a dialog, from which on it wants advice more than an uncertain answer."""

_REMEMBERED = 5
"""Answers that a person who is asked later is told of."""

_COMMAND = re.compile(r"^/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?$", re.IGNORECASE | re.DOTALL)


def step(kb: KnowledgeBase, conversation: Conversation, turn: Turn, now: datetime) -> Step:
    """Take one turn. Pure: same arguments, same result."""
    if conversation.version != VERSION:
        conversation = Conversation(municipality=conversation.municipality, entity=conversation.entity)
    if not isinstance(turn, Said):
        conversation = replace(conversation, wording=False)
    match turn:
        case Started(payload):
            taken = _start(kb, conversation, payload, now)
        case Commanded(name, argument):
            taken = _command(kb, conversation, name, argument, now)
        case Pressed(action):
            taken = _press(kb, conversation, action, now)
        case Said(text):
            taken = _say(kb, conversation, text[:MOST_READ], now)
        case Forwarded(text):
            # Somebody else's words: a command or a label in them is not this user's.
            taken = (
                passing.answer(kb, conversation, cleaned[:LONGEST], now)
                if (cleaned := clean(text[:MOST_READ]))
                else _empty(conversation)
            )
        case DeskReplied() | LookedUp():
            taken = Step(conversation, ())  # neither is said to this chat
        case Sent(kind):
            taken = Step(conversation, (say(phrases.NOT_TEXT.get(kind, phrases.NOT_TEXT["other"])),))
    if not isinstance(turn, Forwarded):
        taken = rating.ask(taken)
    taken = _in_other_words(taken, conversation.said)
    offered = tuple(button for reply in taken.replies for button in reply.buttons)
    last_turn = now.isoformat() if taken.conversation.dialogs else ""
    following = replace(taken.conversation, buttons=offered, last_turn=last_turn, told=_answered_so_far(taken))
    return replace(taken, conversation=following)


def _answered_so_far(taken: Step) -> tuple[str, ...]:
    """The entries that answered last, with those of this step."""
    now = [event.entries[0].id for event in taken.events if event.kind == "answer" and event.entries]
    return tuple(dict.fromkeys([*reversed(now), *taken.conversation.told]))[:_REMEMBERED]


def _in_other_words(taken: Step, said: str) -> Step:
    """Within a dialog the same message never comes twice in a row: the second time it says that it asks again."""
    if not taken.conversation.dialogs or not taken.replies:
        return replace(taken, conversation=replace(taken.conversation, said=""))
    last = taken.replies[-1]
    if _digest(last) == said:
        last = replace(last, blocks=(Block("text", (phrases.AGAIN,)), *last.blocks))
    following = replace(taken.conversation, said=_digest(last))
    return replace(taken, conversation=following, replies=(*taken.replies[:-1], last))


def _digest(reply: Reply) -> str:
    return hashlib.blake2b(reply.text.encode(), digest_size=8).hexdigest()


def _start(kb: KnowledgeBase, conversation: Conversation, payload: str, now: datetime) -> Step:
    entry = linked_entry(kb, payload)
    if entry is not None:
        return answers.about(kb, conversation, entry, "", now)
    return Step(conversation, (greeting(kb),))


def greeting(kb: KnowledgeBase) -> Reply:
    """What a new user sees: what this is for, and five ways in."""
    buttons = [Button(menu.label, f"menu:{menu.id}") for menu in kb.content.menus]
    return say(*phrases.GREETING, buttons=(*buttons, Button("担当の窓口を調べる", "branch")))


def _command(kb: KnowledgeBase, conversation: Conversation, name: str, argument: str, now: datetime) -> Step:
    match name.lower():
        case "start":
            return _start(kb, conversation, argument, now)
        case "help":
            return Step(conversation, (say(*phrases.HELP),))
        case "privacy":
            return Step(conversation, (say(*phrases.PRIVACY),))
        case "branch" | "madoguchi":
            if argument:
                return _say(kb, conversation, f"{argument} 担当支店", now)
            return _own_branch(kb, conversation, now)
        case "search":
            if argument:
                return answers.listing(kb, conversation, argument)
            return Step(conversation, (say(phrases.SEARCH_WHAT),))
        case "profile":
            return profile.show(kb, conversation)
        case "documents":
            return checklist.choose(kb, conversation)
        case "forget":
            return Step(Conversation(), (say(phrases.FORGOTTEN),))
        case _:
            dialog = catalog.by_command(name.lower())
            if dialog is not None:
                return engine.start(kb, conversation, dialog, argument, now)
            return Step(conversation, (say(*phrases.UNKNOWN_COMMAND),))


def _remind(conversation: Conversation, wish: str, now: datetime) -> Step:
    turned, _, day = wish.partition(":")
    try:
        return reminding.keep(conversation, date.fromisoformat(day), now) if turned == "on" else reminding.drop(conversation)
    except ValueError:
        return Step(conversation, (say(phrases.OLD_BUTTON),))


def _own_branch(kb: KnowledgeBase, conversation: Conversation, now: datetime) -> Step:
    """The branch for the user's ward; a short dialog where the ward is not known."""
    dialog = catalog.find("branch")
    if conversation.municipality or dialog is None:
        return branches.own_branch(kb, conversation, "", now)
    return engine.start(kb, conversation, dialog, "", now)


def _press(kb: KnowledgeBase, conversation: Conversation, action: str, now: datetime) -> Step:
    kind, _, rest = action.partition(":")
    if kind in ("d", "s", "u", "c", "m"):
        return engine.press(kb, conversation, action, now) or Step(conversation, (say(phrases.OLD_BUTTON),))
    if kind in ("l", "t"):
        name, _, number = rest.partition(":")
        listed = checklist.show(kb, conversation, name) if kind == "l" else checklist.tick(kb, conversation, name, number)
        return listed or Step(conversation, (say(phrases.OLD_BUTTON),))
    if kind == "r":
        return _remind(conversation, rest, now)
    if kind == "p":
        return profile.change(kb, conversation, rest)
    if kind in ("y", "n", "v"):
        rate = {"y": rating.praise, "n": rating.blame, "v": rating.explain}[kind]
        return rate(kb, conversation, rest) or Step(conversation, (say(phrases.OLD_BUTTON),))
    if action == "q:off":
        return Step(replace(conversation, quiet=True), (say(phrases.STOPPED),))
    if kind == "h":
        return handover.press(kb, conversation, rest) or Step(conversation, (say(phrases.OLD_BUTTON),))
    if kind == "f":
        return passing.press(kb, conversation, rest, now) or Step(conversation, (say(phrases.OLD_BUTTON),))
    if kind == "more":
        return _more(kb, conversation, now)
    if kind == "none":
        return none_of_these(kb, conversation, now)
    if kind == "others":
        return _others(kb, conversation)
    if kind == "branch":
        return _own_branch(kb, conversation, now)
    if kind == "menu":
        menu = next((one for one in kb.content.menus if one.id == rest), None)
        if menu is not None:
            buttons = tuple(answers.entry_button(one) for one in kb.entries(menu.entries))
            return Step(conversation, (replace(say(menu.text, buttons=buttons), in_place=True),))
    if kind == "ward":
        municipality = kb.municipality(rest)
        if municipality is not None:
            return branches.branch_of(kb, conversation, municipality, conversation.asked, now)
    if kind == "e":
        entry = kb.entry(rest)
        if entry is not None:
            return answers.about(kb, conversation, entry, conversation.asked, now)
    return Step(conversation, (say(phrases.OLD_BUTTON),))


def _say(kb: KnowledgeBase, conversation: Conversation, text: str, now: datetime) -> Step:
    cleaned = clean(text)
    command = _COMMAND.match(cleaned)
    if command:
        return _command(kb, replace(conversation, wording=False), command[1], (command[2] or "").strip(), now)
    label = fold(cleaned)
    for button in conversation.buttons:
        if fold(button.label) == label:
            return _press(kb, conversation, button.action, now)
    if cleaned in reminding.CANCEL_WORDS:
        return reminding.drop(conversation)
    if conversation.wording and cleaned:
        return handover.worded(kb, conversation, cleaned)
    if handover.wished(cleaned):
        return handover.begin(kb, conversation)
    cleaned = kb.speller.spell(cleaned)
    if conversation.dialogs and (rest := moves.leaves(cleaned)):
        return _left_for(kb, conversation, rest, now)
    listened = engine.listen(kb, conversation, cleaned, now, lambda current: _answered(kb, current, cleaned, now))
    if listened is not None:
        return listened
    return _opened(kb, conversation, cleaned, now)


def _left_for(kb: KnowledgeBase, conversation: Conversation, rest: str, now: datetime) -> Step:
    """The dialog under way is laid by for what the user asks instead."""
    found = engine.top(conversation)
    if found is None:
        return _opened(kb, conversation, rest, now)
    left = steering.cancel(conversation, found[0])
    taken = _opened(kb, left.conversation, rest, now)
    return replace(taken, replies=(*left.replies, *taken.replies))


def _opened(kb: KnowledgeBase, conversation: Conversation, cleaned: str, now: datetime) -> Step:
    """A text outside any dialog: it may ask for one, introduce a business, or just be a question."""
    conversation = profile.noticed(kb, conversation, cleaned, now)
    opened = catalog.opened_by(cleaned) or _taken_up(kb, conversation, cleaned, now)
    if opened is None and (introduced := profile.introduced(kb, conversation, cleaned, now, at_least=3)) is not None:
        return introduced
    answered = _expecting_ward(_answered(kb, conversation, cleaned, now))
    sure = max((event.confidence for event in answered.events if event.kind == "answer"), default=0.0)
    if opened is None and sure < SURE and _wishes_abroad(kb, cleaned) and (roadmap := catalog.find("roadmap")) is not None:
        begun = engine.start(kb, conversation, roadmap, cleaned, now)
        near = answered.replies if sure else ()
        return Step(begun.conversation, (*near, *begun.replies), (*(answered.events if near else ()), *begun.events))
    if opened is None:
        return (None if sure >= SURE else profile.introduced(kb, conversation, cleaned, now)) or answered
    started = engine.start(kb, conversation, opened, cleaned, now)
    told = len(started.conversation.dialogs[-1].answers) if started.conversation.dialogs else 0
    asks = engine.asks(cleaned) and sure > 0 and (sure >= SURE or told < _TOLD)
    if asks or (sure >= _CERTAIN and not _REQUEST.search(cleaned)):
        # A question, or a story with one in it: answer that first, then begin to ask.
        return Step(started.conversation, (*answered.replies, *started.replies), (*answered.events, *started.events))
    return started


_WISH_ABROAD = re.compile(
    r"(?:売り(?:に出|込み)?|出し|出て(?:いき|行き)?|出店し|輸出し|進出し|展開し|広げ|販売し|開き|始め|挑戦し)(?:たい|たく|ようと|てみたい)|販路(?:を|の)"
)
_ABROAD = re.compile(r"海外|輸出|外国|国外|世界")


def _wishes_abroad(kb: KnowledgeBase, text: str) -> bool:
    """Whether a text tells of wanting to do business in another country."""
    folded = fold(text)
    return bool(_WISH_ABROAD.search(folded) and (_ABROAD.search(folded) or country_of(kb, folded)))


_FEW = 20
"""Characters up to which a text with a single value answers a dialog that was offered just before."""


def _taken_up(kb: KnowledgeBase, conversation: Conversation, cleaned: str, now: datetime) -> Dialog | None:
    """The one dialog that was just offered, when a text tells what it would ask instead of asking something else."""
    offered = {button.action for button in conversation.buttons if button.action.startswith("d:")}
    dialog = catalog.find(offered.pop().removeprefix("d:")) if len(offered) == 1 else None
    if dialog is None or engine.asks(cleaned):
        return None
    told = hear(dialog.slots, cleaned, Hearing(kb, now.date(), conversation.entity))
    own = [slot for slot in dialog.slots if slot.id in told and not slot.shared]
    return dialog if len(told) >= 2 or (own and len(cleaned) <= _FEW) else None


def _expecting_ward(answered: Step) -> Step:
    """After an answer that leaves the ward open, whatever tells the ward next brings the branch."""
    conversation = answered.conversation
    if conversation.focus != BRANCH_OF_WARD or conversation.municipality:
        return answered
    known = {"entity": conversation.entity} if conversation.entity else {}
    expecting = OpenDialog("branch", dict(known), tuple(known), asked="municipality", done=True)
    return replace(answered, conversation=replace(conversation, dialogs=(expecting,)))


def _answered(kb: KnowledgeBase, conversation: Conversation, cleaned: str, now: datetime) -> Step:
    """What the knowledge base says to a text."""
    if conversation.focus:
        match follow_up(cleaned):
            case "more":
                return _more(kb, conversation, now)
            case "others":
                return _others(kb, conversation)
    return _answer(kb, conversation, cleaned, now)


def _answer(kb: KnowledgeBase, conversation: Conversation, cleaned: str, now: datetime) -> Step:
    if not cleaned:
        return _empty(conversation)
    if len(cleaned) > LONGEST:
        taken = answers.to_text(kb, conversation, cleaned[:LONGEST], now)
        return replace(taken, replies=(*taken.replies, say(phrases.LONG_TEXT)))
    return answers.to_text(kb, conversation, cleaned, now)


def _empty(conversation: Conversation) -> Step:
    return Step(conversation, (say(phrases.EMPTY),))


def _more(kb: KnowledgeBase, conversation: Conversation, now: datetime) -> Step:
    """「続き」: the rest of the answer; when all was shown, what is related."""
    if conversation.more:
        reply = Reply(conversation.more)
        return Step(replace(conversation, more=()), (reply.with_buttons(*answers.related(kb, conversation.focus)),))
    entry = kb.entry(conversation.focus)
    if entry is None:
        return Step(conversation, (say(phrases.NOTHING_MORE),))
    related = answers.related(kb, entry.id, 4)
    lines = [phrases.ALL_SHOWN.format(name=entry.name), *entry.web]
    return Step(conversation, (Reply((Block("text", tuple(lines)),), related),))


def _others(kb: KnowledgeBase, conversation: Conversation) -> Step:
    others = kb.entries(conversation.others)
    if not others:
        return Step(conversation, (say(phrases.NO_OTHERS),))
    return Step(conversation, (answers.choice_reply(phrases.OTHERS, others),))

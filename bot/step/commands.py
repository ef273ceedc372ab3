"""Commands: typed with a slash, tapped in a menu, or carried by a link."""

from __future__ import annotations

from datetime import datetime

from bot.advisor import answers, branches
from bot.advisor.links import linked_entry
from bot.dialogs import agenda, checklist
from bot.knowledge.base import KnowledgeBase
from bot.nlp.normalize import fold
from bot.step import acting, looking, opening
from bot.talk import phrases
from bot.talk.acts import Reading
from bot.talk.conversation import Conversation
from bot.talk.replies import Button, Reply, say
from bot.talk.taken import Step

_LONGEST = 32


def typed(text: str) -> tuple[str, str] | None:
    """The command that a text is, with what follows it.

    >>> typed("／fee@michishirube_bot 500万円"), typed("/ これ")
    (('fee', '500万円'), None)
    """
    folded = text.strip()
    if fold(folded[:1]) != "/":
        return None
    word, _, argument = folded[1:].partition(" ")
    name = fold(word).partition("@")[0]
    if not name or len(name) > _LONGEST or not name.replace("_", "").isascii() or not name.replace("_", "").isalpha():
        return None
    return name, argument.strip()


def start(kb: KnowledgeBase, conversation: Conversation, payload: str, now: datetime) -> Step:
    """The conversation is opened: the entry that a link names, or the greeting."""
    entry = linked_entry(kb, payload)
    if entry is not None:
        return answers.about(kb, conversation, entry, "", now)
    return Step(conversation, (greeting(kb),))


def greeting(kb: KnowledgeBase) -> Reply:
    """What a new user sees: what this is for, and five ways in."""
    buttons = [Button(menu.label, f"menu:{menu.id}") for menu in kb.content.menus]
    return say(*phrases.GREETING, buttons=(*buttons, Button("担当の窓口を調べる", "branch")))


def command(kb: KnowledgeBase, conversation: Conversation, name: str, argument: str, now: datetime) -> Step:
    """Carry out a command."""
    match name.lower():
        case "start":
            return start(kb, conversation, argument, now)
        case "help":
            return Step(conversation, (say(*phrases.HELP),))
        case "privacy":
            return Step(conversation, (say(*phrases.PRIVACY),))
        case "branch" | "madoguchi":
            if argument:
                return looking.look_up(kb, conversation, f"{argument} 担当支店", Reading(argument), now)
            return own_branch(kb, conversation, now)
        case "search":
            if argument:
                return answers.listing(kb, conversation, argument)
            return Step(conversation, (say(phrases.SEARCH_WHAT),))
        case "profile":
            return Step(conversation, (acting.review(kb, conversation),))
        case "documents":
            return checklist.choose(kb, conversation)
        case "forget":
            return Step(Conversation(), (say(phrases.FORGOTTEN),))
    dialog = agenda.by_command(kb, name.lower())
    if dialog is not None:
        return opening.begin(kb, conversation, dialog, now)
    return Step(conversation, (say(*phrases.UNKNOWN_COMMAND),))


def own_branch(kb: KnowledgeBase, conversation: Conversation, now: datetime) -> Step:
    """The branch for the user's ward; its task where the ward is not known."""
    dialog = agenda.dialog_of(kb, "branch")
    if conversation.municipality or dialog is None:
        return branches.own_branch(kb, conversation, "", now)
    return opening.begin(kb, conversation, dialog, now)

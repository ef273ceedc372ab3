"""Pieces that results are laid out from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogs.case import Answers
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import branch_lines, cited, desk_lines
from bot.knowledge.entries import Entry
from bot.talk.replies import Block, Button

_LONGEST_LABEL = 38


def sources(kb: KnowledgeBase, ids: Iterable[str]) -> Block:
    """The sources of the entries that a result rests on."""
    found = {citation.source.id: citation.source for entry in kb.entries(ids) for citation in entry.sources}
    return Block("source", tuple(map(cited, found.values())))


def desk(kb: KnowledgeBase, answers: Answers, contacts: Sequence[str] = (), *, branch: bool = True) -> Block:
    """Whom to ask: the contacts, and the guarantee corporation's branch for the user's ward."""
    lines = [line for entry in kb.entries(contacts) for line in desk_lines(entry)]
    if branch:
        lines += branch_lines(kb, kb.municipality(str(answers.get("municipality", ""))))
    return Block("desk", tuple(lines), "窓口")


def entry_buttons(kb: KnowledgeBase, ids: Iterable[str]) -> tuple[Button, ...]:
    return tuple(Button(_short(entry.name), f"e:{entry.id}") for entry in kb.entries(ids))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…"


def status_note(entry: Entry, kb: KnowledgeBase) -> str:
    """Whether a program can be used now, and what took its place."""
    if entry.status == "公募終了":
        successor = kb.entry(entry.replaced_by) if entry.replaced_by else None
        return f"【募集終了。代わりは「{successor.name}」】" if successor else "【募集終了】"
    return "" if entry.status == "受付中" else "【要確認】"

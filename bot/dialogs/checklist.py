"""Checklists of documents with boxes that stay ticked."""

from __future__ import annotations

from dataclasses import replace

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import cited
from bot.knowledge.entries import Entry
from bot.talk.conversation import Conversation
from bot.talk.replies import Block, Button, Reply, say
from bot.talk.taken import Step

_WHICH = "どのチェックリストを使いますか。印は覚えておきます。"
_HOW = "そろった物を押すと、印が付きます。もう一度押すと外れます。"
_DONE = "全部そろいました。"
_LEFT = "残りは{count}つです。"
_LONGEST = 36


def choose(kb: KnowledgeBase, conversation: Conversation) -> Step:
    """``/documents``: the checklists that there are."""
    lists = [entry for entry in kb.content.entries.values() if entry.kind == "checklist"]
    buttons = tuple(Button(_short(entry.name), f"l:{entry.id}") for entry in lists)
    return Step(conversation, (say(_WHICH, buttons=buttons),))


def show(kb: KnowledgeBase, conversation: Conversation, entry_id: str, *, in_place: bool = False) -> Step | None:
    """A checklist with a button for every item; ``None`` when there is no such list."""
    entry = kb.entry(entry_id)
    items = _items(entry)
    if entry is None or not items:
        return None
    ticked = set(conversation.ticked.get(entry_id, ()))
    lines = [f"{'☑' if number in ticked else '□'} {item}" for number, item in enumerate(items)]
    left = len(items) - len(ticked & set(range(len(items))))
    buttons = tuple(
        Button(f"{'☑' if number in ticked else '□'} {_short(item.split('（')[0])}", f"t:{entry_id}:{number}")
        for number, item in enumerate(items)
    )
    state = _LEFT.format(count=left) if left else _DONE
    sources = tuple(cited(one.source) for one in entry.sources)
    blocks = (Block("title", (entry.name,)), Block("facts", tuple(lines)), Block("text", (state, _HOW)), Block("source", sources))
    return Step(conversation, (Reply(blocks, buttons, in_place=in_place),))


def tick(kb: KnowledgeBase, conversation: Conversation, entry_id: str, number: str) -> Step | None:
    """Tick a box, or take the tick away."""
    items = _items(kb.entry(entry_id))
    if not number.isdigit() or int(number) >= len(items):
        return None
    ticked = set(conversation.ticked.get(entry_id, ())) ^ {int(number)}
    changed = replace(conversation, ticked={**conversation.ticked, entry_id: tuple(sorted(ticked))})
    return show(kb, changed, entry_id, in_place=True)


def _items(entry: Entry | None) -> list[str]:
    section = entry.section("items") if entry is not None and entry.kind == "checklist" else None
    return [str(line).removeprefix("□ ") for line in section.lines] if section is not None else []


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"

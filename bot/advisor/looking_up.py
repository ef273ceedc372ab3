"""Entries as cards, for somebody who types the bot's name and a few letters in a chat with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.advisor.compose import Asker, compose
from bot.advisor.outcome import decide
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.citing import summary_line
from bot.knowledge.entries import Entry
from bot.nlp.normalize import fold, hiragana
from bot.talk import phrases
from bot.talk.replies import Block, Reply

PAGE = 10
MOST = 50
"""Cards of a page, and of all pages."""

_SHORTEST = 2
_LONGEST = 200
"""Characters of a query that are looked at."""

_SCREEN = 44
"""Lines that a card says in a chat: more than a phone's screen, less than a nuisance."""

_NEAR = 0.45
"""Share of the best score from which an entry is listed."""


@dataclass(frozen=True, slots=True)
class Card:
    """An entry to choose: ``line`` tells what it answers, ``reply`` is what is said when it is chosen."""

    entry: Entry
    line: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Cards:
    """A page of cards; ``next_offset`` asks for the page after it, "" when there is none."""

    cards: tuple[Card, ...]
    next_offset: str = ""


def cards(kb: KnowledgeBase, query: str, offset: str, usual: Sequence[str], now: datetime) -> Cards:
    """The entries for a query, best first; without one the ``usual`` ones (ids)."""
    words = query.strip()[:_LONGEST]
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) <= 3 else 0
    found = matching(kb, words) if len(words) >= _SHORTEST else _usual(kb, usual)
    page = found[start : start + PAGE]
    following = start + PAGE
    asker = Asker(None, now)  # others will read it: it says nothing of the asker's ward
    shown = tuple(Card(entry, _line(entry), _reply(kb, entry, words, asker)) for entry in page)
    return Cards(shown, str(following) if following < len(found) else "")


def matching(kb: KnowledgeBase, words: str) -> list[Entry]:
    """Entries whose names hold the words, as typed so far, and those that the search finds."""
    typed = hiragana(fold(words)).replace(" ", "")
    begun = [entry for entry in kb.content.entries.values() if any(typed in name for name in _names(entry))]
    hits = kb.search(words, MOST)
    entries = [hit for hit in hits if kb.entry(hit.id) is not None]
    outside = max((hit.score for hit in hits if kb.entry(hit.id) is None), default=0.0)
    if decide(entries, outside).kind == "unknown":
        entries = [hit for hit in entries if hit.id in {entry.id for entry in begun}]
    near = [hit.id for hit in entries if hit.score >= _NEAR * entries[0].score]
    rest = sorted((entry.id for entry in begun if entry.id not in near), key=lambda one: len(kb.content.entries[one].name))
    return kb.entries([*near, *rest])[:MOST]


def _names(entry: Entry) -> list[str]:
    return [hiragana(fold(name)).replace(" ", "") for name in (entry.name, entry.reading, *entry.aliases) if name]


def _usual(kb: KnowledgeBase, usual: Sequence[str]) -> list[Entry]:
    """The entries asked for most, then those behind the first buttons."""
    first = [one for menu in kb.content.menus for one in menu.entries]
    return kb.entries(dict.fromkeys([*usual, *first]))[:MOST]


def _line(entry: Entry) -> str:
    closed = f"（{entry.status}）" if entry.status != "受付中" else ""
    return f"{closed}{summary_line(entry)}"


def _reply(kb: KnowledgeBase, entry: Entry, words: str, asker: Asker) -> Reply:
    reply = compose(entry, words, kb, asker, screen=_SCREEN)
    note = (Block("note", (phrases.GOES_ON,)),) if reply.more else ()
    return replace(reply, blocks=(*reply.blocks, *note), buttons=(), more=())

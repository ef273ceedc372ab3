"""What stands where in an utterance: values, places, trades, countries. Readers say what is there, never what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.places import Place
from bot.nlp.values.amounts import amounts
from bot.nlp.values.dates import days
from bot.nlp.values.people import people
from bot.nlp.values.periods import months
from bot.nlp.values.shares import percents, times
from bot.nlp.values.years import years

Kind = Literal[
    "yen", "number", "people", "period", "year", "day", "percent", "times", "place", "elsewhere", "industry", "country"
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]


_OF_A_COUNTRY = ("料理", "人", "語", "産", "ドル")
"""What makes a country's name the name of something else: タイ料理, ドイツ語."""


_WHICH = "何"
"""What begins a number that is asked for (何万になりますか)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Something said between ``start`` and ``end`` of the folded text; ``value`` is what its reader made of it."""

    kind: Kind
    start: int
    end: int
    value: object


def mentions(kb: KnowledgeBase, text: str, today: date) -> tuple[Mention, ...]:
    """Everything that readers find in a folded text, in its order."""
    found = [
        *(
            Mention("number" if one.bare else "yen", one.start, one.end, one)
            for one in amounts(text)
            if text[one.start] != _WHICH
        ),
        *(Mention("people", one.start, one.end, one) for one in people(text)),
        *(Mention("period", one.start, one.end, one) for one in months(text)),
        *(Mention("year", one.start, one.end, one) for one in years(text)),
        *(Mention("day", one.start, one.end, one) for one in days(text, today)),
        *(Mention("percent", one.start, one.end, one) for one in percents(text)),
        *(Mention("times", one.start, one.end, one) for one in times(text)),
        *_places(kb, text),
        *_words(text, _trades(kb), "industry"),
        *_words(text, _countries(kb), "country"),
    ]
    eras = [one for one in found if one.kind in ("year", "day")]
    said = (one for one in found if one.kind != "place" or not any(era.start <= one.start < era.end for era in eras))
    return tuple(sorted(said, key=lambda one: (one.start, -one.end)))


def _places(kb: KnowledgeBase, text: str) -> Iterator[Mention]:
    """Places, apart from those that are part of a branch's name (上野支店)."""
    for place in kb.gazetteer.find(text):
        end = place.start + len(place.said)
        if not text.startswith("支店", end):
            yield Mention("elsewhere" if place.outside else "place", place.start, end, place)


def places(found: Iterable[Mention]) -> list[Place]:
    """The places among mentions."""
    return [one.value for one in found if isinstance(one.value, Place)]


def _words(text: str, table: tuple[re.Pattern[str], dict[str, str]], kind: Kind) -> Iterator[Mention]:
    pattern, meant = table
    for match in pattern.finditer(text):
        if kind != "country" or not text.startswith(_OF_A_COUNTRY, match.end()):
            yield Mention(kind, match.start(), match.end(), meant[match[0]])


def _trades(kb: KnowledgeBase) -> tuple[re.Pattern[str], dict[str, str]]:
    excluded = tuple((word, f"excluded:{one.label}") for one in kb.content.rules.excluded for word in one.words)
    return _table((*excluded, *((word, one.id) for one in kb.content.rules.industries for word in one.words)))


def _countries(kb: KnowledgeBase) -> tuple[re.Pattern[str], dict[str, str]]:
    return _table(tuple((word, name) for name, words in kb.content.rules.countries for word in words))


@lru_cache(maxsize=8)
def _table(pairs: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern that finds the longest of many words, and what each of them means.

    Words of katakana or Latin letters are none inside longer ones (バー in ドライバー).
    """
    meant: dict[str, str] = {}
    for word, meaning in pairs:
        meant.setdefault(word, meaning)
    words = sorted(meant, key=len, reverse=True)
    return re.compile("|".join(map(_alone, words)) or "(?!)"), meant


def _alone(word: str) -> str:
    if all("ァ" <= sign <= "ヺ" or sign == "ー" for sign in word):
        return rf"(?<![ァ-ヺー]){re.escape(word)}(?![ァ-ヺー])"
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)

"""What a text states, apart from what it only wishes for or plans. By grammar alone, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlp.tokenizer import tokenize

_WISHING = frozenset({"たい", "積もり", "予定", "欲しい"})
"""Normalized words by which a clause wishes or plans (出したい, 出すつもり, 出す予定)."""

_CLAUSE = re.compile(r"[^、。!?\n]+[、。!?\n]*")


def wishes(clause: str) -> bool:
    """Whether a clause says what is wished for or planned, and so nothing of what is there.

    >>> wishes("現地に支店を出したいです"), wishes("来年出す予定で"), wishes("現地に支店を出しました")
    (True, True, False)
    """
    return any(token.normal in _WISHING for token in tokenize(clause))


def stated(text: str) -> str:
    """A text without the clauses that wish.

    >>> stated("計画はできていて、現地に支店を出したいです")
    '計画はできていて、'
    """
    return "".join(clause for clause in _clauses(text) if not wishes(clause))


def clause_of(text: str, place: int) -> str:
    """The clause of a text that a place stands in."""
    position = 0
    for clause in _clauses(text):
        position += len(clause)
        if place < position:
            return clause
    return text


def _clauses(text: str) -> Iterator[str]:
    return (match[0] for match in _CLAUSE.finditer(text))

"""What a reader of values hands back, and words that go with values of every kind."""

from __future__ import annotations

from dataclasses import dataclass

from bot.talk.acts import Value

_NONE = (
    "なし",
    "ない",
    "無し",
    "無い",
    "ゼロ",
    "ありません",
    "いません",
    "おりません",
    "ございません",
    "ねえ",
    "ねぇ",
    "あらへん",
    "なか",
)
"""Ways of saying that there is nothing."""

TOTAL = ("全部で", "合計", "あわせて", "合わせて", "総勢", "計", "全員で", "込みで", "入れて", "含めて")
"""Words before a number that sums up others."""


@dataclass(frozen=True, slots=True)
class Read:
    """A value as it was read; ``value`` is ``None`` where the words are no value that the slot knows."""

    value: Value | None = None
    low: int | None = None
    vague: bool = False
    ambiguous: tuple[str, ...] = ()
    outside: str = ""
    impossible: str = ""


def says_none(said: str) -> bool:
    return any(word in said for word in _NONE)

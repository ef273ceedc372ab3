"""What a program asks of those whom it fits, as plain data (``fits`` of an entry)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.knowledge.conditions import Condition, Fits, leaves

Kind = Literal["who", "trouble", "purpose", "wish", "limit", "get", "desk", "bar"]
"""What a criterion is about.

``who`` is the business itself, ``trouble`` and ``purpose`` what the program is made for, ``limit`` its amount and term, ``bar`` what
excludes. ``wish`` says whom it suits and excludes nobody. ``get`` is a paper or a support to get first, ``desk`` what only the desk
or the screening can judge.
"""

DECISIVE: frozenset[Kind] = frozenset({"who", "trouble", "purpose", "get"})
"""Kinds without which nobody can be told that a program fits."""

EXCLUDING: frozenset[Kind] = frozenset({"who", "trouble", "purpose", "limit", "bar"})
"""Kinds that speak against a program when they are not met; a paper can still be got, and a wish excludes nobody."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. ``says`` is it in words for the user; ``brief`` the same in a few words, ``unmet`` and ``open_`` what is said
    when it is not met or unknown.

    Without a condition (``when``) no fact decides it. ``shared`` marks one that many programs refer to; ``source`` and ``place`` tell
    where it stands.
    """

    says: str
    kind: Kind
    when: Condition | None
    unmet: str = ""
    open_: str = ""
    source: str = ""
    place: str = ""
    shared: bool = False
    brief: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots (and facts that follow from others) that it looks at, in its order."""
        if self.when is None:
            return ()
        return tuple(dict.fromkeys(one.slot for one in leaves(self.when) if not isinstance(one, Fits)))

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs that it refers to."""
        return () if self.when is None else tuple(one.program for one in leaves(self.when) if isinstance(one, Fits))

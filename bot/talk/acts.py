"""What an utterance means: the acts in it, the task it opens, and what it tells of the business."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.labels import Act

Value = int | str | tuple[str, ...]
"""A slot's value: yen, people and months as whole numbers, dates as ISO text, choices as their ids."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an utterance is said into: the task under way, the slot just asked, and what was offered.

    ``asked`` is a slot of the dialogs; ``offered`` is the yes/no offer that stands, ``entry`` the entry last talked about.
    """

    task: str = ""
    asked: str = ""
    offered: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A value that an utterance tells for a slot; ``value`` is ``None`` where the words are understood and the value is not.

    ``said`` are the words, ``start`` and ``end`` where they stand in the folded text. ``low`` is the lower end of a range, and
    ``vague`` whether it was said only roughly.
    """

    slot: str
    said: str
    start: int
    end: int
    value: Value | None = None
    low: int | None = None
    vague: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An utterance as it was understood. ``confidence`` holds every act's, 0 to 1, also of those that were not taken."""

    text: str
    acts: tuple[Act, ...] = ()
    begin: str = ""
    told: tuple[Told, ...] = ()
    confidence: tuple[tuple[Act, float], ...] = ()
    outside: str = ""
    """The name of a place outside Tokyo, where one is said and no place in it."""

    ambiguous: tuple[str, ...] = ()
    """Municipalities of which one is meant, where a name stands in several."""

    impossible: str = ""
    """A date as said that there is not."""

    named: tuple[str, ...] = ()
    """Entries whose names stand in the text, where it says little else."""

    taken_back: str = ""
    """The slot whose name stands in a text that takes something back without telling the new value."""

    also: str = ""
    """A second task that is wished for in the same text."""

    def has(self, *acts: Act) -> bool:
        return any(act in self.acts for act in acts)

    def sure(self, act: Act) -> float:
        return dict(self.confidence).get(act, 0.0)

"""What is to be done about an utterance, as it was decided, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.talk.acts import Told

Move = Literal["cancel", "restart", "back", "review", "handover", ""]
Social = Literal["greet", "thank", "chat"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that an utterance calls for; each part gets its due, in the order of the fields.

    ``accept`` answers the offer that stands. ``keep`` are facts to take over, ``corrects`` whether something was taken back, ``change``
    the slot whose new value is still to be told. ``leave`` leaves the slot asked open. ``begin`` opens a task, ``also`` offers a second one after it, ``explain`` says why a
    question is asked or what it means. ``answer`` looks the text up, ``outside`` refuses it, ``result`` brings the result at once.
    ``acknowledge`` says what was understood outside any task, ``missed`` that nothing was. ``why`` names the rows that decided.
    """

    social: tuple[Social, ...] = ()
    accept: bool | None = None
    move: Move = ""
    keep: tuple[Told, ...] = ()
    corrects: bool = False
    change: str = ""
    leave: Literal["unknown", "refuse", ""] = ""
    begin: str = ""
    also: str = ""
    explain: Literal["why", "clarify", ""] = ""
    answer: bool = False
    outside: bool = False
    result: bool = False
    acknowledge: bool = False
    missed: bool = False
    why: tuple[str, ...] = ()

"""What a calculator works with, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.dialogs import Dialog
from bot.talk.acts import Value
from bot.talk.replies import Attachment, Block, Button, Picture

Answers = Mapping[str, Value]
"""What is known, by slot. Yen, people and months are whole numbers; dates ISO text; choices their ids."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a result is worked out from: the facts of the frame that the dialog looks at."""

    kb: KnowledgeBase
    dialog: Dialog
    answers: Answers
    today: date

    def number(self, slot: str) -> int | None:
        """A fact that is a whole number."""
        value = self.answers.get(slot)
        return value if isinstance(value, int) else None

    def chosen(self, slot: str) -> tuple[str, ...]:
        """The options chosen for a slot."""
        value = self.answers.get(slot)
        return value if isinstance(value, tuple) else () if value is None else (str(value),)


@dataclass(frozen=True, slots=True)
class Result:
    """What a dialog comes to with what is known so far.

    ``head`` says it in a sentence, ``blocks`` the rest that fits a phone's screen, and ``more`` what 「続き」 shows. Without anything to
    say yet it is not ``useful``. ``outcome`` is the same for machines; ``focus`` is the entry that follow-ups mean, ``picture`` is drawn
    by the shell.
    """

    head: str
    blocks: tuple[Block, ...] = ()
    more: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    useful: bool = True
    outcome: str = ""
    focus: str = ""
    picture: Picture | None = None
    attachment: Attachment | None = None

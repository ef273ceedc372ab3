"""Whole conversations, as files that anyone can read: one folder for each kind of repair.

A file holds lines of ``利用者:`` (typed), ``押す:`` (a button of the last reply), ``時刻:`` (the clock from here on) and
``ボット:`` (a text that the last reply holds, or one of several parted by ``|``; ``ボットにない:`` one that it does not).
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.replies import Reply
from bot.talk.turns import Pressed, Said

FOLDER = Path(__file__).parent / "conversations"
FILES = sorted(FOLDER.glob("*/*.txt"))
MISSED = frozenset(
    {
        "advice-08",
        "advice-09",
        "advice-10",
        "advice-12",
        "advice-19",
        "advice-23",
        "advice-27",
        "advice-30",
        "advice-38",
        "advice-45",
        "advice-48",
        "advice-49",
        "advice-57",
        "advice-66",
        "advice-arrears",
        "advice-branch-of-corporation",
        "advice-own-words-loan",
        "advice-own-words-size",
        "calculators-desk-topic",
        "calculators-plan-late",
        "cancellations-keeps-on",
        "cancellations-not-confirmed",
        "corrections-blank-again",
        "corrections-date",
        "corrections-part-timers",
        "corrections-total",
        "digressions-after-result",
        "digressions-branch-phone",
        "digressions-definition",
        "digressions-other-dialog",
        "guards-hint-then-buttons",
        "guards-skip-offered",
        "guards-skipped-by-itself",
        "resume-asks-first",
        "resume-keeps-on",
        "several-at-once-introduction",
    }
)
"""Conversations that do not go as they should yet, each for something that is understood wrongly. One that is mended must leave this list."""

START = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


def read(file: Path) -> list[tuple[str, str]]:
    """The lines of a conversation: who or what, and the text."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    return [(kind, text.strip()) for kind, _, text in (line.partition(":") for line in lines)]


def named(file: Path) -> str:
    return f"{file.parent.name}-{file.stem}"


def _cases() -> list[ParameterSet]:
    missed = pytest.mark.xfail(strict=True, reason="not understood yet")
    return [pytest.param(file, id=named(file), marks=missed if named(file) in MISSED else ()) for file in FILES]


@pytest.mark.parametrize("file", _cases())
def test_conversation(kb: KnowledgeBase, file: Path) -> None:
    conversation, now, shown = Conversation(), START, ""
    for kind, text in read(file):
        match kind:
            case "時刻":
                now = datetime.fromisoformat(text)
            case "利用者" | "押す":
                turn = Said(text) if kind == "利用者" else Pressed(_action(conversation, text))
                taken = step(kb, conversation, turn, now)
                conversation, shown = taken.conversation, "\n".join(map(_whole, taken.replies))
            case "ボット":
                assert holds(shown, text)
            case "ボットにない":
                assert _plain(text) not in _plain(shown)
            case _:
                pytest.fail(f"{file}: no such line: {kind}")


def holds(shown: str, text: str) -> bool:
    """Whether one of the texts parted by ``|`` stands in what is shown, white space and width apart."""
    return any(_plain(one) in _plain(shown) for one in text.split("|"))


def _action(conversation: Conversation, label: str) -> str:
    found = [button.action for button in conversation.buttons if button.label == label]
    assert found, f"no button {label} among {[button.label for button in conversation.buttons]}"
    return found[0]


def _whole(reply: Reply) -> str:
    return "\n".join([reply.text, *(button.label for button in reply.buttons)])


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())

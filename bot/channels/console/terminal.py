"""The console for people, with Rich."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from bot.knowledge.base import KnowledgeBase
from bot.step import step
from bot.talk.conversation import Conversation
from bot.talk.replies import Reply
from bot.talk.turns import Said, Started

_console = Console()


def show_answer(answer: dict[str, object]) -> None:
    """Print one answer of ``ask``."""
    _console.print(f"[bold cyan]Q[/] {escape(str(answer['question']))}")
    _console.print(Panel(escape(str(answer["reply"])), border_style="green" if answer["kind"] == "answer" else "yellow"))


def talk(kb: KnowledgeBase) -> int:
    """A conversation until end of input or 「終了」. Buttons are chosen by number or typed."""
    conversation = Conversation()
    taken = step(kb, conversation, Started(), datetime.now(UTC))
    while True:
        conversation = taken.conversation
        for reply in taken.replies:
            _show(reply)
        try:
            text = _console.input("[bold cyan]> [/]")
        except EOFError:
            return 0
        if text.strip() in ("終了", "exit", "quit"):
            return 0
        if text.strip().isdigit() and 0 < int(text) <= len(conversation.buttons):
            text = conversation.buttons[int(text) - 1].label
        taken = step(kb, conversation, Said(text), datetime.now(UTC))


def _show(reply: Reply) -> None:
    _console.print(Panel(escape(reply.text), border_style="green"))
    for number, button in enumerate(reply.buttons, 1):
        _console.print(f"  [bold]{number}[/] {escape(button.label)}")

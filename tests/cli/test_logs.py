"""What fills no disk."""

from __future__ import annotations

import logging

from bot.cli.logs import Sparing


def _line(text: str, number: int = 0) -> logging.LogRecord:
    return logging.LogRecord("bot.some", logging.WARNING, "", 0, text, (number,) if "%d" in text else (), None)


def test_lines_that_are_alike_are_left_out_and_counted() -> None:
    now = 0.0
    sparing = Sparing(lambda: now)

    passed = sum(sparing.filter(_line("call %d failed", number)) for number in range(1000))
    other = sparing.filter(_line("something else"))
    now = 61.0
    after = _line("call %d failed", 1001)

    assert passed == 30
    assert other
    assert sparing.filter(after)
    assert after.getMessage() == "call 1001 failed (before it 970 lines like others were left out)"


def test_lines_of_ever_new_kinds_are_bounded_too() -> None:
    sparing = Sparing(lambda: 0.0)

    assert sum(sparing.filter(_line(f"kind {number}")) for number in range(100_000)) <= 1030

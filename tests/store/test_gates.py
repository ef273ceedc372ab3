"""Rates, as arithmetic."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.store.gates import Gate, Rate

GROUP = Rate(4.0, burst=5)


def test_a_burst_passes_at_once_and_the_next_waits() -> None:
    gate = Gate()
    for _ in range(5):
        assert gate.opens_at(GROUP) <= 100.0
        gate = gate.passed(GROUP, 100.0)

    assert gate.opens_at(GROUP) == 104.0


def test_a_pause_counts_whatever_the_rate_says() -> None:
    assert Gate().paused(130.0).opens_at(GROUP) == 130.0
    assert Gate().paused(130.0).paused(120.0).opens_at(GROUP) == 130.0


def test_a_gate_that_was_quiet_forgets_that_its_chat_was_told() -> None:
    told = Gate(tat=100.0, told=1)

    assert told.passed(GROUP, 99.0).told == 1
    assert told.passed(GROUP, 101.0).told == 0


@given(st.lists(st.floats(0, 10), min_size=1, max_size=80))
def test_no_minute_has_more_than_twenty_messages_to_a_group(pauses: list[float]) -> None:
    gate, now, passed = Gate(), 1000.0, []
    for pause in pauses:
        now = max(now + pause, gate.opens_at(GROUP))
        gate = gate.passed(GROUP, now)
        passed.append(now)

    for start in passed:
        assert sum(start <= moment < start + 60 for moment in passed) <= 20

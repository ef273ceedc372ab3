"""Processes die at bad moments: no update stays without a reply, no chat is answered out of order."""

from __future__ import annotations

import pytest

from benchmarks.chaos import chaos
from tests.chaos.killing import Plan

SHORT = Plan(updates=80, chats=8, kills=1, alive=1.0)


@pytest.mark.parametrize(
    ("database", "delivery", "processes"), [("sqlite", "polling", 1), ("sqlite", "webhook", 1), ("postgresql", "polling", 2)]
)
async def test_a_kill_loses_nothing_and_swaps_nothing(database: str, delivery: str, processes: int) -> None:
    outcome, state_changes_too_many = await chaos(SHORT, database, delivery, processes)

    assert (outcome.lost, outcome.swapped, state_changes_too_many) == (0, 0, 0)
    assert outcome.doubled <= outcome.in_flight

"""Edits, valid and not, while questions come in: a short form of ``python -m benchmarks.reloading``."""

from __future__ import annotations

import pytest

from benchmarks.reloading import Plan, reloading


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_nothing_fails_and_nothing_invalid_is_ever_answered(database: str) -> None:
    outcome = await reloading(Plan(edits=6, rate=10, pause=0, calm=0, database=database))

    assert outcome.edits.total() == 6
    assert (outcome.failed, outcome.never_valid, outcome.unmarked) == (0, 0, 0)
    assert (outcome.untold, outcome.unserved) == (0, 0)
    assert outcome.agrees

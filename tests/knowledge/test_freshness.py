"""What is old, closed, near its end or over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.entries import Citation, Entry, Line, Section, Source
from bot.knowledge.freshness import last_date, past_review, stale

TODAY = date(2026, 11, 23)
GUIDE = Source("guide", "ご案内", "協会", "2026-01", "2026年1月", 6, official=True)
ENTRY = Entry("a", "faq", "甲", "", "guarantee", "受付中", "2026-01", "", (Citation(GUIDE),))


def _until(entry: Entry, *lines: str) -> Entry:
    return replace(entry, sections=(Section("period", tuple(Line(line) for line in lines)),))


def test_an_entry_is_due_when_its_facts_and_its_last_check_are_old() -> None:
    assert past_review(ENTRY, TODAY)
    assert past_review(replace(ENTRY, checked="2026-04-30"), TODAY)
    assert not past_review(replace(ENTRY, checked="2026-05-01"), TODAY)
    assert not past_review(replace(ENTRY, as_of="2026-11"), TODAY)


def test_due_entries_stand_by_source() -> None:
    assert stale([ENTRY, replace(ENTRY, id="b", checked="2026-11")], TODAY).overdue == {"guide": (ENTRY,)}


def test_closed_calls_are_listed_and_nothing_else_is_said_of_them() -> None:
    closed = _until(replace(ENTRY, status="公募終了"), "令和5年3月31日まで")

    found = stale([closed], TODAY)

    assert found.closed == (closed,)
    assert not found.overdue
    assert not found.passed


@pytest.mark.parametrize(
    ("line", "near"), [("2026年11月23日まで", True), ("令和9年1月22日まで", True), ("令和9年1月23日まで", False)]
)
def test_dates_of_the_next_sixty_days_are_near(line: str, near: bool) -> None:
    found = stale([_until(ENTRY, line)], TODAY)

    assert [one.line for one in found.ending] == ([line] if near else [])
    assert not found.passed


def test_a_date_that_is_over_matters_while_the_entry_counts_as_open() -> None:
    over = _until(ENTRY, "令和8年4月1日から令和8年11月22日まで")

    assert [one.day for one in stale([over], TODAY).passed] == [date(2026, 11, 22)]
    assert not stale([replace(over, status="要確認")], TODAY).passed


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成19年10月1日開始", date(2007, 10, 1)),
        ("2027年2月10日から2026年1月5日", date(2027, 2, 10)),
        ("令和8年2月30日", None),
        ("令和8年11月", None),
        ("随時", None),
    ],
)
def test_full_dates_are_read_and_impossible_ones_are_not(text: str, day: date | None) -> None:
    assert last_date(text) == day

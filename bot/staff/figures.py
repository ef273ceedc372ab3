"""What the dashboard counts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.business_days import TOKYO
from bot.knowledge.entries import Entry
from bot.staff.words import OUTCOMES, RATINGS, TOPICS
from bot.store.staffing import Asked

RANGES = (7, 30, 90)
"""Days that the dashboard can look back."""

_MOST_WARDS = 12
_MOST_ENTRIES = 10


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something there were."""

    label: str
    count: int


Counts = tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Questions of some days, counted. ``stages`` and ``topics`` count those that an entry answered."""

    total: int
    daily: Counts
    hourly: Counts
    outcomes: Counts
    ratings: Counts
    topics: Counts
    stages: Counts
    wards: Counts
    entries: Counts

    @property
    def solved(self) -> int:
        return next((one.count for one in self.ratings if one.label == RATINGS["good"]), 0)

    @property
    def wrong(self) -> int:
        return next((one.count for one in self.ratings if one.label == RATINGS["wrong"]), 0)

    @property
    def without_answer(self) -> int:
        return next((one.count for one in self.outcomes if one.label == OUTCOMES["unknown"]), 0)


def first_moment(days: int, now: datetime) -> datetime:
    """When the first of so many days began in Japan; the last one is today.

    >>> first_moment(7, datetime(2026, 11, 23, 16, tzinfo=TOKYO)).isoformat()
    '2026-11-17T00:00:00+09:00'
    """
    today = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days - 1)


def count(asked: Sequence[Asked], entries: Mapping[str, Entry], days: int, now: datetime) -> Figures:
    """Count what was asked in the last ``days``."""
    local = [one.asked_at.astimezone(TOKYO) for one in asked]
    by_day = Counter(moment.date() for moment in local)
    by_hour = Counter(moment.hour for moment in local)
    found = [entries[one.entry] for one in asked if one.entry in entries]
    first = first_moment(days, now).date()
    dates = [first + timedelta(days=number) for number in range(days)]
    names = Counter(one.entry for one in asked if one.entry)
    return Figures(
        total=len(asked),
        daily=tuple(Count(_day(day), by_day[day]) for day in dates),
        hourly=tuple(Count(f"{hour}時", by_hour[hour]) for hour in range(24)),
        outcomes=_named(OUTCOMES, Counter(one.kind for one in asked)),
        ratings=_named(RATINGS, Counter(one.rating for one in asked if one.rating)),
        topics=_most(Counter(TOPICS.get(entry.topic, entry.topic) for entry in found)),
        stages=_stages(found),
        wards=_most(Counter(one.ward for one in asked if one.ward), _MOST_WARDS),
        entries=_most(Counter({_name(id_, entries): number for id_, number in names.items()}), _MOST_ENTRIES),
    )


def _named(labels: Mapping[str, str], counted: Counter[str]) -> Counts:
    known = [Count(label, counted[key]) for key, label in labels.items()]
    return (*known, *(Count(key, number) for key, number in sorted(counted.items()) if key not in labels))


def _most(counted: Counter[str], most: int | None = None) -> Counts:
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Count(label, number) for label, number in ordered[:most])


def _stages(found: Iterable[Entry]) -> Counts:
    counted = Counter(stage for entry in found for stage in entry.stages)
    return tuple(Count(f"段階{stage}", counted[stage]) for stage in range(1, 5)) if counted else ()


def _name(id_: str, entries: Mapping[str, Entry]) -> str:
    return entries[id_].name if id_ in entries else f"{id_}（今はない項目）"


def _day(day: date) -> str:
    return f"{day.month}/{day.day}"

"""How old the knowledge is: what is due for review, what is closed, which dates are near or over."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.knowledge.entries import Entry, Source

SOON = timedelta(days=60)
OPEN = "受付中"
DOUBTFUL = "要確認"
CLOSED = "公募終了"

_DATE = re.compile(r"(?:(平成|令和)(\d{1,2}|元)|(20\d\d))年(\d{1,2})月(\d{1,2})日")
_ERA_START = {"平成": 1988, "令和": 2018}


@dataclass(frozen=True, slots=True)
class Ending:
    """A date that stands in a line about the period in which an entry can be used."""

    entry: Entry
    day: date
    line: str


@dataclass(frozen=True, slots=True)
class OnPage:
    """An entry that rests on a public page, and how old that is."""

    entry: Entry
    line: str


@dataclass(frozen=True, slots=True)
class Stale:
    """What staff should look at: entries whose facts and last check are both past review, those on public pages first, the others
    by main source in ``overdue``; closed calls; dates of the next 60 days; dates that are over in entries that still count as open.
    """

    pages: tuple[OnPage, ...]
    overdue: dict[str, tuple[Entry, ...]]
    closed: tuple[Entry, ...]
    ending: tuple[Ending, ...]
    passed: tuple[Ending, ...]

    @property
    def overdue_count(self) -> int:
        return len(self.pages) + sum(map(len, self.overdue.values()))


def stale(entries: Iterable[Entry], today: date) -> Stale:
    """What of ``entries`` is stale on a day."""
    pages: list[Entry] = []
    overdue: dict[str, list[Entry]] = {}
    closed: list[Entry] = []
    ending: list[Ending] = []
    passed: list[Ending] = []
    for entry in entries:
        if entry.status == CLOSED:
            closed.append(entry)
            continue
        if past_review(entry, today) and entry.sources[0].source.is_page:
            pages.append(entry)
        elif past_review(entry, today):
            overdue.setdefault(entry.sources[0].source.id, []).append(entry)
        for one in _endings(entry):
            if today <= one.day <= today + SOON:
                ending.append(one)
            elif one.day < today and entry.status == OPEN:
                passed.append(one)
    return Stale(
        tuple(OnPage(entry, _read_when(entry.sources[0].source)) for entry in sorted(pages, key=_age_of_page)),
        {source: tuple(found) for source, found in overdue.items()},
        tuple(closed),
        tuple(sorted(ending, key=lambda one: one.day)),
        tuple(sorted(passed, key=lambda one: one.day)),
    )


def status_on(day: date, written: str | None, checked: str | None, until: str | None, *, undated: bool) -> str:
    """An entry's status on a day.

    A call that is over and a doubt stay what an editor wrote. Else an entry can be relied on while the period of its
    source lasts (``until``), and never by a source that bears no date, unless somebody has ``checked`` it since.
    """
    if written is not None and written != OPEN:
        return written
    over = undated or (until is not None and _last_day(until) < day)
    confirmed = checked is not None and (until is None or _last_day(checked) > _last_day(until))
    return DOUBTFUL if over and not confirmed else OPEN


def _last_day(as_of: str) -> date:
    """The last day of a year, month or day.

    >>> str(_last_day("2024-02")), str(_last_day("2024"))
    ('2024-02-29', '2024-12-31')
    """
    year, month, day = (*map(int, as_of.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def _age_of_page(entry: Entry) -> str:
    """Pages without a date come first, then the oldest."""
    return entry.sources[0].source.as_of


def _read_when(page: Source) -> str:
    return f"{page.publisher}（{page.as_of_label}）、{page.read}に読みました"


def past_review(entry: Entry, today: date) -> bool:
    """Whether the entry's facts, and their last check, are older than the main source's review period.

    A public page without a date tells nothing of its age, so that what rests on it is due until somebody has checked it.
    """
    if not entry.sources:
        return False
    source = entry.sources[0].source
    known = max(source.as_of if source.is_page else entry.as_of, entry.checked)
    return not known or due_for_review(known, source.review_months, today)


def due_for_review(as_of: str, months: int, today: date) -> bool:
    """Whether what was known at ``as_of`` (``YYYY[-MM[-DD]]``) is older than ``months``."""
    year, *rest = as_of.split("-")
    return (today.year - int(year)) * 12 + today.month - (int(rest[0]) if rest else 1) > months


def last_date(text: str) -> date | None:
    """The latest full date in a text, in Japanese or western years.

    >>> str(last_date("令和5年4月3日から令和6年2月29日まで"))
    '2024-02-29'
    """
    return max((day for match in _DATE.finditer(text) if (day := _western(match)) is not None), default=None)


def _endings(entry: Entry) -> Iterator[Ending]:
    """The last date of each line about the period."""
    section = entry.section("period")
    for line in section.lines if section is not None else ():
        day = last_date(str(line))
        if day is not None:
            yield Ending(entry, day, str(line))


def _western(match: re.Match[str]) -> date | None:
    era, in_era, year = match[1], match[2], match[3]
    try:
        return date(int(year) if year else _ERA_START[era] + (1 if in_era == "元" else int(in_era)), int(match[4]), int(match[5]))
    except ValueError:
        return None

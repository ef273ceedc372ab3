"""The first page: how the bot is used, in figures, charts and files to take away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bot.clock import steady
from bot.gaps import MOST
from bot.staff.charts import Shape, draw
from bot.staff.exports import as_csv
from bot.staff.figures import RANGES, Counts, Figures, count, first_moment
from bot.staff.forms import Form, Refused
from bot.staff.shell import Staff, Visit, guarded
from bot.staff.speed import speed
from bot.staff.words import OUTCOMES, RATINGS, TOPICS, moment
from bot.store.staffing import Asked

_KEPT_SECONDS = 60.0
_DEFAULT = 30


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the counts it shows."""

    name: str
    title: str
    counts: Counts
    svg: bytes


@dataclass(frozen=True, slots=True)
class Board:
    """The dashboard of a number of days."""

    figures: Figures
    charts: tuple[Chart, ...]

    @property
    def total(self) -> int:
        return self.figures.total


class Boards:
    """Dashboards as they were within the last minute."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[float, Board]] = {}
        self._turn = asyncio.Lock()

    async def board(self, staff: Staff, days: int) -> Board:
        """The dashboard of so many days."""
        async with self._turn:
            until, board = self._kept.get(days, (0.0, None))
            if board is None or until < steady():
                now = staff.worker.now()
                asked = await staff.store.staffing.asked(first_moment(days, now))
                figures = await asyncio.to_thread(count, asked, staff.worker.kb.content.entries, days, now)
                board = Board(figures, await asyncio.to_thread(_charts, figures))
                self._kept[days] = (steady() + _KEPT_SECONDS, board)
            return board


async def show(visit: Visit) -> Response:
    days = _days(visit.query)
    board = await visit.shared(Boards).board(visit.staff, days)
    staff = visit.staff
    return visit.page(
        "dashboard.html",
        days=days,
        ranges=RANGES,
        board=board,
        figures=board.figures,
        waiting=await staff.store.staffing.waiting(),
        left_open=len(await staff.store.staffing.open_questions(MOST)),
        most_open=MOST,
        speed=speed(staff.worker.metrics.turn_seconds),
        since=staff.since,
    )


async def show_chart(visit: Visit) -> Response:
    board = await visit.shared(Boards).board(visit.staff, _days(visit.query))
    name = visit.request.path_params["name"]
    chart = next((one for one in board.charts if one.name == name), None)
    if chart is None:
        raise Refused(404, "このグラフはありません。")
    return Response(chart.svg, media_type="image/svg+xml")


async def take_asked(visit: Visit) -> Response:
    days = _days(visit.query)
    staff = visit.staff
    asked = await staff.store.staffing.asked(first_moment(days, staff.worker.now()))
    header = ("日時", "答えの種類", "項目のid", "項目", "分野", "区市町村", "評価")
    return as_csv(f"questions-{days}", header, await asyncio.to_thread(_rows, staff, asked))


async def take_open(visit: Visit) -> Response:
    questions = await visit.staff.store.staffing.open_questions(MOST)
    rows = [
        (one.id, moment(one.asked_at), OUTCOMES.get(one.kind) or RATINGS.get(one.kind, one.kind), one.text) for one in questions
    ]
    return as_csv("open-questions", ("番号", "日時", "理由", "質問"), rows)


ROUTES = (
    guarded("/", show, "desk"),
    guarded("/charts/{name}.svg", show_chart, "desk"),
    guarded("/export/questions.csv", take_asked, "desk"),
    guarded("/export/open-questions.csv", take_open, "desk"),
)


def _days(query: Form) -> int:
    days = query.raw("days", 10)
    return int(days) if days in {str(one) for one in RANGES} else _DEFAULT


def _charts(figures: Figures) -> tuple[Chart, ...]:
    wanted: tuple[tuple[str, str, Counts, Shape], ...] = (
        ("daily", "1日ごとの質問", figures.daily, "columns"),
        ("outcomes", "答えの種類", figures.outcomes, "bars"),
        ("ratings", "利用者の評価", figures.ratings, "bars"),
        ("entries", "よく答えた項目", figures.entries, "bars"),
        ("topics", "分野", figures.topics, "bars"),
        ("wards", "区市町村", figures.wards, "bars"),
        ("stages", "海外展開の段階", figures.stages, "bars"),
        ("hours", "時刻", figures.hourly, "columns"),
    )
    return tuple(
        Chart(name, title, counts, draw(counts, shape))
        for name, title, counts, shape in wanted
        if any(one.count for one in counts)
    )


def _rows(staff: Staff, asked: Sequence[Asked]) -> list[tuple[str, ...]]:
    entries = staff.worker.kb.content.entries
    rows: list[tuple[str, ...]] = []
    for one in asked:
        entry = entries.get(one.entry)
        name, topic = (entry.name, TOPICS.get(entry.topic, entry.topic)) if entry is not None else ("", "")
        kind, rating = OUTCOMES.get(one.kind, one.kind), RATINGS.get(one.rating, one.rating)
        rows.append((moment(one.asked_at), kind, one.entry, name, topic, one.ward, rating))
    return rows

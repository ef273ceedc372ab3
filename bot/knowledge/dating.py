"""Dates and stages that cannot be: days that no calendar has, days still to come, a status or a stage that the source denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.knowledge.build import Dated, as_known, dated_sources, status_of
from bot.knowledge.files import LoadedFile, Located
from bot.knowledge.freshness import DOUBTFUL, OPEN
from bot.knowledge.passages import passages
from bot.knowledge.problems import Position, Problem
from bot.knowledge.source_schema import Source

_FULL = re.compile(r"(?:(昭和|平成|令和)\s*(\d{1,2}|元)|(\d{4}))\s*年\s*(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日)?")
_ERAS = {"昭和": (1925, 64), "平成": (1988, 31), "令和": (2018, 99)}
_STEP = re.compile(r"STEP\s*([1-4])")


def wrong_dates(files: Sequence[LoadedFile], located: Sequence[Located], today: date) -> Iterator[Problem]:
    """Dates that are impossible, or later than ``today`` where only the past can be meant; and what contradicts a source's date."""
    sources = dated_sources(files)
    for file in files:
        for number, source in enumerate(file.content.sources):
            yield from _known(source.as_of, file.at("sources", number, "as_of"), today)
    for one in located:
        yield from _of_entry(one, sources, today)
        for passage in passages(one):
            for match in _FULL.finditer(passage.text):
                if not _exists(match):
                    yield Problem(passage.at, f"「{match[0]}」という日付はありません。資料で確かめてください")


def _of_entry(one: Located, sources: dict[str, Dated], today: date) -> Iterator[Problem]:
    entry = one.entry
    if entry.checked:
        yield from _known(entry.checked, one.at("checked"), today)
    for number, older in enumerate(entry.older):
        yield from _known(older.as_of, one.at("older", number, "as_of"), today)
        if older.source in sources and older.as_of != as_known(sources[older.source]):
            yield Problem(
                one.at("older", number, "as_of"),
                f"資料「{older.source}」の時点は {as_known(sources[older.source])} です。出来事の日付は文の中に書いてください",
            )
    source = sources.get(entry.sources[0].id)
    if source is None:
        return
    if entry.as_of is not None and entry.as_of != as_known(source):
        yield Problem(
            one.at("as_of"),
            f"情報の時点は、主な出典「{source.id}」の {as_known(source)} です。この行は要りません。出来事の日付は文の中に書いてください",
        )
    if isinstance(source, Source) and entry.status == OPEN and status_of(entry, sources, today) == DOUBTFUL:
        yield Problem(
            one.at("status"),
            f"出典「{source.id}」の期間は終わったか、日付がないので、受付中とは言えません。"
            "窓口などで確かめたら checked に日付を書き、まだなら status の行を消してください",
        )
    told = {int(step) for cited in entry.sources for step in _STEP.findall(cited.place or "")}
    if told and entry.stages and not told & set(entry.stages):
        steps = "・".join(map(str, sorted(told)))
        yield Problem(
            one.at("stages"), f"資料の見出しは STEP{steps} ですが、stages は{entry.stages}です。どちらかを直してください"
        )


def _known(as_of: str, at: Position, today: date) -> Iterator[Problem]:
    year, month, day = (*map(int, as_of.split("-")), 1, 1)[:3]
    try:
        first = date(year, month, day)
    except ValueError:
        yield Problem(at, f"「{as_of}」という日付はありません。カレンダーで確かめてください")
        return
    if first > today:
        yield Problem(at, f"「{as_of}」は、まだ来ていない日付です。資料の日付か、確かめた日を書いてください")


def _exists(match: re.Match[str]) -> bool:
    era, in_era, year, month, day = match.groups()
    starts, longest = _ERAS.get(era or "", (0, 0))
    counted = int(year) if year else 1 if in_era == "元" else int(in_era)
    if era and not 1 <= counted <= longest:
        return False
    try:
        date(starts + counted, int(month), int(day or 1))
    except ValueError:
        return False
    return True

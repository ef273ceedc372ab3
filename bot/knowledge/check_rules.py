"""Checks that the rule tables refer to what exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.knowledge.files import LoadedFile
from bot.knowledge.problems import Problem
from bot.knowledge.schema import RuleTable

SIZE_TABLE = "sme-size-table"
"""The table of sizes by industry that ``industries`` point into."""


def check_rules(files: Sequence[LoadedFile], known: Collection[str]) -> Iterator[Problem]:
    """Problems of references from rule tables to entries, and from industries to the size table."""
    for file in files:
        for path, other in _references(file):
            if other not in known:
                yield Problem(file.at(*path), f"「{other}」という id の項目はありません。つづりを確かめてください")
    rows = {
        row[0]
        for file in files
        for _, _, entry in file.entries()
        if isinstance(entry, RuleTable) and entry.id == SIZE_TABLE
        for row in entry.rows
    }
    for file in files:
        for number, industry in enumerate(file.content.industries):
            if rows and industry.row not in rows:
                yield Problem(
                    file.at("industries", number, "row"),
                    f"規模の表に「{industry.row}」という行はありません。{SIZE_TABLE} の業種の欄と同じに書いてください",
                )


def _references(file: LoadedFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    content = file.content
    for number, advice in enumerate(content.stage_advice):
        for place, other in enumerate(advice.programs):
            yield ("stage_advice", number, "programs", place), other
        for place, other in enumerate(advice.contacts):
            yield ("stage_advice", number, "contacts", place), other
    for number, need in enumerate(content.need_programs):
        for place, other in enumerate(need.programs):
            yield ("need_programs", number, "programs", place), other
    for number, match in enumerate(content.loan_matches):
        yield ("loan_matches", number, "program"), match.program
    for number, top_up in enumerate(content.ward_top_ups):
        yield ("ward_top_ups", number, "entry"), top_up.entry

"""Checks that the rule tables refer to what exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

from bot.knowledge.files import LoadedFile
from bot.knowledge.problems import Problem
from bot.knowledge.schema import RuleTable

SIZE_TABLE = "sme-size-table"
"""The table of sizes by industry that ``industries`` point into."""

RATE_TABLE = "hoshoryo-rate-9"
"""The table of guarantee fees by class that ``fee_factors`` are applied to."""

_FORMS = {
    RATE_TABLE: ((r".", r"年\d+\.\d+%", r"年\d+\.\d+%"), "「年1.15%」の形で"),
    "tekisai-kijun": ((r"\d円|[万億]円", *[r"\d(?:%|倍)以上"] * 4), "名前に金額を、ほかは「20%以上」「1.5倍以上」の形で"),
}
"""Tables that are computed with: what each cell of a row must hold, and how to say so."""

_CLASSES = 9


def check_rules(files: Sequence[LoadedFile], known: Collection[str]) -> Iterator[Problem]:
    """Problems of references from rule tables to entries, and from industries to the size table."""
    for file in files:
        for path, other in _references(file):
            if other not in known:
                yield Problem(file.at(*path), f"「{other}」という id の項目はありません。つづりを確かめてください")
    yield from _tables(files, known)
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
    for number, top_up in enumerate(content.ward_top_ups):
        yield ("ward_top_ups", number, "entry"), top_up.entry


def _tables(files: Sequence[LoadedFile], known: Collection[str]) -> Iterator[Problem]:
    """A table that cannot be computed with would fail each turn that needs it."""
    for file in files:
        if file.content.fee_factors and RATE_TABLE not in known:
            yield Problem(
                file.at("fee_factors"), f"保証料率の表「{RATE_TABLE}」がありません。id を変えたときは、元に戻してください"
            )
        for section, index, entry in file.entries():
            if not isinstance(entry, RuleTable) or entry.id not in _FORMS:
                continue
            forms, hint = _FORMS[entry.id]
            if entry.id == RATE_TABLE and len(entry.rows) != _CLASSES:
                yield Problem(file.at(section, index, "rows"), f"区分1から区分{_CLASSES}まで、{_CLASSES}行を書いてください")
            for number, row in enumerate(entry.rows):
                for place, (form, cell) in enumerate(zip_longest(forms, row)):
                    if form is not None and not re.search(form, cell or ""):
                        at = file.at(section, index, "rows", number, place)
                        yield Problem(at, f"この表は計算に使います。{hint}書いてください")

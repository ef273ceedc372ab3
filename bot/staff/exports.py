"""Tables to take away, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file that Excel opens as UTF-8, in which nothing is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def cell(value: object) -> str:
    """A value as text that a spreadsheet shows and does not carry out.

    >>> cell("=1+1"), cell("融資"), cell(3)
    ("'=1+1", '融資', '3')
    """
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

"""What can be relied on: it follows from the source's period, the day, and the day on which somebody checked it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.consistency import load_content
from bot.knowledge.freshness import status_on
from bot.knowledge.live import Library
from bot.nlp.encoder import Encoder
from tests import editing

LAST_DAY, NEXT_DAY = date(2024, 3, 31), date(2024, 4, 1)


@pytest.mark.parametrize(
    ("written", "checked", "until", "undated", "day", "status"),
    [
        (None, None, None, False, NEXT_DAY, "受付中"),
        (None, None, "2024-03", False, LAST_DAY, "受付中"),
        (None, None, "2024-03", False, NEXT_DAY, "要確認"),
        (None, "2024-05-10", "2024-03", False, date(2024, 5, 10), "受付中"),
        (None, "2024-02-10", "2024-03", False, NEXT_DAY, "要確認"),
        (None, None, None, True, NEXT_DAY, "要確認"),
        (None, "2024-04-01", None, True, NEXT_DAY, "受付中"),
        ("公募終了", "2024-05-10", "2024-03", False, date(2024, 5, 10), "公募終了"),
        ("要確認", None, None, False, LAST_DAY, "要確認"),
    ],
)
def test_the_status_follows_from_the_source_and_the_day(
    written: str | None, checked: str | None, until: str | None, undated: bool, day: date, status: str
) -> None:
    assert status_on(day, written, checked, until, undated=undated) == status


def test_an_entry_is_to_be_confirmed_from_the_day_on_which_its_source_ends(tmp_path: Path) -> None:
    folder = _with_period(tmp_path, "2026-11")

    before = load_content(folder, date(2026, 11, 30)).entries["lantern"]
    after = load_content(folder, date(2026, 12, 1)).entries["lantern"]

    assert (before.status, after.status) == ("受付中", "要確認")


def test_the_date_of_the_information_is_the_first_sources(tmp_path: Path) -> None:
    assert load_content(_with_period(tmp_path, "2026-11")).entries["lantern"].as_of == "2026-01"


def test_what_serves_knows_the_new_day(tmp_path: Path, encoder: Encoder) -> None:
    library = Library(_with_period(tmp_path, "2020-01"), encoder, None)

    assert library.kb.content.entries["lantern"].status == "要確認"
    assert library.reload() == "same"


def _with_period(folder: Path, until: str) -> Path:
    made = editing.small(folder)
    editing.replace(made / "sources.yaml", "official: true", f"official: true, until: {until}")
    for name in ("lantern.yaml", "signboard.yaml"):
        editing.replace(made / name, "    status: 受付中\n", "")
    return made

"""When the staff can be asked, and when a question has waited too long."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk import Desk

JAPAN = ZoneInfo("Asia/Tokyo")
DESK = Desk("telegram:-1", time(9), time(17), timedelta(hours=2))


def _japan(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param(_japan(20, 9), True, id="at opening on a Friday"),
        pytest.param(_japan(20, 17), False, id="at closing"),
        pytest.param(_japan(21, 12), False, id="Saturday"),
        pytest.param(_japan(23, 12), False, id="a public holiday on a Monday"),
        pytest.param(_japan(30, 12, month=12), False, id="before New Year"),
        pytest.param(_japan(24, 0, 30).astimezone(ZoneInfo("UTC")), False, id="Tuesday night in Japan"),
        pytest.param(_japan(24, 9, 30).astimezone(ZoneInfo("UTC")), True, id="Tuesday morning in Japan, told in UTC"),
    ],
)
def test_the_desk_is_open_in_its_hours_on_business_days_in_japan(moment: datetime, is_open: bool) -> None:
    assert DESK.is_open(moment) is is_open


@pytest.mark.parametrize(
    ("now", "overdue"),
    [
        pytest.param(_japan(20, 15), _japan(20, 13), id="within a day"),
        pytest.param(_japan(20, 11), _japan(20, 9), id="since opening"),
        pytest.param(_japan(20, 10), _japan(19, 16), id="from the day before"),
        pytest.param(_japan(24, 9, 30), _japan(20, 15, 30), id="over a weekend and a holiday"),
        pytest.param(_japan(22, 12), _japan(20, 15), id="asked for on a Sunday"),
        pytest.param(_japan(20, 20), _japan(20, 15), id="after closing"),
    ],
)
def test_only_open_time_counts_as_waiting(now: datetime, overdue: datetime) -> None:
    assert DESK.overdue(now) == overdue


def test_a_patience_longer_than_a_day_reaches_back_over_days() -> None:
    patient = Desk("telegram:-1", time(9), time(17), timedelta(hours=20))

    assert patient.overdue(_japan(20, 13)) == _japan(18, 9)

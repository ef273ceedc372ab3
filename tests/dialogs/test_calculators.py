"""Calculators against the worked examples of their sources, and what must hold for every input."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.calculators import kyosai
from bot.dialogs.calculators.fee import CLASSES, borne, factor_of, fee, rates
from bot.dialogs.deadlines import business_day_before, deadline, reminders, schedule
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.sizes import is_small, is_sme, size_of

AMOUNTS = st.integers(min_value=1, max_value=10**9)
MONTHS = st.integers(min_value=1, max_value=240)
RATES = st.sampled_from([Decimal(one) for one in ("0.45", "0.60", "1.15", "1.90", "2.20")])


def test_the_corporations_own_example() -> None:
    assert fee(12_000_000, Decimal("1.15"), 24) == 276_000
    assert fee(12_000_000, Decimal("1.15"), 24, Decimal("0.60")) == 165_600


def test_deferred_months_have_no_factor() -> None:
    assert fee(12_000_000, Decimal("1.15"), 24, Decimal("0.60"), deferment=6) == 69_000 + 124_200


def test_what_is_below_one_yen_is_cut_off() -> None:
    assert fee(1_000_000, Decimal("1.15"), 1) == 958


@pytest.mark.parametrize(
    ("payments", "equal", "uneven"),
    [
        *[(1, "1", "1"), (2, "0.70", "0.77"), (6, "0.70", "0.77"), (7, "0.65", "0.72"), (12, "0.65", "0.72")],
        *[(13, "0.60", "0.66"), (24, "0.60", "0.66"), (25, "0.55", "0.61"), (120, "0.55", "0.61")],
    ],
)
def test_the_factors_by_number_of_payments(kb: KnowledgeBase, payments: int, equal: str, uneven: str) -> None:
    factors = kb.content.rules.fee_factors

    assert factor_of(factors, payments, even=True) == Decimal(equal)
    assert factor_of(factors, payments, even=False) == Decimal(uneven)


def test_the_rates_by_class_come_from_the_guide(kb: KnowledgeBase) -> None:
    shared, outside = rates(kb, shared=True), rates(kb, shared=False)

    assert [shared[number] for number in CLASSES] == sorted(shared.values(), reverse=True)
    assert (shared[1], shared[5], shared[9]) == (Decimal("1.90"), Decimal("1.15"), Decimal("0.45"))
    assert (outside[1], outside[9]) == (Decimal("2.20"), Decimal("0.50"))


@given(AMOUNTS, RATES, MONTHS)
def test_more_money_or_more_time_never_costs_less(amount: int, rate: Decimal, months: int) -> None:
    assert fee(amount + 1000, rate, months) >= fee(amount, rate, months)
    assert fee(amount, rate, months + 1) >= fee(amount, rate, months)


@given(AMOUNTS, RATES, MONTHS, st.sampled_from(["0.70", "0.55", "0.77"]))
def test_instalments_never_cost_more_than_a_lump_sum(amount: int, rate: Decimal, months: int, factor: str) -> None:
    assert fee(amount, rate, months, Decimal(factor)) <= fee(amount, rate, months)


@given(AMOUNTS, RATES, MONTHS, st.data())
def test_deferment_lies_between_instalments_and_a_lump_sum(amount: int, rate: Decimal, months: int, data: st.DataObject) -> None:
    deferment = data.draw(st.integers(min_value=0, max_value=months))

    deferred = fee(amount, rate, months, Decimal("0.60"), deferment)

    assert fee(amount, rate, months, Decimal("0.60")) <= deferred <= fee(amount, rate, months)


@given(st.integers(min_value=0, max_value=10**8))
def test_a_wards_subsidy_never_pays_more_than_the_fee(kb: KnowledgeBase, total: int) -> None:
    chuo = next(one for one in kb.content.rules.ward_top_ups if one.ward == "中央区")

    assert 0 <= borne(total, chuo) <= total


def test_chuo_pays_the_rest_up_to_three_hundred_thousand(kb: KnowledgeBase) -> None:
    chuo = next(one for one in kb.content.rules.ward_top_ups if one.ward == "中央区")

    assert borne(600_000, chuo) == 0
    assert borne(950_000, chuo) == 175_000


@pytest.mark.parametrize(
    ("premium", "months", "loss", "lent"),
    [(100_000, 30, 20_000_000, 20_000_000), (200_000, 40, 100_000_000, 80_000_000), (5_000, 1, None, 50_000)],
)
def test_mutual_aid(premium: int, months: int, loss: int | None, lent: int) -> None:
    assert kyosai.lendable(premium, months, loss) == lent


@given(
    st.integers(min_value=1, max_value=40), st.integers(min_value=1, max_value=600), st.integers(min_value=0, max_value=10**10)
)
def test_mutual_aid_keeps_to_all_its_limits(steps: int, months: int, loss: int) -> None:
    lent = kyosai.lendable(steps * 5_000, months, loss)

    assert lent <= min(loss, 80_000_000, steps * 5_000 * months * 10)


@pytest.mark.parametrize(
    ("answers", "sme", "small"),
    [
        ({"industry": "manufacturing", "employees": 20, "capital": 400_000_000}, True, True),
        ({"industry": "manufacturing", "employees": 301, "capital": 300_000_000}, True, False),
        ({"industry": "manufacturing", "employees": 301, "capital": 300_000_001}, False, False),
        ({"industry": "wholesale", "employees": 6, "capital": 0}, True, False),
        ({"industry": "retail-food", "employees": 50}, True, False),
        ({"industry": "retail-food", "employees": 51}, None, False),
        ({"industry": "service", "capital": 50_000_000}, True, None),
        ({"industry": "rubber", "employees": 900}, True, False),
        ({"industry": "tyre", "employees": 301, "capital": 400_000_000}, False, False),
        ({"industry": "rubber", "employees": 301, "form": "npo"}, False, False),
        ({"industry": "ryokan", "employees": 101, "form": "npo", "capital": 1}, False, False),
        ({"industry": "lodging", "employees": 6, "form": "npo"}, True, False),
        ({"industry": "lodging", "employees": 20}, True, True),
        ({"industry": "medical", "employees": 300}, True, False),
        ({"industry": "medical", "employees": 301, "capital": 1}, False, False),
        ({"industry": "software", "employees": 21, "capital": 0}, True, False),
    ],
)
def test_sizes_by_industry(kb: KnowledgeBase, answers: dict[str, int | str], sme: bool | None, small: bool | None) -> None:
    size = size_of(kb.content, answers)

    assert size is not None
    assert (is_sme(size, answers), is_small(size, answers)) == (sme, small)


def test_every_industry_has_a_size(kb: KnowledgeBase) -> None:
    for industry in kb.content.rules.industries:
        assert size_of(kb.content, {"industry": industry.id}) is not None


def test_a_deadline_falls_on_a_day_when_desks_are_open() -> None:
    assert deadline(date(2026, 10, 31)) == date(2027, 1, 29)
    assert business_day_before(date(2027, 1, 1)) == date(2026, 12, 28)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)))
def test_reminders_come_in_order_and_before_the_deadline(executed: date) -> None:
    last = deadline(executed)
    days = reminders(last)

    assert days == sorted(days)
    assert all(day < last and business_day_before(day) == day for day in days)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)))
def test_a_schedule_runs_forward(needed: date) -> None:
    days = [day for day, _ in schedule(needed)]

    assert days == sorted(days)

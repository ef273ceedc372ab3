"""Calculators against the worked examples of their sources, and what must hold for every input."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs import agenda
from bot.dialogs.calculators import CALCULATORS, instalments, kyosai, refund
from bot.dialogs.calculators.fee import CLASSES, borne, factor_of, fee, rates
from bot.dialogs.case import Case, Result
from bot.dialogs.deadlines import business_day_before, deadline, reminders, schedule
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.sizes import is_small, is_sme, size_of
from bot.talk.acts import Value

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


@pytest.mark.parametrize(
    ("months", "rates"),
    [
        *[(1, (0, 0, 0)), (11, (0, 0, 0)), (12, (80, 85, 75)), (23, (80, 85, 75)), (24, (85, 90, 80)), (29, (85, 90, 80))],
        *[(30, (90, 95, 85)), (35, (90, 95, 85)), (36, (95, 100, 90)), (39, (95, 100, 90)), (40, (100, 100, 95))],
    ],
)
def test_the_rates_of_a_cancelled_mutual_aid_come_from_the_page(
    kb: KnowledgeBase, months: int, rates: tuple[int, int, int]
) -> None:
    assert tuple(refund.rates_of(kb, months).values()) == rates


def test_a_cancelled_mutual_aid_pays_less_a_tenth_of_what_was_borrowed() -> None:
    assert refund.refund(100_000, 36, 95) == 3_420_000
    assert refund.refund(200_000, 60, 100, borrowed=10_000_000) == 7_000_000
    assert refund.refund(5_000, 12, 80, borrowed=80_000_000) == 0


@given(
    st.integers(min_value=1, max_value=40),
    st.integers(min_value=1, max_value=600),
    st.integers(min_value=0, max_value=80_000_000),
)
def test_a_refund_keeps_to_the_premiums_and_grows_with_time(kb: KnowledgeBase, steps: int, months: int, borrowed: int) -> None:
    premium = steps * 5_000
    for kind, rate in refund.rates_of(kb, months).items():
        paid = refund.refund(premium, months, rate, borrowed)
        assert 0 <= paid <= min(premium * months, 8_000_000)
        assert paid <= refund.refund(premium, months, rate)
        assert paid <= refund.refund(premium, months + 1, refund.rates_of(kb, months + 1)[kind], borrowed)


@given(st.integers(min_value=1, max_value=40), st.integers(min_value=1, max_value=600))
def test_the_organisation_pays_back_least_and_a_deemed_cancelling_most(kb: KnowledgeBase, steps: int, months: int) -> None:
    rates = refund.rates_of(kb, months)

    assert rates["organisation"] <= rates["voluntary"] <= rates["deemed"]


def test_instalments_of_a_fee_are_those_of_the_corporations_example(kb: KnowledgeBase) -> None:
    shares = instalments.shares_of(kb, 120)

    assert instalments.payments(1_545_750, shares) == (541_013, 463_725, 309_150, 154_575, 77_287)


@pytest.mark.parametrize(
    ("months", "times"), [(1, 0), (24, 0), (25, 2), (48, 2), (49, 3), (72, 3), (73, 4), (96, 4), (97, 5), (120, 5), (121, 0)]
)
def test_a_fee_is_paid_in_more_instalments_the_longer_the_term(kb: KnowledgeBase, months: int, times: int) -> None:
    assert len(instalments.shares_of(kb, months)) == times


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=25, max_value=120))
def test_instalments_make_up_the_fee_and_never_grow(kb: KnowledgeBase, total: int, months: int) -> None:
    shares = instalments.shares_of(kb, months)
    paid = instalments.payments(total, shares)

    assert sum(shares) == 100
    assert sum(paid) == total
    assert list(paid) == sorted(paid, reverse=True)


def _of(kb: KnowledgeBase, name: str, answers: dict[str, Value], today: date = date(2026, 11, 23)) -> Result:
    dialog = agenda.dialog_of(kb, name)
    assert dialog is not None
    return CALCULATORS[dialog.calculator](Case(kb, dialog, answers, today))


def _text(result: Result) -> str:
    return "\n".join((result.head, *(block.text for block in result.blocks)))


def test_the_fee_for_the_other_ways_of_repaying_stands_beside_it(kb: KnowledgeBase) -> None:
    told: dict[str, Value] = {"amount": 3_000_000, "months": 36, "fee_class": 3}

    lump, equal = _of(kb, "fee", told | {"repayment": "lump"}), _of(kb, "fee", told | {"repayment": "equal"})

    assert "139,500円" in lump.head
    assert "76,725円" in equal.head
    assert "均等の分割 76,725円" in _text(lump)
    assert "一括 139,500円" in _text(equal)


def test_the_fee_alone_knows_what_a_ward_adds_before_the_amount_is_known(kb: KnowledgeBase) -> None:
    assert "30万円" in _of(kb, "fee", {"municipality": "中央区"}).head
    assert not _of(kb, "fee", {"municipality": "港区"}).useful


def test_whoever_asks_to_join_is_told_what_can_be_paid(kb: KnowledgeBase) -> None:
    joining = _text(_of(kb, "kyosai", {"business_age": 36}))

    assert "20万円" in joining
    assert "800万円" in joining


@pytest.mark.parametrize(
    ("day", "said"),
    [("2027-09-30", "間に合う見込みです"), ("2027-01-20", "ぎりぎり"), ("2026-12-14", "間に合わない見込みです")],
)
def test_a_needed_day_is_first_told_to_be_in_time_or_not(kb: KnowledgeBase, day: str, said: str) -> None:
    assert said in _of(kb, "plan", {"which": "needed", "day": day}).head


def test_a_loan_cannot_have_been_paid_out_on_a_day_to_come(kb: KnowledgeBase) -> None:
    ahead, past = (_of(kb, "plan", {"which": "executed", "day": day}) for day in ("2027-09-30", "2026-11-16"))

    assert "資金が要る場合" in ahead.head
    assert "補助の申請の期限" in past.head


def test_a_customer_who_absconded_is_no_bankruptcy_for_the_mutual_aid(kb: KnowledgeBase) -> None:
    result = _of(kb, "kyosai", {"trouble": ("absconded",), "loss": 2_400_000, "premium": 50_000, "paid_months": 60})

    assert "借入れの対象になりません" in result.head
    assert "夜逃げなどは含まれません" in result.head
    assert result.outcome == "no bankruptcy"


def test_who_wants_to_pay_more_than_the_most_learns_whether_and_how_much(kb: KnowledgeBase) -> None:
    result = _of(kb, "kyosai", {"business_age": 36, "industry": "retail-food", "employees": 4, "premium": 250_000})

    assert result.outcome == "yes"
    assert any("20万円" in block.text for block in result.blocks)

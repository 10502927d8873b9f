"""Rents from filed figures: the maturity table amortised anew, the liability by closed forms."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spv_sim.closing.close import close
from spv_sim.closing.filed_rent import lessee_liability, payments_by_period, solve_maturity
from spv_sim.closing.lessee_liability import LesseeLiability, implicit_rate
from spv_sim.errors import UserError
from spv_sim.scenario.filed_lease import MaturityTable
from tests.closing.deals import base

FILED = MaturityTable(
    at=date(2026, 3, 31),
    balance="9,041 m USD",
    payments_left="11,717 m USD",
    principal={f"{2026 + n}-12-31": f"{p} m USD" for n, p in enumerate((801, 1540, 1938, 2393, 2460))},
    source="",
)


@pytest.mark.parametrize(("every", "expected"), [(3, 0.10384), (1, 0.10694)])
def test_principal_and_interest_sum_to_the_payments_left(every: int, expected: float) -> None:
    """Amortised payment by payment: each period repays its principal, and all payments sum to the filed."""
    solution = solve_maturity(FILED, every)
    balance, paid, interest = 9041.0, 0.0, 0.0
    scale = 9041 / 9132
    for (months, principal), payment in zip(
        ((9, 801), (12, 1540), (12, 1938), (12, 2393), (12, 2460)), solution.payments / 1e6, strict=True
    ):
        before = balance
        for _ in range(months // every):
            accrued = balance * solution.rate * every / 12
            interest, paid = interest + accrued, paid + payment
            balance += accrued - payment
        assert before - balance == pytest.approx(principal * scale, rel=1e-11)
    assert paid == pytest.approx(11_717, rel=1e-12)
    assert interest == pytest.approx(11_717 - 9041, rel=1e-11)
    assert solution.rate == pytest.approx(expected, abs=5e-6)


def test_payments_by_period_at_a_rate_of_almost_nothing_are_the_principal() -> None:
    counts, payments = payments_by_period(FILED, 3, 1e-6)
    assert list(counts) == [3, 4, 4, 4, 4]
    np.testing.assert_allclose(counts @ payments, 9041e6, rtol=1e-5)


@given(rate=st.floats(0.001, 2), count=st.integers(1, 60), every=st.sampled_from([1, 3]))
@example(rate=0.001, count=11, every=1)  # where rounding is all that is left of a step
@settings(max_examples=50, deadline=None)
def test_the_implicit_rate_of_an_annuity(rate: float, count: int, every: int) -> None:
    step = rate * every / 12
    owed = -np.expm1(-count * np.log1p(step)) / step
    # the present value is known to its rounding, 1e-15 x count, over its duration of at least a step
    assert implicit_rate(np.ones(count), owed, every) == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize("name", ["valor-1", "valor-2", "valor-3", "valor-1-level", "valor-2-level"])
def test_the_rents_are_paid_as_filed_and_clear_the_liability(name: str) -> None:
    scenario = base(name)
    closed = close(scenario)
    of, filed = closed.liability, scenario.lease.filed
    assert of is not None
    assert filed is not None
    assert of.first + of.payments.sum() == pytest.approx(filed.total.amount, rel=1e-12)
    # what the engine pays is what the liability says, month by month
    due = closed.terms.deal.assets.lease.rent_due
    paid = np.flatnonzero(due)
    assert list(paid) == [of.every * (n + 1) for n in range(len(of.payments))]
    np.testing.assert_allclose(due[paid], of.payments, rtol=1e-12)
    # unrolled at the rate, nothing is left
    owed = of.opening - of.first
    for payment in of.payments:
        owed += owed * of.rate * of.every / 12 - payment
    assert abs(owed) <= 1e-9 * of.opening
    last = of.begin.replace(year=of.begin.year + 6)
    assert of.balance(last) == 0
    assert of.interest(of.eve, last) == pytest.approx(filed.total.amount - of.opening, rel=1e-12)
    assert of.paid(of.eve, last) == pytest.approx(filed.total.amount, rel=1e-12)


def test_rents_step_with_the_calendar_of_the_table() -> None:
    of = lessee_liability(base("valor-1"))
    assert of is not None
    levels = solve_maturity(FILED, 3).payments
    # four payments a year from February 2026 on, at the filed ratios from year to year
    expected = (levels / levels[0]).repeat(4)
    np.testing.assert_allclose(of.payments / of.payments[0], expected, rtol=1e-12)


def test_level_rents_are_equal() -> None:
    of = lessee_liability(base("valor-1-level"))
    assert of is not None
    np.testing.assert_allclose(of.payments, (6986e6 - 885e6) / 20, rtol=1e-14)


def test_a_period_splits_without_a_rest() -> None:
    """Principal, interest and payments of two periods add up to those of both, wherever it is cut."""
    of = LesseeLiability(date(2026, 1, 31), 100.0, 10.0, np.full(8, 13.0), 3, 0.1)
    start, end = of.eve, date(2028, 12, 31)
    for days in range(1, 1000, 37):
        cut = start + timedelta(days=days)
        for flow in (of.principal, of.interest, of.paid):
            assert flow(start, cut) + flow(cut, end) == pytest.approx(flow(start, end), abs=1e-12)
    assert of.balance(date(2026, 1, 30)) == 0
    assert of.balance(date(2026, 1, 31)) == 90
    assert of.balance(date(2026, 4, 30)) == pytest.approx(90 * 1.025 - 13, rel=1e-15)
    assert of.principal(start, date(2026, 1, 31)) == 10


def test_a_first_payment_above_what_is_owed_is_refused() -> None:
    with pytest.raises(UserError, match=r"lease\.first_payment: exceeds the opening liability"):
        close(base("valor-1", "lease.first_payment=6 bn USD"))


def test_a_rent_said_otherwise_replaces_the_filed_one() -> None:
    closed = close(base("valor-1", "lease.rate=1.20 USD/GPU-hour"))
    assert closed.liability is None
    due = closed.terms.deal.assets.lease.rent_due
    np.testing.assert_allclose(due[due > 0], 110_000 * 1.2 * 730 * 3, rtol=1e-14)


def test_a_lease_that_begins_after_closing_is_paid_from_its_beginning() -> None:
    """The second lease as part of a programme that closed three months before it."""
    later = ("deal.closing=2025-11-18", "grid.construction=3 months", "fleet.batch.first.delivery=3 months")
    alone, part = (lessee_liability(base("valor-2", *sets)) for sets in ((), later))
    assert alone is not None
    assert part is not None
    assert part.begin == alone.begin
    assert part.rate == alone.rate
    np.testing.assert_array_equal(part.payments, alone.payments)
    due = close(base("valor-2", *later)).terms.deal.assets.lease.rent_due
    np.testing.assert_allclose(due[3 + 3 :: 3][:19], alone.payments, rtol=1e-12)

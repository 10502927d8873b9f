"""Floating debt on simulated paths: coupons, what they discount to, and what a deal owes at them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.closing.discount_curve import discount_factor
from spv_sim.closing.hull_white import bond
from spv_sim.closing.short_rate_terms import hull_white_of
from spv_sim.engine.cpu import ledgers, run_chunk
from spv_sim.kernel.jit import PLAIN
from tests.floating.deals import SEED, columns_of, floating, senior, with_coupon
from tests.market.test_short_rate import run as run_market

PATHS = 64 if PLAIN else 1 << 14
FLAT = ("rates.curve.level=0 %", "rates.curve.slope=0 %", "rates.curve.curvature=0 %")


def test_the_floating_leg_is_worth_par() -> None:
    """Model 17.4: interest at the base rate and principal, discounted on the path, are the debt at COD."""
    closed = floating(*senior(margin="0 %", floor="-50 %"))
    rates, lent = closed.scenario.rates, closed.capital.tranches[0].commitment
    assert rates is not None
    ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, PATHS)
    discount = run_market(closed.terms.market, PATHS, closed.terms.deal.last_month)["discount"]
    paid = ledger["senior.interest_paid"] + ledger["senior.principal_paid"]
    values = (discount[5:] * paid[5:]).sum(axis=0)
    wanted = lent * float(discount_factor(rates.curve, 4 / 12))
    assert abs(values.mean() - wanted) <= 4 * values.std(ddof=1) / math.sqrt(PATHS)


def test_a_term_rate_is_that_of_the_bond_at_the_start_of_the_period() -> None:
    closed = floating()
    rates = closed.scenario.rates
    assert rates is not None
    ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, 16)
    deviation = run_market(closed.terms.market, 16, 64)["deviation"]
    for month in (6, 20, 64):
        start, end = (month - 1) / 12, month / 12
        price = bond(hull_white_of(rates), rates.curve, start, end, deviation[month - 1])
        wanted = np.maximum(12 * (1 / price - 1), 0.0) + 0.0625
        np.testing.assert_allclose(ledger["senior.coupon"][month], wanted, rtol=1e-12)
        owed = ledger["senior.debt"][month - 1]
        np.testing.assert_allclose(ledger["senior.interest_current"][month], owed * wanted / 12, rtol=1e-12)


@pytest.mark.parametrize(
    "terms",
    [{}, {"payment_every": "3 months", "base_rate": "term_3m"}, {"base_rate": "compounded"}],
    ids=["monthly", "quarterly", "compounded"],
)
@pytest.mark.parametrize("default", ["credit.hazard=0 %/year", "credit.hazard=20 %/year"])
def test_nothing_is_lost_where_all_is_paid_as_due(terms: dict[str, str], default: str) -> None:
    """The loss in present value, at the path's coupon, is zero exactly where no payment was missed."""
    columns = columns_of(floating(*senior(**terms), default), PATHS)
    paid = np.isinf(columns["senior.event_of_default_month"])
    assert np.abs(columns["senior.loss_pv"][paid]).max() <= 1e-12
    assert columns["spv.breach"].max() <= 1e-9
    lost = columns["senior.loss"] > 0
    assert paid.all() == (default == "credit.hazard=0 %/year")
    assert (columns["senior.loss_pv"][lost] > 0).all()


def test_a_rate_of_zero_and_a_margin_are_a_fixed_coupon() -> None:
    closed = floating(*FLAT, *senior(margin="10.5 %"), "credit.hazard=20 %/year", still=True)
    one, other = columns_of(closed, 256), columns_of(close(with_coupon(closed.scenario, 0.105)), 256)
    for name, values in other.items():
        np.testing.assert_allclose(one[name], values, rtol=1e-9, atol=1e-6, err_msg=name)


def test_paths_share_their_months_only_where_rates_are_known() -> None:
    assert floating(still=True).terms.deal.first_rate_month == math.inf
    assert floating("rates.volatility=0 %/sqrt(year)").terms.deal.first_rate_month == math.inf
    assert floating("capital.contingent_equity=false").terms.deal.first_rate_month == 5
    assert floating().terms.deal.first_rate_month == 1


def test_a_rate_that_hardly_moves_is_the_forward_rate() -> None:
    """A volatility of 1e-10 a year moves no rate by more than 1e-9."""
    sets = ("credit.hazard=20 %/year", "rates.volatility=0.00000001 %/sqrt(year)")
    moving, still = columns_of(floating(*sets), 64), columns_of(floating(*sets[:1], still=True), 64)
    for name in ("equity.moic", "spv.min_dscr", "spv.llcr", "senior.loss_pv", "senior.yield", "senior.wal"):
        np.testing.assert_allclose(moving[name], still[name], rtol=0, atol=1e-7, err_msg=name)
    room = 1e-8 * floating(still=True).terms.deal.total_uses
    np.testing.assert_allclose(moving["senior.loss"], still["senior.loss"], rtol=0, atol=room)


@pytest.mark.parametrize(
    ("floor", "margin", "coupon"), [("-50 %", "1 %", 0.0), ("0 %", "1 %", 0.01), ("1 %", "2 %", 0.03)]
)
@pytest.mark.parametrize("still", [True, False])
def test_11_negative_rates_stop_at_the_floor_or_with_the_margin(
    floor: str, margin: str, coupon: float, still: bool
) -> None:
    """Model 7.2: rates near -10 % leave the floor and the margin, without a floor nothing and no less."""
    low = ("rates.allow_negative=true", "rates.curve.level=-10 %", "rates.volatility=0.1 %/sqrt(year)")
    sets = (*low, *FLAT[1:])
    closed = floating(*sets, *senior(floor=floor, margin=margin), still=still)
    rows = ledgers(closed.terms, closed.ledger_rows, SEED, 0, 32)["senior.coupon"][5:]
    np.testing.assert_allclose(rows, coupon, rtol=1e-12)


def test_lanes_and_neighbours_leave_a_path_alone() -> None:
    closed = floating("credit.hazard=20 %/year")
    many = run_chunk(closed.terms, SEED, 0, 100).columns
    alone = run_chunk(closed.terms, SEED, 42, 1).columns
    assert np.array_equal(many[:, 42], alone[:, 0], equal_nan=True)
    narrow = run_chunk(closed.terms, SEED, 0, 100, lanes=1).columns
    assert np.array_equal(many, narrow, equal_nan=True)


def test_an_agent_is_paid_before_interest_and_waits_without_it() -> None:
    """60,000 USD a month while debt is owed; a month without any cash leaves them due."""
    sets = ("credit.default_month=5 months", "workout.downtime=80 months", "workout.claim_lag=200 months")
    closed = floating(*senior(agency_fee="60,000 USD/month", dsra="0 months"), *sets)
    ledger = {
        name: rows[:, 0] for name, rows in ledgers(closed.terms, closed.ledger_rows, SEED, 0, 1).items()
    }
    assert ledger["senior.fees_paid"][5:64].sum() == 0
    assert ledger["senior.fees_paid"][64] == pytest.approx(60 * 60_000, rel=1e-12)
    paying = floating(*senior(agency_fee="60,000 USD/month", payment_every="3 months", base_rate="term_3m"))
    rows = ledgers(paying.terms, paying.ledger_rows, SEED, 0, 2)["senior.fees_paid"]
    dates = np.arange(7, 65, 3)
    np.testing.assert_allclose(rows[dates], 180_000, rtol=1e-12)
    assert np.delete(rows, dates, axis=0)[5:].max() == 0

"""Swaps and caps: par at closing, a fixed coupon where all is swapped, and what a default leaves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.closing.close import Closed, close
from spv_sim.closing.short_rate_terms import hull_white_of
from spv_sim.closing.swap import SwapLegs, swap_value
from spv_sim.engine.cpu import ledgers, run_chunk
from spv_sim.kernel.jit import PLAIN
from tests.floating.deals import SEED, columns_of, floating, senior, with_coupon
from tests.market.test_short_rate import run as run_market

PATHS = 64 if PLAIN else 1 << 14
HAZARD = "credit.hazard=20 %/year"
SWAPPED = senior(hedge_share="95 %")
CAPPED = senior(hedge_share="95 %", cap_rate="4.5 %")
DAYS = ("rates.day_count=ACT/360",)


def legs_of(closed: Closed, first: int = 5) -> SwapLegs:
    """Periods of the senior hedge that end from a month on, as closing laid them out."""
    of = closed.capital.tranches[0]
    every = closed.scenario.capital.tranche[of.name].payment_every
    dates = np.flatnonzero(of.hedge_notional)
    dates = dates[dates >= first]
    return SwapLegs(of.hedge_notional[dates], (dates - every) / 12, dates / 12, of.coupon.accrual[dates])


@pytest.mark.parametrize("sets", [(), DAYS, senior(payment_every="3 months", base_rate="term_3m")])
def test_a_swap_is_worth_nothing_at_closing(sets: tuple[str, ...]) -> None:
    """Model I15; and discounted on the paths its payments are worth nothing on average (model 17.4)."""
    closed = floating(*SWAPPED, *sets)
    rates, swap, legs = closed.scenario.rates, closed.capital.tranches[0].hedge, legs_of(closed)
    assert rates is not None
    assert abs(swap_value(legs, swap.rate, rates.curve, hull_white_of(rates))) <= 1e-12 * legs.notional.sum()
    ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, PATHS)
    discount = run_market(closed.terms.market, PATHS, closed.terms.deal.last_month)["discount"]
    net = ledger["senior.hedge_received"] - ledger["senior.hedge_due"]
    worth = (discount[5:] * net[5:]).sum(axis=0)
    assert abs(worth.mean()) <= 4 * worth.std(ddof=1) / math.sqrt(PATHS)


@pytest.mark.parametrize("days", [(), DAYS])
def test_a_cap_costs_what_it_pays_on_average(days: tuple[str, ...]) -> None:
    """The premium among the uses is the discounted payoff, for a term rate and for one in arrears."""
    for base_rate in ("term_1m", "compounded"):
        closed = floating(*CAPPED, *senior(base_rate=base_rate), *days)
        premium = float(closed.table.hedge_premium.sum())
        ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, PATHS)
        discount = run_market(closed.terms.market, PATHS, closed.terms.deal.last_month)["discount"]
        worth = (discount[5:] * ledger["senior.hedge_received"][5:]).sum(axis=0)
        assert abs(worth.mean() - premium) <= 4 * worth.std(ddof=1) / math.sqrt(PATHS)
        assert ledger["senior.hedge_due"][5:].max() == 0


def test_a_loan_that_is_swapped_whole_is_a_fixed_loan() -> None:
    """Without a floor, and before a default ends the swap, on every path: at swap rate and margin."""
    terms = senior(
        hedge_share="100 %", margin="30 %", floor="-50 %", amortisation="straight_line", dsra="0 months"
    )
    # A margin above what rates fall below zero keeps the coupon off its own bottom; few units of debt pay it.
    closed = floating(*terms, "capital.debt_share=20 %", "capital.contingent_equity=false")
    rate = closed.capital.tranches[0].hedge.rate
    fixed = close(with_coupon(closed.scenario, rate + 0.30))
    # Interest up to COD differs, and with it the size, to which cover is in inverse proportion.
    scale = closed.capital.tranches[0].commitment / fixed.capital.tranches[0].commitment
    columns, other = columns_of(closed, 256), columns_of(fixed, 256)
    for name in ("spv.min_dscr", "spv.average_dscr"):
        np.testing.assert_allclose(columns[name] * scale, other[name], rtol=1e-10, err_msg=name)
    assert np.ptp(columns["equity.irr"]) <= 1e-10


def test_the_base_case_pays_what_closing_scheduled() -> None:
    for sets in (SWAPPED, CAPPED, senior()):
        closed = floating(*sets)
        of, ledger = closed.capital.tranches[0], run_base_case(closed).ledger
        net = ledger["senior.hedge_due"] - ledger["senior.hedge_received"]
        room = 1e-9 * closed.terms.deal.total_uses
        np.testing.assert_allclose(ledger["senior.interest_paid"][5:], of.scheduled_interest[5:], atol=room)
        np.testing.assert_allclose(net[5:], of.scheduled_hedge_cost[5:], atol=room)
        np.testing.assert_allclose(ledger["debt_service"][5:], of.scheduled_debt_service[5:], atol=room)


def test_a_sculpted_loan_has_its_cover_after_the_hedge() -> None:
    terms = senior(amortisation="sculpted", target_dscr="1.6x", lock_up_dscr="1.1x", tenor="58 months")
    closed = floating(*terms, *SWAPPED, "capital.debt_share=90 %")
    assert closed.capital.tranches[0].binding.endswith("target_dscr")
    # Account interest is outside the sizing and adds to the simulated cash flow.
    dscr = run_base_case(closed).ledger["dscr"][5:62]
    assert np.nanmin(dscr) >= 1.6 - 1e-9


@pytest.mark.parametrize("sets", [SWAPPED, CAPPED])
def test_dollars_are_kept_on_every_path(sets: tuple[str, ...]) -> None:
    closed = floating(*sets, HAZARD)
    columns = columns_of(closed, PATHS)
    assert columns["spv.breach"].max() <= 1e-9
    assert (columns["senior.loss"] > 0).any()
    alone = run_chunk(closed.terms, SEED, 7, 1, lanes=1).columns
    many = run_chunk(closed.terms, SEED, 0, 64).columns
    assert np.array_equal(alone[:, 0], many[:, 7], equal_nan=True)


def test_12_an_event_of_default_ends_the_swap_at_its_value() -> None:
    """Model 9.3, 19 case 12: a claim beside principal where the vehicle owes, else cash; then nothing."""
    closed = floating(*SWAPPED, "credit.default_month=30 months")
    rates, of = closed.scenario.rates, closed.capital.tranches[0]
    assert rates is not None
    n = 32
    ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, n)
    deviation = run_market(closed.terms.market, n, closed.terms.deal.last_month)["deviation"]
    legs, start = legs_of(closed, 32), 31
    assert (ledger["event_of_default_month"][-1] == start).all()
    for path in range(n):
        owed = float(ledger["senior.debt"][start - 1, path])
        held = legs._replace(notional=np.minimum(legs.notional, owed))
        x = float(deviation[start, path])
        worth = swap_value(held, of.hedge.rate, rates.curve, hull_white_of(rates), start / 12, x)
        due, got = (
            float(ledger[f"senior.{row}"][start, path]) for row in ("termination_due", "hedge_received")
        )
        notional = min(float(of.hedge_notional[start]), owed)
        index = float(ledger["senior.coupon"][start, path]) - 0.0625  # no floor binds in these paths
        settled = notional * (index - of.hedge.rate) / 12
        room = 1e-9 * closed.terms.deal.total_uses
        assert abs(due - max(-worth, 0.0)) <= room
        assert abs(got - max(worth, 0.0) - max(settled, 0.0)) <= room
    after = {row: ledger[f"senior.{row}"][start + 1 :] for row in ("hedge_received", "hedge_value")}
    assert max(float(values.max()) for values in after.values()) == 0
    paid, owed_all = ledger["senior.termination_paid"][start:], ledger["senior.termination_due"][start]
    assert (paid.sum(axis=0) <= owed_all * (1 + 1e-12)).all()
    # Principal and termination are paid in proportion to what is due of each.
    some = (ledger["senior.termination_due"][start] > 0) & (ledger["senior.principal_due"][start] > 0)
    quota = ledger["senior.termination_paid"][start, some] / ledger["senior.termination_due"][start, some]
    other = ledger["senior.principal_paid"][start, some] / ledger["senior.principal_due"][start, some]
    np.testing.assert_allclose(quota, other, rtol=1e-9)


def test_the_notional_follows_a_loan_that_is_prepaid() -> None:
    """A sweep of all cash repays the loan early: what is hedged is never more than what is owed."""
    closed = floating(*SWAPPED, *senior(cash_sweep="100 %"))
    ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, 16)
    notional = closed.capital.tranches[0].hedge_notional
    owed = ledger["senior.debt"][4:-1]
    owed[0] = closed.capital.tranches[0].commitment
    net = np.abs(ledger["senior.hedge_received"] - ledger["senior.hedge_due"])[5:]
    hedged = np.minimum(notional[5:, None], owed)
    assert (hedged < notional[5:, None]).any()
    index = ledger["senior.coupon"][5:] - 0.0625
    wanted = hedged * np.abs(index - closed.capital.tranches[0].hedge.rate) / 12
    unfloored = index > 0
    np.testing.assert_allclose(net[unfloored], wanted[unfloored], rtol=1e-9, atol=1e-3)


def test_hedges_without_volatility_follow_the_forward_curve() -> None:
    still = floating(*SWAPPED, HAZARD, still=True)
    moving = floating(*SWAPPED, HAZARD, "rates.volatility=0.00000001 %/sqrt(year)")
    one, other = columns_of(still, 64), columns_of(moving, 64)
    for name in ("equity.moic", "spv.min_dscr", "senior.loss_pv", "senior.yield"):
        np.testing.assert_allclose(one[name], other[name], rtol=0, atol=1e-7, err_msg=name)
    assert still.terms.deal.first_rate_month == math.inf

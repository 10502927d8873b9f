"""Interest up to completion at the rates of the path: what it costs beyond its budget, and who pays that."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.simulation import deal_facts
from spv_sim.closing.close import Closed, close
from spv_sim.closing.hull_white import bond
from spv_sim.closing.programme import close_locked_in
from spv_sim.closing.short_rate_terms import hull_white_of
from spv_sim.engine.block import SLOTS
from spv_sim.engine.cpu import LANES, launch, make_ready, run_chunk
from spv_sim.kernel.jit import PLAIN
from spv_sim.market.short_rate import BaseRates
from spv_sim.results.loss_shares import outside_breach
from spv_sim.spv.contingent_equity import ContingentTerms, call_and_cash, interest_over_budget
from spv_sim.spv.tolerance import CASH_TOLERANCE
from tests.closing.deals import base
from tests.floating.deals import SEED, floating, senior
from tests.market.test_short_rate import run as run_market

Array = NDArray[np.float64]

WIDTH = 1 if PLAIN else LANES
PATHS = 24 if PLAIN else 1024
COD = 4
LOCKED = "capital.contingent_equity=false"
RISKY = ("credit.clock=closing", "credit.hazard=150 %/year")
FUNDING = ("pro_rata", "debt_first", "equity_first")


def flows_of(closed: Closed, paths: int = PATHS) -> Array:
    """(paths, investors, months + 1) float64 [USD]."""
    chunks = [run_chunk(closed.terms, SEED, path, 1, WIDTH) for path in range(paths)]
    return np.array([chunk.flow_sums[0].sum(axis=2) for chunk in chunks])


def columns_of(closed: Closed, paths: int = PATHS) -> dict[str, Array]:
    columns = run_chunk(closed.terms, SEED, 0, paths, WIDTH).columns
    return dict(zip(closed.columns, columns, strict=True))


def interest_by_hand(closed: Closed, paths: int) -> Array:
    """Interest of deal X at the term rates of each path, (paths, completion + 1) float64 [USD]."""
    of, rates = closed.capital.tranches[0], closed.scenario.rates
    assert rates is not None
    deviation = run_market(closed.terms.market, paths, closed.terms.deal.last_month, WIDTH)["deviation"]
    deviation[0] = 0.0
    said = closed.scenario.capital.tranche["senior"]
    interest = np.zeros((paths, COD + 1))
    for month in range(1, COD + 1):
        start, end = (month - 1) / 12, month / 12
        index = 12 * (1 / bond(hull_white_of(rates), rates.curve, start, end, deviation[month - 1]) - 1)
        coupon = np.maximum(index, said.floor or 0.0) + said.margin
        interest[:, month] = coupon / 12 * of.draws[:month].sum()
    return interest


def test_two_months_by_hand() -> None:
    """100 m and 160 m at 4 % and 5 % forward, a margin of 2 %; the path has 7 % and then 1 %."""
    interest = floating().terms.deal.tranche.interest._replace(margin=np.array([0.02]), floor=np.array([0.0]))
    owed = np.array([[0.0, 100e6 / 12, 160e6 / 12]])
    budget = np.array([[0.0, 500_000.0, 160e6 * 0.07 / 12]])
    call = np.array([20e6, 150_000.0, 500_000.0])
    terms = ContingentTerms(True, owed, np.zeros((1, 3)), budget, call)
    first, second = (
        interest_over_budget(terms, interest, 0, month, BaseRates(rate, 0.0, 0.0, 0.0), 20.0)
        for month, rate in ((1, 0.07), (2, 0.01))
    )
    assert first == pytest.approx(250_000.0, rel=1e-12)
    assert second == pytest.approx(-160e6 * 0.04 / 12, rel=1e-12)
    called, cash = call_and_cash(terms, 1, first, 0.0)
    assert (called, cash) == (pytest.approx(400_000.0), 0.0)
    called, cash = call_and_cash(terms, 2, second, cash)
    assert (called, cash) == (0.0, pytest.approx(160e6 * 0.04 / 12 - 500_000.0))
    assert call_and_cash(terms, 1, first, 300_000.0) == (pytest.approx(100_000.0), 0.0)
    assert interest_over_budget(terms, interest, 0, 1, BaseRates(0.04 + 1e-9, 0.0, 0.0, 0.0), 20.0) == 0.0


@pytest.mark.parametrize("funding", FUNDING)
def test_sources_are_uses_on_every_path(funding: str) -> None:
    """Model 2.6: interest is that of the path's rates, equity pays the rest, less than nothing never."""
    closed = floating(f"capital.funding={funding}", LOCKED.replace("false", "true"))
    paths, of = min(PATHS, 64), closed.capital.tranches[0]
    flows, room = flows_of(closed, paths), 2 * CASH_TOLERANCE * closed.terms.deal.total_uses
    over = interest_by_hand(closed, paths) - of.interest_during_construction
    lent = flows[:, 1, : COD + 1] - of.lender_flow
    np.testing.assert_allclose(lent, over, rtol=0, atol=room)
    called = np.zeros((paths, COD + 1))
    cash = np.zeros(paths)
    for month in range(COD + 1):
        needed = closed.table.equity[month] + over[:, month] - cash
        called[:, month], cash = np.maximum(needed, 0), np.maximum(-needed, 0)
    np.testing.assert_allclose(-flows[:, 0, : COD + 1], called, rtol=0, atol=5 * room)
    assert np.ptp(called, axis=0)[2:].max() > 1e5
    assert (cash > 0).any() == (funding == "equity_first")
    columns = columns_of(closed, paths)
    assert columns["spv.breach"].max() <= 1e-9
    discount = closed.terms.deal.equity.discount
    np.testing.assert_allclose(columns["equity.npv"], flows[:, 0] @ discount, rtol=0, atol=room)
    got = np.maximum(flows[:, 0, COD + 1 :], 0).sum(axis=1)
    np.testing.assert_allclose(columns["equity.moic"], got / called.sum(axis=1), rtol=1e-7)
    worth = closed.terms.deal.discount
    np.testing.assert_allclose(columns["equity.pv"], flows[:, 0] @ worth, rtol=0, atol=room)
    np.testing.assert_allclose(columns["senior.pv"], flows[:, 1] @ worth, rtol=0, atol=room)


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"base_rate": "compounded"},
        {"base_rate": "term_3m", "payment_every": "3 months"},
        {"base_rate": "compounded", "payment_every": "3 months"},
    ],
    ids=["term_1m", "compounded", "term_3m", "compounded_3m"],
)
def test_the_difference_is_worth_nothing_at_closing(terms: dict[str, str]) -> None:
    """Without a floor, discounted on the path: forward rates are those at which a rate costs nothing."""
    closed = floating(*senior(margin="30 %", floor="-50 %", **terms), "capital.debt_share=20 %")
    flows, of = flows_of(closed), closed.capital.tranches[0]
    discount = run_market(closed.terms.market, PATHS, closed.terms.deal.last_month, WIDTH)["discount"]
    over = flows[:, 1, 1 : COD + 1] - of.lender_flow[1:]
    worth = (over * discount[1 : COD + 1].T).sum(axis=1)
    assert worth.std() > 0
    # A difference up to the tolerance counts as none, once a month.
    room = COD * closed.terms.deal.tolerance
    assert abs(worth.mean()) <= 4 * worth.std(ddof=1) / math.sqrt(PATHS) + room


def test_a_default_ends_the_interest_that_is_paid() -> None:
    """Before it lender and shareholders flow as without it, from it on as at forward rates."""
    closed, locked = floating(*RISKY), floating(*RISKY, LOCKED)
    deal, paths = closed.terms.deal, min(PATHS, 128)
    assert deal.stop.in_use
    columns, flows, planned = columns_of(closed, paths), flows_of(closed, paths), flows_of(locked, paths)
    months = columns["lessee.default_month"]
    over = interest_by_hand(closed, paths) - closed.capital.tranches[0].interest_during_construction
    over = np.where(np.arange(COD + 1) < months[:, None], over, 0.0)
    room = 2 * deal.tolerance
    np.testing.assert_allclose((flows - planned)[:, 1, : COD + 1], over, rtol=0, atol=room)
    np.testing.assert_allclose((flows - planned)[:, 0, : COD + 1], -over, rtol=0, atol=room)
    early = (months > 2) & (months <= COD)
    assert early.any()
    assert np.abs(over[early]).max() > room
    assert columns["spv.breach"].max() <= 1e-9
    np.testing.assert_allclose(columns["equity.npv"], flows[:, 0] @ deal.equity.discount, rtol=0, atol=room)
    np.testing.assert_allclose(columns["senior.pv"], flows[:, 1] @ deal.discount, rtol=0, atol=room)


def test_cash_that_is_saved_waits_for_the_lenders_of_a_default() -> None:
    """All equity is paid in first, so that rates below the forward leave cash; a default keeps it."""
    sets = (*RISKY, "capital.funding=equity_first")
    closed, locked = floating(*sets), floating(*sets, LOCKED)
    paths = min(PATHS, 128)
    flows, planned = flows_of(closed, paths), flows_of(locked, paths)
    columns, before = columns_of(closed, paths), columns_of(locked, paths)
    assert columns["spv.breach"].max() <= 1e-9
    changed = (flows - planned)[:, :, : COD + 1].sum(axis=(1, 2))
    months = columns["lessee.default_month"]
    room = 10 * closed.terms.deal.tolerance
    kept = (months > 1) & (months <= COD) & (changed < -room)
    assert kept.any()
    gained = (flows - planned)[kept][:, :, COD + 1 :].sum(axis=(1, 2))
    assert (gained >= -changed[kept] - room).all()
    assert (columns["senior.loss"][kept] <= before["senior.loss"][kept] + room).all()


@pytest.mark.parametrize("sets", [(), ("capital.funding=equity_first",), RISKY])
def test_what_each_gets_comes_from_the_lessee_or_from_outside(sets: tuple[str, ...]) -> None:
    """Model 12.2: present values of all stakeholders cancel, whoever paid the interest."""
    closed = floating(*sets)
    columns, facts = columns_of(closed), deal_facts(closed, run_base_case(closed).values)
    breach = outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses)
    assert breach.max() <= CASH_TOLERANCE


def test_the_base_case_has_no_difference() -> None:
    """Where forward rates come true all is as budgeted, bit for bit."""
    quarterly = senior(base_rate="term_3m", payment_every="3 months")
    for terms in (senior(), senior(base_rate="compounded"), quarterly):
        assert run_base_case(floating(*terms)).values == pytest.approx(
            run_base_case(floating(*terms, LOCKED)).values, rel=0, abs=0, nan_ok=True
        )


def test_forward_rates_hold_where_nothing_can_differ_or_several_pay() -> None:
    """A fixed coupon, rates that stand, a wish, vehicles of a programme, classes of equity."""
    classes = "capital.equity={ fund = { share = 0.6 }, sponsor = { share = 0.4 } }"
    assert floating().terms.deal.contingent.in_use
    assert not close_locked_in(floating().scenario).terms.deal.contingent.in_use
    assert not floating(classes).terms.deal.contingent.in_use
    assert not close(base("x1")).terms.deal.contingent.in_use
    assert not floating(still=True).terms.deal.contingent.in_use
    assert not floating(LOCKED).terms.deal.contingent.in_use


@pytest.mark.parametrize("sets", [(), RISKY, ("capital.funding=equity_first", *RISKY)])
def test_lanes_neighbours_and_shared_months_leave_a_path_alone(sets: tuple[str, ...]) -> None:
    closed = floating(*sets)
    months, paths = closed.terms.deal.last_month + 1, 16 if PLAIN else 256
    many = run_chunk(closed.terms, SEED, 0, paths, WIDTH).columns
    alone = run_chunk(closed.terms, SEED, 7, 1, WIDTH).columns
    assert np.array_equal(many[:, 7], alone[:, 0], equal_nan=True)
    narrow = run_chunk(closed.terms, SEED, 0, paths, 1).columns
    assert np.array_equal(many, narrow, equal_nan=True)
    kept = np.empty_like(many)
    ledger = np.empty(months * len(closed.ledger_rows) * paths)
    launch(
        make_ready(closed.terms), SEED, 0, paths, WIDTH, kept, 0, np.zeros((2, months, SLOTS)), ledger, paths
    )
    assert np.array_equal(many, kept, equal_nan=True)

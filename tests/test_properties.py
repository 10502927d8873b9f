"""What holds for every deal on every path, on random deals: no dollar appears, is lost or jumps the queue."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import event, given
from numpy.typing import NDArray

from spv_sim.analysis.replay import CONTRACT_CASH
from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.model import Scenario
from spv_sim.spv.book import DSRA, TRAP
from tests.months import months_of
from tests.strategies import examples
from tests.strategies.plain import scenarios

PATHS = 32
EXACT = 1e-9
"""Share of the total uses that counts as nothing (model 0.7, 9.4)."""

Array = NDArray[np.float64]
Ledger = dict[str, Array]
ACCOUNTS = ("revenue", "trap", "dsra")
INFLOWS = ("rent", "merchant", "claim", "sale", *CONTRACT_CASH, "account_interest")
OUTFLOWS = ("costs_paid", "int_paid", "prin_paid", "dist")
ARREARS = ("cost_arrears", "interest_arrears", "principal_arrears")


def operate(scenario: Scenario) -> tuple[Closed, float, Ledger, dict[str, Array]]:
    """The closed deal, what counts as nothing [USD], months after completion x paths by name, and columns."""
    closed = close(scenario)
    seed = scenario.monte_carlo.seed
    ledger = months_of(closed, seed, 0, PATHS)
    columns = run_chunk(closed.terms, seed, 0, PATHS).columns
    months = {name: values[scenario.grid.construction + 1 :] for name, values in ledger.items()}
    named = dict(zip(column_names(closed.tranches), columns, strict=True))
    return closed, EXACT * float(closed.table.uses.sum()), months, named


def total(ledger: Ledger, names: tuple[str, ...]) -> Array:
    """Sum of some amounts by month and path."""
    return np.sum([ledger[name] for name in names], axis=0)


@examples(100)
@given(scenarios())
def test_dollars_in_are_dollars_out(scenario: Scenario) -> None:
    """Every month's inflow is paid out or kept in an account, and nothing is kept after the last month."""
    closed, nothing, ledger, columns = operate(scenario)
    deal = closed.terms.deal
    kept = total(ledger, ACCOUNTS)
    opening = np.full((1, PATHS), deal.opening[[TRAP, DSRA]].sum())
    change = np.diff(np.concatenate([opening, kept]), axis=0)
    assert np.abs(total(ledger, INFLOWS) - total(ledger, OUTFLOWS) - change).max() <= nothing
    assert np.abs(kept[-1]).max() <= nothing
    life = opening[0] + total(ledger, INFLOWS).sum(axis=0) - total(ledger, OUTFLOWS).sum(axis=0)
    assert np.abs(life).max() <= nothing
    assert columns["spv.breach"].max() <= EXACT


@examples(100)
@given(scenarios())
def test_sources_are_uses(scenario: Scenario) -> None:
    """Month by month equity and net debt pay the uses, and the draws add up to the commitment."""
    table = close(scenario).table
    uses = table.uses.sum()
    np.testing.assert_allclose(table.equity + table.net_proceeds, table.uses, rtol=0, atol=EXACT * uses)
    np.testing.assert_allclose(table.draws.sum(), table.commitment, rtol=0, atol=EXACT * uses)
    assert min(table.equity.min(), table.draws.min()) >= -EXACT * uses


@examples(100)
@given(scenarios())
def test_nothing_is_negative_or_undefined(scenario: Scenario) -> None:
    """Amounts and balances are finite and not below zero; debt only falls; no more is paid than is due.

    A covenant has rows on payment dates alone. What it is measured by is no amount: as the cover of a date it
    is a number where debt service is due, and negative with the cash.
    """
    closed, nothing, ledger, columns = operate(scenario)
    pays = closed.terms.deal.pays[scenario.grid.construction + 1 :]
    signed = {"cfads", "dscr", "event_of_default_month", "default_month"}
    if scenario.lease_rate is None:
        signed.add("lease_rate")
    for name, values in ledger.items():
        if name.endswith(".measured"):
            np.testing.assert_array_equal(np.isnan(values), np.isnan(ledger["dscr"]), name)
        elif name.startswith("covenant."):
            assert np.isnan(values[~pays]).all(), name
            assert values[pays].min(initial=0.0) >= 0, name
        elif name not in signed:
            assert np.isfinite(values).all(), name
            assert values.min() >= -nothing, name
    debt = np.concatenate([np.full((1, PATHS), closed.table.commitment), ledger["D"]])
    assert np.diff(debt, axis=0).max() <= nothing
    assert (ledger["costs_paid"] - ledger["costs_due"]).max() <= nothing
    assert (ledger["int_paid"] - ledger["int_due"] - ledger["int_arrears_due"]).max() <= nothing
    assert (ledger["prin_paid"] - ledger["prin_due"]).max() <= nothing
    for name in ("equity.npv", "equity.moic", "spv.claim", "spv.sale", f"{closed.tranches[0]}.loss"):
        assert np.isfinite(columns[name]).all(), name


@examples(100)
@given(scenarios())
def test_nobody_is_paid_before_their_turn(scenario: Scenario) -> None:
    """Equity gets cash only where no cost or debt service is open, and none while debt is in default."""
    _, nothing, ledger, _ = operate(scenario)
    paid = ledger["dist"] > nothing
    event(f"equity is paid: {bool(paid.any())}")
    assert (total(ledger, ARREARS)[paid] <= 2 * nothing).all()
    month = np.arange(len(paid))[:, None] + scenario.grid.construction + 1
    in_default = ledger["event_of_default_month"] <= month
    assert (ledger["D"][paid & in_default] <= nothing).all()
    assert not (paid & (ledger["locked"] > 0)).any()
    principal = ledger["prin_paid"] > nothing
    assert (ledger["cost_arrears"][principal] <= nothing).all()
    assert (ledger["interest_arrears"][principal] <= nothing).all()


@examples(100)
@given(scenarios())
def test_debt_adds_up(scenario: Scenario) -> None:
    """What the lender is owed is paid or lost, and the loss has bounds."""
    closed, nothing, ledger, columns = operate(scenario)
    (tranche,) = scenario.capital.tranche.values()
    commitment, last = closed.table.commitment, -1
    loss = columns[f"{closed.tranches[0]}.loss"]
    event(f"the lender loses: {bool((loss > 0).any())}")
    room = nothing * len(ledger["D"])
    assert np.abs(ledger["prin_paid"].sum(axis=0) + ledger["D"][last] - commitment).max() <= room
    due = total(ledger, ("int_due", "int_arrears_due"))
    dates = due > 0
    unpaid = np.where(dates, due - ledger["int_paid"] - ledger["interest_arrears"], 0.0)
    assert np.abs(unpaid).max() <= nothing
    owed = ledger["D"][last] + ledger["interest_arrears"][last]
    assert np.abs(loss - owed).max() <= nothing
    assert (loss <= commitment + ledger["interest_arrears"][last] + nothing).all()
    if tranche.interest_on_arrears == "coupon":
        rate, every = tranche.coupon * tranche.payment_every / 12, tranche.payment_every
        months = scenario.grid.construction + scenario.lease.term + scenario.grid.tail
        drawn = float(
            (closed.table.draws * (1 + rate) ** (-np.arange(len(closed.table.draws)) / every)).sum()
        )
        if drawn > 0:
            discounted = owed * (1 + rate) ** (-months / every) / drawn
            np.testing.assert_allclose(
                columns[f"{closed.tranches[0]}.loss_pv"], discounted, rtol=1e-7, atol=1e-7
            )


@examples(100)
@given(scenarios())
def test_figures_keep_their_bounds(scenario: Scenario) -> None:
    """Orders between the figures of a path."""
    closed, nothing, ledger, columns = operate(scenario)
    grid, tranche = scenario.grid, closed.tranches[0]
    last = grid.construction + scenario.lease.term + grid.tail
    assert not (columns["spv.min_dscr"] > columns["spv.average_dscr"] + 1e-12).any()
    measured = np.isfinite(ledger["dscr"])
    np.testing.assert_array_equal(np.isnan(columns["spv.min_dscr"]), ~measured.any(axis=0))
    np.testing.assert_array_equal(columns["spv.lock_up_months"], ledger["locked"].sum(axis=0))
    irr, moic = columns["equity.irr"], columns["equity.moic"]
    assert not (irr < -1).any()
    clear = (columns["equity.irr_flag"] == 0) & (np.abs(moic - 1) > 1e-6)
    np.testing.assert_array_equal(irr[clear] > 0, moic[clear] > 1)
    for name, first in (
        ("equity.payback", grid.construction + 1),
        (f"{tranche}.event_of_default_month", grid.construction + 1),
        ("lessee.default_month", grid.construction + 1),
    ):
        happens = np.isfinite(columns[name])
        assert ((columns[name][happens] >= first) & (columns[name][happens] <= last)).all(), name
    wal = columns[f"{tranche}.wal"]
    assert not ((wal <= 0) | (wal > (last - grid.construction) / 12 + 1e-9)).any()
    np.testing.assert_array_equal(columns["lessee.default_month"], ledger["default_month"][-1])
    for name in ("claim", "sale"):
        whole: Any = ledger[name].sum(axis=0)
        np.testing.assert_allclose(columns[f"spv.{name}"], whole, rtol=1e-12, atol=nothing)

"""Edge cases 10, 14 and 24 of model §19 with covenants on the path."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.spv.event_of_default import COVENANT, LEASE
from tests.edge_cases.deal_x import at, replay

LESS = ("capital.debt_share=40 %", "capital.tranche.senior.dsra=0 months")
LEVELS = "level = ['72 %', '60 %', '45 %', '12 %', '2 %']"


def ltv(cures: int, more: str = "") -> str:
    """A test of loan to value whose level falls every year, with some cures by the shareholders."""
    return f"capital.covenant.value={{ kind = 'ltv', {LEVELS}, equity_cures = {cures} {more} }}"


def test_edge_10_of_two_covenants_on_a_date_the_more_severe_wins() -> None:
    """Cover of 1.03 fails lock-up and default tests of month 12: 13 begins in an event of default."""
    shock = "lease.holiday.shock={start = '12 months', end = '14 months', paid = '65 %'}"
    lock = "capital.covenant.lock={ kind = 'dscr', level = 1.3, release_after = 6 }"
    stop = "capital.covenant.stop={ kind = 'dscr', level = 1.1, consequence = 'default' }"
    path = replay(shock, lock, stop)
    for name in ("lock", "stop"):
        assert path.columns[f"covenant.{name}.first_breach_month"] == 12
        assert at(path, f"covenant.{name}.fails", 12) == 1
    assert (at(path, "locked", 12), at(path, "eod", 12)) == (1, 0)
    assert (at(path, "locked", 13), at(path, "eod", 13)) == (0, 1)
    assert path.columns["spv.event_of_default_cause"] == COVENANT
    # Absorbing: cover is back in month 15, and the default stays until the end.
    assert at(path, "cfads", 15) > 1.3 * at(path, "cfads", 14)
    assert (path.months["eod"][path.months["k"] >= 13] == 1).all()
    # All cash goes to the debt, the trap of month 12 with it, and nothing is trapped again.
    assert at(path, "trap", 12) > 0
    assert at(path, "trap", 13) == 0
    held = at(path, "trap", 12) + at(path, "dsra", 12)
    paid = at(path, "int_paid", 13) + at(path, "prin_paid", 13)
    assert paid == pytest.approx(held + at(path, "inflow", 13) - at(path, "costs_paid", 13), rel=1e-12)


def test_edge_10_the_lease_and_a_covenant_on_a_date() -> None:
    stop = "capital.covenant.stop={ kind = 'dscr', level = 1.1, consequence = 'default' }"
    path = replay("credit.default_month=29 months", stop)
    assert path.columns["senior.event_of_default_month"] == 30
    assert path.columns["spv.event_of_default_cause"] == LEASE


def test_edge_14_the_cures_of_the_shareholders_run_out() -> None:
    """With ever more cures the deal lives until the date after the first one that is missing."""
    whole = replay(*LESS, ltv(99))
    dates = whole.months["k"][whole.months["equity_cure"] > 0].astype(int).tolist()
    assert len(dates) >= 3
    assert whole.columns["senior.event_of_default_month"] == math.inf
    for cures, missing in enumerate(dates):
        path = replay(*LESS, ltv(cures))
        used = path.months["k"][path.months["equity_cure"] > 0].astype(int).tolist()
        assert used == dates[:cures]
        assert at(path, "covenant.value.fails", missing) == 1
        assert path.columns["senior.event_of_default_month"] == missing + 1
        assert path.columns["spv.event_of_default_cause"] == COVENANT
        before = path.months["k"] < missing
        np.testing.assert_array_equal(path.months["D"][before], whole.months["D"][before])
        assert path.columns["spv.breach"] <= 1e-9
    enough = replay(*LESS, ltv(len(dates)))
    np.testing.assert_array_equal(list(enough.columns.values()), list(whole.columns.values()))


def test_edge_14_a_cure_that_is_missing_may_be_waited_for() -> None:
    """With a grace of three dates the cash of two more may do what the shareholders do not."""
    soon = replay(*LESS, ltv(0))
    late = replay(*LESS, ltv(0, ", grace = 3"))
    first = soon.columns["covenant.value.first_breach_month"]
    assert late.columns["covenant.value.first_breach_month"] == first
    assert soon.columns["senior.event_of_default_month"] == first + 1
    assert late.columns["senior.event_of_default_month"] >= first + 3
    assert at(late, "covenant.value.cured_from_cash", int(first) + 1) > 0


def test_edge_24_a_purchase_repays_the_debt_before_the_collateral_is_tested() -> None:
    """Units that are sold with debt outstanding carry nothing, and their price repays it at once."""
    path = replay(
        "lease.early_termination={ month = '20 months', discount_rate = '10 %' }",
        "capital.covenant.value={ kind = 'ltv', level = '99 %', consequence = 'lock_up' }",
    )
    assert at(path, "D", 19) > 0
    assert at(path, "D", 20) == 0
    assert at(path, "covenant.value.measured", 20) == 0
    assert at(path, "covenant.value.fails", 20) == 0
    assert at(path, "dist", 20) > 0

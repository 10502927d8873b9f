"""Edge cases 1 to 14 and 24 of model §19: closing, default, workout and the waterfall."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import (
    HOURS,
    LAST,
    LIQUIDATE,
    OPEX,
    RENT,
    UNITS,
    at,
    costs,
    fault,
    market_rate,
    meets_the_oracle,
    price,
    replay,
)
from tests.given import given
from tests.test_metamorphic import DEAL_X, simulate_scenario


def test_edge_02_debt_above_the_uses_is_refused() -> None:
    """An advance of all hardware does not fit into uses that the first payment has cut by 15 %."""
    sets = ("lease.first_payment=15 %", "lease.first_payment_to=reduces_uses", "capital.advance_rate=100 %")
    (problem,) = fault(*sets).problems
    assert (problem.code, problem.key) == ("tranche-does-not-fit", "capital.advance_rate")


@pytest.mark.parametrize("payment", ["100.3 %", "200 %", "25 %"])
def test_edge_03_negative_gearing_is_refused(payment: str) -> None:
    """Rent paid first that is more than all uses, or than those of its month, leaves nothing to fund."""
    sets = (f"lease.first_payment={payment}", "lease.first_payment_to=reduces_uses")
    (problem,) = fault(*sets).problems
    assert (problem.code, problem.key) == ("negative-uses", "lease.first_payment")
    assert 'first_payment_to = "trap"' in (problem.help or "")


def test_edge_03_a_first_payment_within_the_uses_closes() -> None:
    closed = close(read(DEAL_X, ["lease.first_payment=20 %", "lease.first_payment_to=reduces_uses"]).scenario)
    assert closed.table.uses.min() > 0
    assert closed.table.equity.min() > 0
    assert closed.table.draws.sum() == pytest.approx(closed.table.commitment, rel=1e-12)


def test_edge_04_default_before_completion() -> None:
    """It stops the draws in its month; else it shows at the first rent, month 5, and none is scheduled."""
    sure, waits = ["credit.hazard=10000 %/year", "credit.clock=closing"], "credit.draw_stop=false"
    stopped, waiting = (read(DEAL_X, sets).scenario for sets in (sure, [*sure, waits]))
    assert (simulate_scenario(stopped)["lessee.default_month"] == 1).all()
    assert (simulate_scenario(waiting)["lessee.default_month"] == 5).all()
    path = replay("credit.default_month=4 months")
    assert at(path, "D", 5) == path.series["draws"][:4].sum()
    (problem,) = fault("credit.default_month=4 months", waits).problems
    assert (problem.code, problem.key) == ("range", "credit.default_month")


def test_edge_04_default_at_the_first_rent() -> None:
    """No contract rent is ever paid: four idle months, then the market."""
    path = replay("credit.default_month=5 months")
    assert [at(path, "rent", k) for k in range(5, 9)] == [0.0] * 4
    merchant = UNITS * HOURS * 0.85 * (0.90 * market_rate(9) - 0.35)
    assert at(path, "rent", 9) == pytest.approx(merchant, rel=1e-9)
    assert at(path, "costs_due", 5) == OPEX + 15e6
    assert path.columns["senior.event_of_default_month"] == 6
    meets_the_oracle(path, 5, "credit.default_month=5 months")


def test_edge_04_default_at_the_last_month() -> None:
    """X5: no event of default, the lock-up fails at the last date, and all cash is paid."""
    _, expected, _ = given("X5_default_at_K")
    path = replay("credit.default_month=64 months")
    assert at(path, "rent", LAST) == 0.0
    assert path.columns["senior.event_of_default_month"] == math.inf
    assert (at(path, "locked", LAST), path.columns["spv.lock_up_months"]) == (0, expected["lock_months"])
    assert path.columns["equity.irr"] == pytest.approx(expected["equity_irr_annual"], rel=1e-8)
    assert path.columns["equity.moic"] == pytest.approx(expected["equity_moic"], rel=1e-8)
    assert [at(path, name, LAST) for name in ("trap", "dsra", "D")] == [0.0] * 3


def test_edge_05_downtime_beyond_the_end() -> None:
    """Month 61 + 4 is beyond 64: an orderly sale at 64; 60 + 4 is 64: a forced one."""
    late, just = (replay(LIQUIDATE, f"credit.default_month={month} months") for month in (61, 60))
    assert at(late, "sale", LAST) == pytest.approx(UNITS * price(LAST) * (1 - 0.04), rel=1e-9)
    assert at(just, "sale", LAST) == pytest.approx(UNITS * price(LAST) * (1 - 0.12), rel=1e-9)
    assert costs(LIQUIDATE, "credit.default_month=61 months")[61:] == [(OPEX, 15e6)] * 4
    assert costs(LIQUIDATE, "credit.default_month=60 months")[60:] == [(OPEX, 15e6)] * 4 + [(OPEX, 0.0)]
    meets_the_oracle(late, 61, LIQUIDATE, "credit.default_month=61 months")


def test_edge_05_downtime_into_the_tail() -> None:
    """With a tail the forced sale waits for the downtime to end, in month 66."""
    sets = (LIQUIDATE, "credit.default_month=62 months", "grid.tail=24 months")
    path = replay(*sets)
    assert path.columns["spv.sale"] == at(path, "sale", 66)
    assert at(path, "sale", 66) == pytest.approx(UNITS * price(66) * (1 - 0.12), rel=1e-9)
    assert costs(*sets)[65:68] == [(OPEX, 15e6), (OPEX, 0.0), (0.0, 0.0)]


@pytest.mark.parametrize(("tail", "paid_in"), [(0, None), (3, 67), (4, 68), (24, 68)])
def test_edge_06_claim_after_the_end(tail: int, paid_in: int | None) -> None:
    """Due in month 50 + 18 = 68: lost without a tail, valued in the last month of a short one, else paid."""
    path = replay("credit.default_month=50 months", f"grid.tail={tail} months")
    claim = 0.20 * sum(RENT * (1 + 0.105 / 12) ** -(k - 50) for k in range(50, LAST + 1))
    assert path.columns["spv.claim"] == pytest.approx(claim if paid_in else 0.0, rel=1e-9)
    if paid_in:
        assert at(path, "claim", paid_in) == path.columns["spv.claim"]


def test_edge_07_price_at_its_floor() -> None:
    """A price that would fall below the scrap value stays there, and the fleet sells for it."""
    path = replay("gpu_price.scrap_value=5,000 USD")
    prices = path.months["price"]
    assert prices == pytest.approx([max(price(k), 5_000) for k in range(5, LAST + 1)], rel=1e-9)
    assert prices[-1] == 5_000
    assert path.columns["spv.sale"] == pytest.approx(UNITS * 5_000 * 0.96, rel=1e-12)


def test_edge_07_price_of_nothing() -> None:
    """A price that has all but vanished leaves every figure defined."""
    path = replay("gpu_price.curve.decay=900 %/year", "credit.default_month=30 months", LIQUIDATE)
    assert 0 <= path.columns["spv.sale"] < 1
    assert path.columns["senior.loss"] > 0
    assert path.columns["spv.breach"] <= 1e-9
    assert math.isfinite(path.columns["equity.moic"])


def test_edge_08_event_of_default_with_the_debt_repaid() -> None:
    """The lessee defaults in month 40, long after the debt is repaid: from 41 on all cash is equity's."""
    sets = ("capital.debt_share=10 %", "capital.tranche.senior.tenor=12 months")
    path = replay(*sets, "credit.default_month=40 months")
    months = path.months
    assert path.columns["senior.event_of_default_month"] == 41
    after = months["k"] >= 41
    assert not months["D"][after].any()
    assert not months["int_paid"][after].any()
    # Cash beyond the costs and what they left unpaid before; nothing is held back.
    np.testing.assert_allclose(
        months["dist"][after], (months["inflow"] - months["costs_paid"])[after], atol=1e-3
    )
    assert months["dist"][after].sum() > 0
    for name in ("trap", "dsra"):
        assert not months[name][after].any()
    assert path.columns["senior.loss"] == 0
    assert path.columns["senior.yield"] > 0


def test_edge_10_event_of_default_wins_over_the_lock_up() -> None:
    """Month 29: the lock-up fails alone. Month 30: both would, and all cash serves the debt."""
    path = replay("credit.default_month=29 months")
    assert (at(path, "locked", 29), at(path, "eod", 29)) == (1, 0)
    assert at(path, "dscr", 29) < 1.15
    assert (at(path, "locked", 30), at(path, "eod", 30)) == (0, 1)
    assert math.isnan(at(path, "dscr", 30))
    assert [at(path, name, 30) for name in ("trap", "dsra", "dist")] == [0.0] * 3
    paid = at(path, "int_paid", 30) + at(path, "prin_paid", 30)
    held = at(path, "trap", 29) + at(path, "dsra", 29)
    assert paid == pytest.approx(held + at(path, "inflow", 30) - at(path, "costs_paid", 30), rel=1e-9)
    assert path.columns["spv.lock_up_months"] == 1


@pytest.mark.parametrize("stipulated", ["", "{ '1 month' = '20 %' }"])
def test_edge_24_the_units_proceeds_repay_the_debt_before_equity(stipulated: str) -> None:
    """The lease ends early with debt outstanding, which sale and termination payment cover or do not."""
    ends = ["lease.early_termination.month=20 months"]
    if stipulated:
        ends += [f"lease.early_termination.stipulated_loss={stipulated}", "gpu_price.day_one_discount=90 %"]
    else:
        ends += ["lease.early_termination.discount_rate=10 %"]
    path = replay(*ends)
    months = path.months
    end = months["k"].tolist().index(20)
    proceeds = float(months["sale"][end] + months["termination"][end])
    owed = float(months["D"][end - 1])
    assert (proceeds < owed) == bool(stipulated)
    if stipulated:
        assert months["prin_paid"][end] >= proceeds - months["int_due"][end]
        assert path.columns["senior.loss"] > 0
        assert not months["dist"][end:].any()
    else:
        assert months["prin_paid"][end] == pytest.approx(owed, rel=1e-12)
        assert months["D"][end] == 0
        assert months["dist"][end] > 0
    assert path.columns["spv.breach"] <= 1e-9

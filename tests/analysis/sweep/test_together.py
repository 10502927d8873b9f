"""Deals on one market: each to the bits that it has by itself, and which deals may share one."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.simulation import run_simulation
from spv_sim.analysis.sweep.axes import axes_of, overrides_of
from spv_sim.analysis.sweep.points import groups, market_key, most_together
from spv_sim.analysis.sweep.together import estimates_of, run_together
from spv_sim.closing.close import Closed, close
from spv_sim.kernel.jit import PLAIN
from spv_sim.results.estimate import as_record
from spv_sim.scenario.read import Loaded, read
from tests.closing.deals import SHIPPED

PATHS = 48 if PLAIN else 4096 + 333
SEED = 5
CHANGES: tuple[dict[str, object], ...] = (
    {},
    {"capital.debt_share": "85 %"},
    {"lease.rate": "1.7 USD/GPU-hour"},
    {"workout.mode": "liquidate", "workout.claim_recovery": "0 %"},
    {"capital.tranche.senior.amortisation": "straight_line", "capital.tranche.senior.grace": 2},
    {"capital.tranche.senior.dsra": "0 months", "accounts.interest_rate": "0 %"},
    {"capital.tranche.senior.lock_up_dscr": "1.5x"},
)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read(SHIPPED / "vci-h100.toml")


@pytest.fixture(scope="module")
def deals(loaded: Loaded) -> list[Closed]:
    return [close(loaded.override(change).scenario) for change in CHANGES]


def test_a_deal_has_the_bits_that_it_has_by_itself(deals: list[Closed]) -> None:
    """Columns, sums of flows and every estimate, whoever stands beside it."""
    assert len({market_key(deal) for deal in deals}) == 1
    beside = run_together(deals, PATHS, SEED, PATHS, 2)
    for closed, found in zip(deals, beside, strict=True):
        alone = run_simulation(closed, PATHS, SEED, PATHS, 1, base=run_base_case(closed).values)
        collected, _ = found
        for name, column in alone.collected.columns.items():
            assert np.array_equal(column, collected.columns[name], equal_nan=True), name
        for name, flows in alone.collected.flows.items():
            assert np.array_equal(flows.sums, collected.flows[name].sums), name
        names = list(alone.estimates)
        estimates = estimates_of(found, names)
        assert {name: as_record(own) for name, own in estimates.items()} == {
            name: as_record(own) for name, own in alone.estimates.items()
        }


def test_a_deal_may_be_refinanced_beside_others() -> None:
    loaded = read(SHIPPED / "refinancing.toml")
    deals = [close(loaded.override({"lease.rate": rate}).scenario) for rate in RATES]
    assert market_key(deals[0]) == market_key(deals[1])
    for closed, (collected, _) in zip(deals, run_together(deals, PATHS, SEED, PATHS), strict=True):
        alone = run_simulation(closed, PATHS, SEED, PATHS, base=run_base_case(closed).values)
        for name, column in alone.collected.columns.items():
            assert np.array_equal(column, collected.columns[name], equal_nan=True), name


RATES = ("1.2 USD/GPU-hour", "1.4 USD/GPU-hour")


@pytest.mark.parametrize(
    "change",
    [
        {"gpu_price.curve.decay": "30 %/year"},
        {"credit.hazard": "9 %/year"},
        {"lease_rate.volatility": "30 %/sqrt(year)"},
        {"correlation.gpu_price": {"lease_rate": 0.5}},
        {"grid.tail": "30 months"},
        {"lease.term": "6 years"},
        {"deal.hurdle": "13 %"},
    ],
)
def test_what_changes_the_market_gets_its_own(loaded: Loaded, change: dict[str, object]) -> None:
    assert market_key(close(loaded.override(change).scenario)) != market_key(close(loaded.scenario))


def test_points_that_share_a_market_come_together_and_every_point_once(loaded: Loaded) -> None:
    varied = [
        "capital.debt_share=50%,60%,70%,110%",
        "gpu_price.curve.decay=20%,30%",
        "lease.rate=1.2,1.4 USD/GPU-hour",
    ]
    axes = axes_of(loaded, varied)
    found = list(groups(loaded, axes, most=4))
    points = [point for group in found for point in group]
    assert sorted(point.at for point in points) == [
        (a, b, c) for a in range(4) for b in range(2) for c in range(2)
    ]
    closed = [group for group in found if group[0].closed is not None]
    assert sorted(map(len, closed)) == [2, 2, 4, 4]
    for group in closed:
        assert len({market_key(point.closed) for point in group if point.closed}) == 1
        assert len({point.at[1] for point in group}) == 1
    for point in points:
        if point.at[0] == 3:
            assert point.fault is not None
            assert "above 100 %" in point.fault.problems[0].message
        else:
            again = close(loaded.override(overrides_of(axes, point.at)).scenario)
            assert point.closed is not None
            assert point.closed.terms.deal.total_uses == again.terms.deal.total_uses


def test_as_many_deals_as_memory_holds() -> None:
    assert most_together(40, 100_000, 10**6) == 16
    assert most_together(40, 10**6, 10**6) == 3
    assert most_together(40, 10**9, 10**8) == 1
    assert most_together(40, 10**9, 0) == 16

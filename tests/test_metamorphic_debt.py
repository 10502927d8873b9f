"""Relations between runs of one deal whose debt is told in another way, or whose market is."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.scenario.capital import Tranche
from spv_sim.scenario.model import Scenario
from tests.closing.deals import base
from tests.months import months_of
from tests.test_metamorphic import PATHS, Columns, load, simulate_scenario, usd

NOISE = ("gpu_price.volatility=35 %/sqrt(year)", "credit.hazard=25 %/year", "grid.tail=24 months")
MODES = pytest.mark.parametrize("mode", ["remarket", "liquidate"])
MONEY = {"equity.npv", "equity.pv", "spv.claim", "spv.sale"}


def with_tranches(scenario: Scenario, tranches: dict[str, Tranche]) -> Scenario:
    """The scenario with other debt, each tranche with its own size."""
    changed = {"tranche": tranches, "debt_share": None}
    return scenario.model_copy(update={"capital": scenario.capital.model_copy(update=changed)})


def same_deal(one: Columns, other: Columns, nothing: float) -> None:
    """All columns of the deal itself agree, to the rounding of amounts that count as nothing."""
    for name in one:
        if name in other and name.split(".")[0] in ("equity", "spv", "lessee") and name != "spv.breach":
            room = nothing if name in MONEY else 1e-8
            np.testing.assert_allclose(other[name], one[name], rtol=1e-8, atol=room, err_msg=name)
    assert other["spv.breach"].max() <= 1e-9


@MODES
def test_a_tranche_in_two_pari_halves_is_the_same_cash(mode: str) -> None:
    """Each half gets half of what the whole tranche gets, on every path."""
    scenario = load(f"workout.mode={mode}")
    senior = scenario.capital.tranche["senior"]
    half = senior.model_copy(update={"debt_share": scenario.capital.debt_share / 2})
    whole, halves = (
        simulate_scenario(each) for each in (scenario, with_tranches(scenario, {"one": half, "two": half}))
    )
    nothing = usd(scenario)
    assert (whole["senior.loss"] > 0).any()
    for name in ("one", "two"):
        np.testing.assert_allclose(
            2 * halves[f"{name}.loss"], whole["senior.loss"], rtol=1e-8, atol=2 * nothing
        )
        np.testing.assert_allclose(halves[f"{name}.yield"], whole["senior.yield"], rtol=1e-8, atol=1e-8)
    same_deal(whole, halves, nothing)


@MODES
def test_pari_tranches_may_stand_in_any_order(mode: str) -> None:
    scenario = base("y-base", *NOISE, f"workout.mode={mode}", "capital.tranche.mezz.rank=1")
    turned = dict(reversed(scenario.capital.tranche.items()))
    one, other = (simulate_scenario(each) for each in (scenario, with_tranches(scenario, turned)))
    nothing = usd(scenario)
    assert (one["mezz.loss"] > 0).any()
    for name in ("senior.loss", "mezz.loss"):
        np.testing.assert_allclose(other[name], one[name], rtol=1e-8, atol=nothing, err_msg=name)
    # Reserve, grace and discount rate of cover are those of the tranche that stands first.
    apart = {"spv.llcr"}
    same_deal({k: v for k, v in one.items() if k not in apart}, other, nothing)


@MODES
@pytest.mark.parametrize("rank", [1, 2])
def test_a_tranche_of_nothing_changes_nothing(mode: str, rank: int) -> None:
    scenario = load(f"workout.mode={mode}")
    senior = scenario.capital.tranche["senior"].model_copy(update={"debt_share": scenario.capital.debt_share})
    none = senior.model_copy(update={"debt_share": None, "commitment": 0.0, "rank": rank})
    one, other = (
        simulate_scenario(with_tranches(scenario, tranches))
        for tranches in ({"senior": senior}, {"senior": senior, "none": none})
    )
    same_deal(one, other, usd(scenario))
    assert not other["none.loss"].any()
    np.testing.assert_allclose(other["senior.loss"], one["senior.loss"], rtol=1e-9, atol=usd(scenario))


@pytest.mark.parametrize("rho", [0.0, -0.6])
def test_without_correlation_price_and_default_are_independent(rho: float) -> None:
    """E[price factor; default] is the product of both; with wrong-way risk it is far from it."""
    correlated = f"correlation.lessee_credit.gpu_price={rho}"
    scenario = load("credit.engine=first_passage", "credit.hazard=12 %/year", correlated)
    rows = months_of(close(scenario), 3, 0, 8 * 4096)
    price, default = rows["price"][-1], np.isfinite(rows["default_month"][-1])
    factor = price / (40_000 * 0.62 * np.exp(-0.40 * (len(rows["price"]) - 1) / 12))
    apart = (factor - 1) * (default - default.mean())
    distance = apart.mean() / (apart.std(ddof=1) / np.sqrt(len(apart)))
    assert (abs(distance) <= 4) == (rho == 0.0)


def test_base_rates_leave_the_other_factors_alone() -> None:
    """A short rate that moves, correlated with nothing, changes no price, no lease rate and no default."""
    curve = "rates.curve={ kind = 'nelson_siegel', level = '4 %', slope = '1 %', decay_time = '2 years' }"
    moving = ("rates.model=hull_white", "rates.mean_reversion=5 %", "rates.volatility=0.9 %/sqrt(year)")
    one, other = (months_of(close(load(*sets)), 0, 0, PATHS) for sets in ((), (curve, *moving)))
    for name in ("price", "lease_rate", "default_month"):
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)

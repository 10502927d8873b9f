"""The choice of the workout: its expectations against nested simulation, its cash against either mode."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.closing.casualty import casualty_terms
from spv_sim.closing.close import close
from spv_sim.engine.cpu import LANES
from spv_sim.kernel.jit import PLAIN
from spv_sim.market.contract import ContractDraws
from spv_sim.market.failures import Failures, FailureTerms
from spv_sim.market.market import Market
from spv_sim.market.short_rate import BaseRates
from spv_sim.scenario.model import Scenario
from spv_sim.spv.best_workout import value_of_letting, value_of_sale
from tests.closing.deals import base
from tests.months import months_of

HOURS, UNITS, LAST = 730, 500_000, 28
PATHS = 8 if PLAIN else 256
WIDTH = 1 if PLAIN else LANES
INNER = 200_000
DECIDES = 14
CASH = ("merchant", "sale", "opex", "enforcement")
SETS = (
    *("lease.term=24 months", "capital.tranche.senior.tenor=24 months", "capital.debt_share=30 %"),
    *("credit.default_month=10 months", "workout.liquidation_months=3 months"),
    *("gpu_price.volatility=35 %/sqrt(year)", "gpu_price.curve.decay=60 %/year"),
    *("lease_rate.volatility=80 %/sqrt(year)", "lease_rate.half_life=6 months"),
    *("workout.market_depth=200_000", "workout.price_impact=20 %", "workout.claim_recovery=0 %"),
)


def scenario(mode: str, *sets: str) -> Scenario:
    rate = ("workout.choice_rate=8 %",) if mode == "best" else ()
    return base("x-base", *SETS, f"workout.mode={mode}", *rate, *sets)


def flows(mode: str, *sets: str) -> dict[str, NDArray[np.float64]]:
    return months_of(close(scenario(mode, *sets)), 3, 0, PATHS, WIDTH)


def market_at(price: float, rate: float) -> Market:
    rates, never = BaseRates(0.0, 0.0, 0.0, 0.0), math.inf
    draws = ContractDraws(never, never, 0.5, 0.5, never, 0.5)
    none = Failures(FailureTerms(False, np.zeros(1), np.empty(0), casualty_terms(None)), 0, 0)
    return Market(price, rate, math.log(rate), 1.0, 10.0, rates, draws, none)


def discount(months: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray((1 + 0.08 / 12) ** (DECIDES - months.astype(float)))


@pytest.mark.parametrize(("price", "rate"), [(12_000.0, 1.2), (12_000.0, 0.4), (6_000.0, 2.0)])
def test_expectations_meet_nested_simulation(price: float, rate: float) -> None:
    """Deal X without a letting cost from month 14 to 28, on the processes as model 3.1 and 3.2 write them."""
    said = scenario("best")
    terms = close(said).terms.deal.assets.workout
    generator = np.random.default_rng(7)
    months = np.arange(DECIDES, LAST + 1)
    kappa, level = 12 * math.log(2) / 6, math.log(said.lease_rate.mean_level)
    decay, step = math.exp(-kappa / 12), 1 / 12
    x = np.full(INNER, math.log(rate))
    noise = np.zeros(INNER)
    letting, selling = np.zeros(INNER), np.zeros(INNER)
    for month, factor in zip(months, discount(months), strict=True):
        if month > DECIDES:
            theta = level - said.lease_rate.decline * (month - 1) * step
            mean = decay * x + theta * (1 - decay) - said.lease_rate.decline * (step - (1 - decay) / kappa)
            sd = 0.8 * math.sqrt((1 - decay**2) / (2 * kappa))
            x = mean + sd * generator.standard_normal(INNER)
            noise = noise + 0.35 * math.sqrt(step) * generator.standard_normal(INNER)
        years = (month - DECIDES) / 12
        prices = price * np.exp(-0.60 * years + noise - 0.35**2 / 2 * years)
        income = UNITS * HOURS * 0.85 * np.maximum(0.9 * np.exp(x) - 0.35, 0)
        letting += factor * (income - 7e6)
        if month == LAST:
            letting += factor * UNITS * 0.96 * prices
        if month < DECIDES + 3:
            impact = 0.20 * min(UNITS / 3 / 200_000, 1)
            selling += factor * (UNITS / 3 * prices * 0.88 * (1 - impact) - 7e6)
    market = market_at(price, rate)
    for paid, expected in (
        (letting, value_of_letting(terms, DECIDES, True, float(UNITS), market)),
        (selling, value_of_sale(terms, DECIDES, float(UNITS), market)),
    ):
        assert abs(paid.mean() - expected) <= 4 * paid.std() / math.sqrt(INNER) + 1e-6 * expected


def test_every_path_follows_the_mode_that_it_expects_more_of() -> None:
    """It does not look ahead: month 14's own price and rate decide, and the cash is that of the mode."""
    best, let, sold = flows("best"), flows("remarket"), flows("liquidate")
    terms = close(scenario("best")).terms.deal.assets.workout
    chosen = 0
    for path in range(PATHS):
        price, rate = best["price"][DECIDES, path], best["lease_rate"][DECIDES, path]
        market = market_at(float(price), float(rate))
        values = [
            value_of_letting(terms, DECIDES, True, float(UNITS), market),
            value_of_sale(terms, DECIDES, float(UNITS), market),
        ]
        other = sold if values[1] > values[0] else let
        chosen += values[1] > values[0]
        for name in CASH:
            np.testing.assert_array_equal(
                best[name][5:, path], other[name][5:, path], err_msg=f"{path} {name}"
            )
    assert 0 < chosen < PATHS


@pytest.mark.parametrize("sets", [(), ("workout.downtime=0 months",), ("opex.per_month=300 m USD/month",)])
def test_the_best_is_expected_to_bring_no_less_than_either(sets: tuple[str, ...]) -> None:
    """The mean of the chosen cash, discounted to the choice, against both modes on the same paths."""

    def worth(rows: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        months = np.arange(len(rows["price"]))
        cash = rows["merchant"] + rows["sale"] - rows["opex"] - rows["enforcement"]
        return np.asarray(discount(months)[10:] @ cash[10:])

    best, let, sold = (worth(flows(mode, *sets)) for mode in ("best", "remarket", "liquidate"))
    for other in (let, sold):
        gain = best - other
        assert gain.mean() >= -4 * gain.std() / math.sqrt(PATHS)
    assert ((best == let) | (best == sold)).all()


def test_edge_05_downtime_beyond_the_end_leaves_nothing_to_choose() -> None:
    """10 + 20 is beyond month 28: sold there in good order; 10 + 18 is that month: the dearer sale wins."""
    late = flows("best", "workout.downtime=20 months")
    np.testing.assert_array_equal(late["sale"], flows("liquidate", "workout.downtime=20 months")["sale"])
    last = flows("best", "workout.downtime=18 months")
    np.testing.assert_array_equal(last["sale"], flows("remarket", "workout.downtime=18 months")["sale"])

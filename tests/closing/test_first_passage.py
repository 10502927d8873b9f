"""First passages at closing: the given clock, default curves, crossing probability and wrong-way weights."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from spv_sim.closing.black_cox import BlackCox, black_cox_of_assets
from spv_sim.closing.first_passage import (
    SUREST_DEFAULT,
    bridge_crossing,
    first_passage_terms,
    passage_clock,
    passage_probability,
)
from spv_sim.closing.hazard_curve import yearly_curve
from spv_sim.market.first_passage import touches_zero
from tests.given import agrees, given

MONTHS = np.arange(61) / 12


def test_tcfp_given_clock_and_defaults() -> None:
    inputs, expected, tolerance = given("tcfp_given")
    defaults = -np.expm1(-yearly_curve(tuple(inputs["hazards"])).cumulative(MONTHS))
    clock = passage_clock(defaults)
    for month, wanted in expected["A"].items():
        assert agrees(float(clock[int(month)]), wanted, tolerance)
    for month, wanted in expected["PD"].items():
        assert agrees(float(passage_probability(1.0, clock)[int(month)]), wanted, tolerance)
    # Not only to the given tolerance: the curve is met exactly.
    assert passage_probability(1.0, clock) == pytest.approx(defaults, rel=1e-13)


def test_the_clock_stands_before_any_default_and_ends_before_certainty() -> None:
    clock = passage_clock(np.array([0.0, 0.0, 0.1, 0.1, 1.0]))
    assert clock[:2].tolist() == [0.0, 0.0]
    assert clock[2] == clock[3] == pytest.approx(1 / stats.norm.ppf(0.05) ** 2)
    assert math.isfinite(clock[4])
    assert clock[4] == pytest.approx(1 / stats.norm.ppf(SUREST_DEFAULT / 2) ** 2, rel=1e-4)
    terms = first_passage_terms(np.array([0.0, 0.0, 0.5, 0.5, math.inf]))
    assert terms.first_month == 2
    assert terms.volatility[[0, 1, 3]].tolist() == terms.bridge[[0, 1, 3]].tolist() == [0, 0, 0]
    assert math.isfinite(terms.volatility[4])


def test_a_lessee_that_cannot_default_does_not_move() -> None:
    terms = first_passage_terms(np.zeros(10))
    assert terms.first_month == 10
    assert not terms.volatility.any()


def test_blackcox_pd_given() -> None:
    inputs, expected, tolerance = given("blackcox_pd_given")
    walk = black_cox_of_assets(inputs["V0"], inputs["B0"], inputs["mu"], inputs["s"], inputs["gamma_barrier"])
    assert agrees(walk.distance, inputs["x0"], 1e-15)
    assert agrees(walk.drift, inputs["m"], 1e-15)
    for years, defaults in expected.items():
        assert agrees(float(walk.default_probability(np.array([float(years)]))[0]), defaults, tolerance)


def test_black_cox_far_away_and_at_the_start() -> None:
    walk = BlackCox(40.0, -8.0, 0.1)  # the weight of the reflected part alone would overflow
    found = walk.default_probability(np.array([0.0, 1.0, 5.0, 10.0]))
    assert found[0] == 0
    assert found == pytest.approx([0, 0, 0.5, 1], abs=0.01)
    assert np.all(np.diff(found) >= 0)


@pytest.mark.parametrize("rho", ["0.0", "0.6"])
def test_wrongway_residual_given_default(rho: str) -> None:
    inputs, expected, tolerance = given(f"wrongway_residual_given_default_given_rho{rho}")
    walk = black_cox_of_assets(inputs["V0"], inputs["B0"], inputs["mu"], inputs["s"], inputs["gamma_barrier"])
    years = np.array([inputs["T"]])
    joint = walk.weighted_by_price(inputs["rho"], inputs["sv"]).default_probability(years)[0]
    defaults = walk.default_probability(years)[0]
    assert agrees(float(joint), expected["joint"], tolerance)
    assert agrees(float(defaults), expected["pd"], tolerance)
    assert agrees(float(joint / defaults), expected["cond"], tolerance)


def test_bb_crossing_given() -> None:
    inputs, expected, tolerance = given("bb_crossing_given")
    variance = inputs["sigma"] ** 2 / 12
    assert agrees(bridge_crossing(inputs["x0"], inputs["x1"], variance), expected, tolerance)
    before, after = inputs["x0"], inputs["x1"]
    # The kernel's test passes for uniforms up to the crossing probability and no others.
    assert touches_zero(-2 / variance, before, after, expected * (1 - 1e-12))
    assert not touches_zero(-2 / variance, before, after, expected * (1 + 1e-12))
    assert touches_zero(-2 / variance, before, -1e-300, 1 - 2.0**-33)
    assert touches_zero(-2 / variance, before, 0.0, 1 - 2.0**-33)

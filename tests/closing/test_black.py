"""Black's formulas: the given values, quadrature, parity, and the edges of a collar."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from spv_sim.closing.black import call, collar, put
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.scenario.lease_rate import LeaseRate
from tests.given import agrees, given


def test_collar_expectation_given() -> None:
    inputs, expected, tolerance = given("collar_expectation_given")
    rate = LeaseRate.model_construct(
        initial=inputs["R0"],
        mean_level=inputs["Rbar0"],
        decline=inputs["g"],
        half_life=12 * math.log(2) / inputs["k"],
        volatility=inputs["s"],
    )
    mean, variance = log_moments(rate, np.array([float(inputs["t"])]))
    got = collar(
        np.exp(mean + variance / 2), np.sqrt(variance), inputs["pct"], 0.0, inputs["floor"], inputs["cap"]
    )
    assert agrees(float(got[0]), expected, tolerance)


def test_rvg_put_and_option_given() -> None:
    inputs, expected, tolerance = given("rvg_put_and_option_given")
    deviation = inputs["vol"] * math.sqrt(inputs["T"])
    assert agrees(float(put(inputs["mean"], inputs["G"], deviation)), expected["rvg_put"], tolerance)
    assert agrees(float(call(inputs["mean"], inputs["K"], deviation)), expected["call"], tolerance)


@pytest.mark.parametrize(("floor", "cap"), [(0.8, 1.6), (0.0, 1.6), (0.8, math.inf), (0.0, 0.0), (1.2, 1.2)])
@pytest.mark.parametrize("cost", [0.0, 0.4])
def test_collar_is_the_mean_of_the_collared_rate(floor: float, cap: float, cost: float) -> None:
    forward, deviation, share = 1.9, 0.45, 0.9

    def density(z: float) -> float:
        rate = forward * math.exp(deviation * z - deviation**2 / 2)
        value = min(max(share * (rate - cost), floor), cap)
        return value * math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)

    kinks = [
        (math.log((cost + edge / share) / forward) + deviation**2 / 2) / deviation
        for edge in (floor, cap)
        if 0 < cost + edge / share < math.inf
    ]
    exact = quad(density, -9, 9, points=kinks or None, limit=400, epsabs=1e-13)[0]
    assert float(collar(forward, deviation, share, cost, floor, cap)) == pytest.approx(exact, abs=1e-11)


def test_without_noise_the_option_is_what_it_is_worth_today() -> None:
    assert call([3.0, 1.0], 2.0, 0.0).tolist() == [1.0, 0.0]
    assert put([3.0, 1.0], 2.0, 0.0).tolist() == [0.0, 1.0]
    assert float(call(3.0, -1.0, 0.5)) == 4.0
    assert float(call(0.0, 2.0, 0.5)) == 0.0

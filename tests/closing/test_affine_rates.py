"""Vasicek and square-root processes against the given numbers, and against each other's limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.stats import ncx2

from spv_sim.closing.affine_rates import (
    SquareRoot,
    Vasicek,
    square_root_moments,
    square_root_transform,
    vasicek_bond,
    vasicek_moments,
)
from tests.given import agrees, given

INTENSITY = SquareRoot(initial=0.04, mean_reversion=0.3, mean=0.045, volatility=0.08)


def test_vasicek_zcb_given() -> None:
    inputs, expected, tolerance = given("vasicek_zcb_given")
    rate = Vasicek(inputs["r0"], inputs["a"], inputs["b"], inputs["sigma"])
    for got, wanted in zip(vasicek_bond(rate, inputs["T"]), expected, strict=True):
        assert agrees(got, wanted, tolerance)


def test_vasicek_moments_given() -> None:
    inputs, expected, tolerance = given("vasicek_moments_given")
    rate = Vasicek(inputs["r0"], inputs["a"], inputs["b"], inputs["sigma"])
    got = vasicek_moments(rate, inputs["T"])
    names = ("mean_r", "var_r", "mean_I", "var_I", "cov")
    for one, name in zip(got, names, strict=True):
        assert agrees(one, expected[name], tolerance)


def test_cir_zcb_given() -> None:
    inputs, expected, tolerance = given("cir_zcb_given")
    rate = SquareRoot(inputs["r0"], inputs["kappa"], inputs["theta"], inputs["sigma"])
    for got, wanted in zip(square_root_transform(rate, inputs["T"]), expected, strict=True):
        assert agrees(got, wanted, tolerance)


def test_cir_survival_given() -> None:
    inputs, expected, tolerance = given("cir_survival_given")
    intensity = SquareRoot(inputs["l0"], inputs["kappa"], inputs["theta"], inputs["sigma"])
    for got, wanted in zip(square_root_transform(intensity, inputs["T"]), expected, strict=True):
        assert agrees(got, wanted, tolerance)
    assert intensity.stays_positive == inputs["feller"]


def test_cir_moments_given() -> None:
    inputs, expected, tolerance = given("cir_moments_given")
    rate = SquareRoot(inputs["r0"], inputs["kappa"], inputs["theta"], inputs["sigma"])
    mean, variance = square_root_moments(rate, inputs["T"])
    assert agrees(float(mean), expected["mean"], tolerance)
    assert agrees(float(variance), expected["var"], tolerance)


def test_transform_of_the_end_is_that_of_its_chi_squared_law() -> None:
    y, kappa, theta, sigma = INTENSITY
    years, weight = 3.0, 7.0
    scale = sigma**2 * -math.expm1(-kappa * years) / (4 * kappa)
    law = ncx2(4 * kappa * theta / sigma**2, y * math.exp(-kappa * years) / scale, scale=scale)
    wanted, error = quad(lambda x: math.exp(-weight * x) * law.pdf(x), 0, 1, epsabs=1e-12, points=[0.04])
    got = float(square_root_transform(INTENSITY, years, integral_weight=0.0, end_weight=weight))
    assert got == pytest.approx(wanted, abs=error + 1e-11)


def test_transform_with_both_weights_solves_its_riccati_equations() -> None:
    y, kappa, theta, sigma = INTENSITY

    def slopes(_: float, state: np.ndarray) -> list[float]:
        return [2.0 - kappa * state[0] - sigma**2 * state[0] ** 2 / 2, kappa * theta * state[0]]

    solved = solve_ivp(slopes, (0, 4.0), [5.0, 0.0], rtol=1e-12, atol=1e-14)
    slope, level = solved.y[:, -1]
    got = float(square_root_transform(INTENSITY, 4.0, integral_weight=2.0, end_weight=5.0))
    assert got == pytest.approx(math.exp(-level - slope * y), rel=1e-10)


def test_little_volatility_is_almost_none() -> None:
    # The mean of exp(-integral) moves with the variance of the integral, 1e-12 here.
    still = INTENSITY._replace(volatility=0.0)
    almost = INTENSITY._replace(volatility=1e-5)
    years = np.array([0.0, 1.0, 10.0])
    for weights in ((1.0, 0.0), (1.0, 2.0)):
        calm, moved = (square_root_transform(each, years, *weights) for each in (still, almost))
        assert moved == pytest.approx(calm, abs=1e-9)
    assert square_root_transform(still, 0.0) == 1


def test_nothing_overflows_over_long_times() -> None:
    assert 0 < float(square_root_transform(INTENSITY._replace(mean_reversion=10.0), 200.0)) < 1


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        square_root_transform(INTENSITY, 1.0, integral_weight=-1.0)
    with pytest.raises(ValueError, match="mean reversion"):
        square_root_transform(INTENSITY._replace(mean_reversion=0.0), 1.0)


def test_feller() -> None:
    assert INTENSITY.stays_positive
    assert not INTENSITY._replace(volatility=0.2).stays_positive

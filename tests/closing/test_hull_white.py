"""Hull and White's model against the given numbers, quadrature, and limits of its parameters."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from spv_sim.closing import hull_white
from spv_sim.closing.discount_curve import discount_factor, instantaneous_forward, simple_forward
from spv_sim.closing.hull_white import HullWhite, bond, caplet, integral_variance, step_law
from tests.closing.curves import nelson_siegel
from tests.given import agrees, given

CURVE = nelson_siegel()
MODEL = HullWhite(0.05, 0.009)


def test_hw_fit_given() -> None:
    inputs, expected, tolerance = given("hw_fit_given")
    model = HullWhite(inputs["a"], inputs["sigma"])
    got = hull_white.shift_integral(model, CURVE, 0.0, inputs["T"])
    for one, wanted in zip(got, expected["int_phi"], strict=True):
        assert agrees(one, wanted, tolerance)


def test_hw_joint_step_given() -> None:
    inputs, expected, tolerance = given("hw_joint_step_given")
    law = step_law(HullWhite(inputs["a"], inputs["sigma"]), 1 / 12)
    assert agrees(law.decay, expected["mx"], tolerance)
    assert agrees(law.integral_on_deviation, expected["mI"], tolerance)
    assert agrees(law.variance, expected["var_x"], tolerance)
    assert agrees(law.integral_variance, expected["var_I"], tolerance)
    assert agrees(law.covariance, expected["cov"], tolerance)


def test_hw_reconstitution_given() -> None:
    inputs, expected, tolerance = given("hw_reconstitution_given")
    model = HullWhite(inputs["a"], inputs["sigma"])
    start, end = inputs["t"], inputs["T"]
    price = float(bond(model, CURVE, start, end, inputs["x"]))
    assert agrees(price, expected["P"], tolerance)
    assert agrees((1 / price - 1) / (end - start), expected["term_rate"], tolerance)
    assert agrees(float(hull_white.shift(model, CURVE, start)), expected["phi_t"], tolerance)


def test_hw_caplets_given() -> None:
    inputs, expected, tolerance = given("hw_caplets_given")
    model = HullWhite(inputs["a"], inputs["sigma"])
    got = caplet(model, CURVE, inputs["strike"], np.array(inputs["T"]), inputs["accrual"])
    for one, wanted in zip(got, expected, strict=True):
        assert agrees(one, wanted, tolerance)


@pytest.mark.parametrize("years", [1 / 12, 1.0, 5.0, 30.0])
@pytest.mark.parametrize("a", [0.001, 0.05, 0.99, 1.01, 10.0])
def test_variance_of_the_integral_is_that_of_its_definition(a: float, years: float) -> None:
    square, error = quad(lambda t: (-math.expm1(-a * t) / a) ** 2, 0, years, epsabs=0, epsrel=1e-12)
    assert integral_variance(HullWhite(a, 1.0), years) == pytest.approx(square, rel=1e-12, abs=error)


def test_series_and_closed_form_meet() -> None:
    # Where they change over both have lost less than 1e-14; the function itself moves 3 parts in 1e9.
    below, above = integral_variance(HullWhite(1.0, 1.0), [1 - 5e-10, 1 + 5e-10])
    slope = (-math.expm1(-1.0)) ** 2
    assert above - below == pytest.approx(slope * 1e-9, abs=1e-14)


def test_the_shift_integrates_to_its_integral() -> None:
    total, error = quad(lambda t: float(hull_white.shift(MODEL, CURVE, t)), 1.5, 4.0)
    got = float(hull_white.shift_integral(MODEL, CURVE, 1.5, 4.0))
    assert got == pytest.approx(total, abs=error + 1e-14)


def test_without_volatility_bonds_are_forward_bonds() -> None:
    still = MODEL._replace(volatility=0.0)
    forward = discount_factor(CURVE, 3.0) / discount_factor(CURVE, 2.0)
    assert bond(still, CURVE, 2.0, 3.0, 0.0) == pytest.approx(float(forward), rel=1e-15)
    assert hull_white.shift(still, CURVE, 2.0) == instantaneous_forward(CURVE, 2.0)


@pytest.mark.parametrize("strike", [0.02, 0.036, 0.045, 0.08])
def test_caplet_is_the_mean_of_its_payoff_under_the_forward_measure(strike: float) -> None:
    start, accrual = 2.0, 0.25
    end = start + accrual
    # Under the measure of the bond to `end`, ln P(start, end) is normal about the forward bond.
    spread = math.sqrt(float(hull_white.variance(MODEL, start))) * float(
        hull_white.bond_slope(MODEL, accrual)
    )
    forward = float(discount_factor(CURVE, end) / discount_factor(CURVE, start))

    def payoff(z: float) -> float:
        price = forward * math.exp(spread * z + spread**2 / 2)
        return max(1 / price - 1 - strike * accrual, 0.0) * norm.pdf(z)

    kink = (-math.log(forward * (1 + strike * accrual)) - spread**2 / 2) / spread
    mean, error = quad(payoff, -12, min(max(kink, -12), 12), epsabs=1e-14)
    wanted = float(discount_factor(CURVE, end)) * mean
    got = float(caplet(MODEL, CURVE, strike, start, accrual))
    assert got == pytest.approx(wanted, abs=error + 1e-14)


def test_caplet_without_volatility_is_its_intrinsic_value() -> None:
    still = MODEL._replace(volatility=0.0)
    forward = float(simple_forward(CURVE, 1.0, 1.25, 0.25))
    wanted = max(forward - 0.03, 0.0) * 0.25 * float(discount_factor(CURVE, 1.25))
    assert caplet(still, CURVE, 0.03, 1.0, 0.25) == pytest.approx(wanted, abs=1e-15)
    assert caplet(MODEL, CURVE, 0.03, 0.0, 0.25) == pytest.approx(
        float(caplet(still, CURVE, 0.03, 0.0, 0.25)), abs=1e-15
    )

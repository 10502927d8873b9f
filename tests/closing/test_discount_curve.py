"""Yield curves: discount factors, forwards and zero rates agree with each other and with quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from spv_sim.closing.discount_curve import (
    Curve,
    discount_factor,
    instantaneous_forward,
    simple_forward,
    zero_rate,
)
from tests.closing.curves import knots, nelson_siegel
from tests.given import agrees, given

CURVES = [nelson_siegel(), knots(m3="3.9 %", m24="3.6 %", m60="3.75 %"), knots(m12="4 %")]
IDS = ["nelson_siegel", "knots", "one knot"]


def test_discount_factors_are_the_given_ones() -> None:
    inputs, expected, tolerance = given("hw_fit_given")
    for got, wanted in zip(discount_factor(nelson_siegel(), inputs["T"]), expected["P"], strict=True):
        assert agrees(got, wanted, tolerance)


@pytest.mark.parametrize("curve", CURVES, ids=IDS)
def test_discounting_integrates_the_forward_rate(curve: Curve) -> None:
    for years in (0.1, 1.0, 2.5, 7.0):
        kinks = [time for time in (0.25, 2.0, 5.0) if time < years]
        total, error = quad(lambda t: float(instantaneous_forward(curve, t)), 0, years, points=kinks or None)
        assert -math.log(discount_factor(curve, years)) == pytest.approx(total, abs=error + 1e-13)
        assert zero_rate(curve, years) * years == pytest.approx(total, abs=error + 1e-13)


@pytest.mark.parametrize("curve", CURVES, ids=IDS)
def test_at_closing_a_dollar_is_a_dollar_and_the_zero_rate_the_short_rate(curve: Curve) -> None:
    assert discount_factor(curve, 0.0) == 1
    assert zero_rate(curve, 0.0) == instantaneous_forward(curve, 0.0)
    assert zero_rate(curve, 1e-7) == pytest.approx(float(instantaneous_forward(curve, 0.0)), rel=1e-6)


@pytest.mark.parametrize("curve", CURVES, ids=IDS)
def test_rolling_at_simple_forwards_earns_the_zero_rate(curve: Curve) -> None:
    starts = np.arange(60) / 12
    rolled = np.prod(1 + simple_forward(curve, starts, starts + 1 / 12, 1 / 12) / 12)
    assert rolled * discount_factor(curve, 5.0) == pytest.approx(1, abs=1e-13)


def test_knots_are_met_and_the_ends_carried_on() -> None:
    curve = knots(m12="3 %", m24="4 %")
    assert zero_rate(curve, [0.5, 1.0, 2.0]) == pytest.approx([0.03, 0.03, 0.04], abs=1e-15)
    # From 3 % of one year to 8 % of two the forward rate is 5 %, and goes on.
    assert instantaneous_forward(curve, [0.5, 1.0, 1.9, 2.0, 9.0]) == pytest.approx(
        [0.03, 0.05, 0.05, 0.05, 0.05], abs=1e-15
    )
    assert -np.log(discount_factor(curve, 3.0)) == pytest.approx(0.13, abs=1e-15)


def test_shapes_are_kept() -> None:
    years = np.array([[0.0, 1.0], [2.0, 3.0]])
    for of in (discount_factor, zero_rate, instantaneous_forward):
        assert of(nelson_siegel(), years).shape == (2, 2)
        assert of(knots(m12="3 %"), 1.0).shape == ()

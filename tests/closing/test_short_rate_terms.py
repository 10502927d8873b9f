"""The short rate's monthly step and its correlations against quadrature; day counts of its index rates."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from spv_sim.closing.discount_curve import discount_factor
from spv_sim.closing.hull_white import HullWhite
from spv_sim.closing.loadings import loadings
from spv_sim.closing.short_rate_loadings import (
    STILL,
    short_rate_loadings,
    step_correlations,
)
from spv_sim.closing.short_rate_terms import short_rate_terms
from spv_sim.scenario.correlation import Correlation
from tests.closing.curves import rates
from tests.given import agrees, given

STEP = 1 / 12


def test_hw_joint_step_given_in_kernel_units() -> None:
    inputs, expected, tolerance = given("hw_joint_step_given")
    table = rates(
        mean_reversion=f"{100 * inputs['a']!r} %", volatility=f"{100 * inputs['sigma']!r} %/sqrt(year)"
    )
    terms = short_rate_terms(table, 12)
    assert agrees(terms.decay, expected["mx"], tolerance)
    assert agrees(terms.integral_on_deviation, expected["mI"], tolerance)
    assert agrees(terms.step_volatility**2, expected["var_x"], tolerance)
    assert agrees(terms.integral_on_rate**2 + terms.integral_alone**2, expected["var_I"], tolerance)
    assert agrees(terms.integral_on_rate * terms.step_volatility, expected["cov"], tolerance)


def noises(speed: float, a: float) -> list[Any]:
    """The five functions of the time to the end of the step; the last is the integral's own part."""

    def integral(u: float) -> float:
        return -math.expm1(-a * u) / a

    def own(u: float) -> float:
        return integral(u) - share * math.exp(-a * u)

    cross = quad(lambda u: integral(u) * math.exp(-a * u), 0, STEP)[0]
    share = cross / quad(lambda u: math.exp(-2 * a * u), 0, STEP)[0]
    return [lambda u: 1.0, lambda u: 1.0, lambda u: math.exp(-speed * u), lambda u: math.exp(-a * u), own]


@pytest.mark.parametrize(("speed", "a"), [(0.92, 0.05), (12.0, 2.0), (0.0, 0.001)])
def test_step_correlations_are_those_of_the_integrals(speed: float, a: float) -> None:
    brownian = np.array(
        [[1.0, 0.4, 0.3, -0.1], [0.4, 1.0, 0.6, -0.3], [0.3, 0.6, 1.0, 0.4], [-0.1, -0.3, 0.4, 1.0]]
    )
    got = step_correlations(brownian, speed, HullWhite(a, 0.009))
    functions = noises(speed, a)
    drivers = (0, 1, 2, 3, 3)
    overlap = np.array(
        [[quad(lambda u, f=f, g=g: f(u) * g(u), 0, STEP)[0] for f in functions] for g in functions]
    )
    size = np.sqrt(np.diag(overlap))
    wanted = brownian[np.ix_(drivers, drivers)] * overlap / np.outer(size, size)
    # The integral's own part is a difference of nearly equal functions: 1e-12 of a step remains of rounding.
    assert np.allclose(got, wanted, rtol=0, atol=1e-8)


@pytest.mark.parametrize("credit_walks", [False, True])
def test_loadings_are_rows_of_the_factor(credit_walks: bool) -> None:
    correlation = Correlation.model_validate(
        {
            "gpu_price": {"lease_rate": 0.6, "short_rate": -0.3, "lessee_credit": 0.4},
            "lease_rate": {"short_rate": 0.4},
            "lessee_credit": {"short_rate": -0.1},
        }
    )
    loadings = short_rate_loadings(correlation, 0.92, HullWhite(0.05, 0.009), credit_walks)
    rate, own = loadings[:4], loadings[4:]
    assert sum(value**2 for value in rate) == pytest.approx(1, abs=1e-14)
    assert sum(value**2 for value in own) == pytest.approx(1, abs=1e-14)
    # The integral's own part is independent of the rate's normal.
    assert sum(a * b for a, b in zip(rate, own[:4], strict=True)) == pytest.approx(0, abs=1e-14)
    # The step's correlation is that of the increments but for (a step)²/24 of it.
    assert loadings.on_credit == pytest.approx(-0.1 if credit_walks else 0.0, abs=1e-6)
    on_price = loadings.on_credit * (0.4 if credit_walks else 0.0)
    on_price += loadings.on_price * math.sqrt(1 - (0.4**2 if credit_walks else 0.0))
    assert on_price == pytest.approx(-0.3, abs=1e-6)


def test_a_rate_alone_loads_on_itself() -> None:
    assert short_rate_loadings(Correlation(), 0.92, HullWhite(0.05, 0.009)) == pytest.approx(STILL)
    assert short_rate_loadings(Correlation(), 0.92, HullWhite(0.05, 0.0)) == STILL


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0, -1.0])
def test_a_singular_matrix_has_a_factor(rho: float) -> None:
    matrix = np.array([[1, rho, 0.2], [rho, 1, 0.2 * np.sign(rho)], [0.2, 0.2 * np.sign(rho), 1]])
    factor = loadings(matrix)
    assert np.allclose(factor @ factor.T, matrix, atol=1e-14)
    assert np.all(np.triu(factor, 1) == 0)


def test_index_rates_are_quoted_by_their_day_count() -> None:
    table = rates(model="none", mean_reversion=None, volatility=None, day_count="ACT/360")
    terms = short_rate_terms(table, 12, date(2026, 10, 31))
    days = {1: 30, 2: 31, 3: 31, 4: 28}  # to the ends of November, December, January and February
    for month, count in days.items():
        assert terms.accrual_1m[month] == count / 360
    assert terms.accrual_3m[4] == (31 + 31 + 28) / 360
    growth = float(discount_factor(table.curve, 3 / 12) / discount_factor(table.curve, 4 / 12)) - 1
    assert math.expm1(terms.log_growth_1m[4]) / terms.accrual_1m[4] == pytest.approx(growth * 360 / 28)


def test_months_are_twelfths_by_default() -> None:
    terms = short_rate_terms(rates(), 6)
    assert np.array_equal(terms.accrual_1m[1:], np.full(6, 1 / 12))
    assert np.allclose(terms.accrual_3m[1:], [1 / 12, 2 / 12, 0.25, 0.25, 0.25, 0.25], rtol=1e-15)

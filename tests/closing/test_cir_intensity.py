"""Random intensities against the given survivals, shifts and steps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from spv_sim.closing.cir_intensity import Cir, cir_terms, jump_cir_log_survival
from spv_sim.closing.hazard_curve import yearly_curve
from spv_sim.closing.regulatory_shocks import shock_log_survival
from spv_sim.market.intensity import SWITCH, move_cir
from tests.given import agrees, given


def given_cir(inputs: dict[str, Any]) -> Cir:
    return Cir(inputs["l0"], inputs["kappa"], inputs["theta"], inputs["sigma"])


def test_cir_survival_given() -> None:
    inputs, expected, tolerance = given("cir_survival_given")
    cir = given_cir(inputs)
    got = np.exp(cir.log_survival(np.array(inputs["T"], dtype=float)))
    assert all(agrees(*pair, tolerance) for pair in zip(got, expected, strict=True))
    assert cir.stays_positive == inputs["feller"]


def test_cir_grid_survival_given() -> None:
    inputs, expected, tolerance = given("cir_grid_survival_given")
    cir, months = given_cir(inputs), inputs["months"]
    grid = np.exp(cir.grid_log_survival(max(months)))[months]
    exact = np.exp(cir.log_survival(np.array(months) / 12))
    assert all(agrees(*pair, tolerance) for pair in zip(grid, expected["grid"], strict=True))
    assert all(agrees(*pair, tolerance) for pair in zip(exact, expected["continuous"], strict=True))


def test_cirpp_shift_given() -> None:
    """The shift in continuous time; the one on the grid, which the engine uses, is next to it."""
    inputs, expected, tolerance = given("cirpp_shift_given")
    cir, curve = given_cir(inputs), yearly_curve(tuple(inputs["hazards"]))
    for text, shift in expected["Psi"].items():
        years = np.array([float(text)])
        assert agrees(float(cir.log_survival(years)[0] + curve.cumulative(years)[0]), shift, tolerance)
    months = np.arange(61) / 12
    yearly = 12 * np.diff(cir.log_survival(months) + curve.cumulative(months))
    assert agrees(yearly.min(), expected["min_shift_annualised"], tolerance)
    assert agrees(yearly.max(), expected["max_shift_annualised"], tolerance)
    on_grid = cir.grid_log_survival(60) + curve.cumulative(months)
    assert np.abs(on_grid - cir.log_survival(months) - curve.cumulative(months)).max() < 1e-5


def test_jcir_survival_given() -> None:
    inputs, expected, tolerance = given("jcir_survival_given")
    for years, survival in expected.items():
        log = jump_cir_log_survival(given_cir(inputs), inputs["nu"], inputs["mu"], float(years))
        assert agrees(math.exp(log), survival, tolerance)


def test_shot_noise_survival_given() -> None:
    inputs, expected, tolerance = given("shot_noise_survival_given")
    for text, survival in expected.items():
        years = float(text)
        log = shock_log_survival(inputs["nu"], inputs["mu"], inputs["kappa"], np.array([years]))[0]
        assert agrees(math.exp(log - inputs["lbar"] * years), survival, tolerance)


@pytest.mark.parametrize("name", ["cir_qe_step_v0.03_given", "cir_qe_step_v0.0004_given"])
def test_cir_qe_step_given(name: str) -> None:
    inputs, expected, tolerance = given(name)
    terms = cir_terms(Cir(0.0, inputs["kappa"], inputs["theta"], inputs["sigma"]))
    v = inputs["v"]
    mean = terms.decay * v + terms.mean_added
    variance = terms.variance_slope * v + terms.variance_added
    assert agrees(mean, expected["m"], tolerance)
    assert agrees(variance, expected["s2"], tolerance)
    assert agrees(variance / mean**2, expected["psi"], tolerance)
    if expected["branch"] == "quadratic":
        assert expected["psi"] < SWITCH
        assert agrees(move_cir(terms, v, -1.0, 0.5), expected["v_at_Z_m1"], tolerance)
        # a (b + Z)² at Z = 0 and -1 gives back a and b; digits are lost in their difference.
        root, next_root = (math.sqrt(move_cir(terms, v, z, 0.5)) for z in (0.0, -1.0))
        assert (root - next_root) ** 2 == pytest.approx(expected["a"], rel=1e-11)
        assert root / (root - next_root) == pytest.approx(expected["b"], rel=1e-11)
    else:
        assert expected["psi"] > SWITCH
        assert agrees(move_cir(terms, v, 0.0, 0.95), expected["v_at_U_095"], tolerance)
        assert move_cir(terms, v, 0.0, expected["p"] - 1e-12) == 0.0
        assert move_cir(terms, v, 0.0, expected["p"] + 1e-12) > 0.0
        # v = ln((1 - p) / (1 - u)) / beta
        rise = move_cir(terms, v, 0.0, 0.99) - move_cir(terms, v, 0.0, 0.9)
        assert math.log(10) / rise == pytest.approx(expected["beta"], rel=1e-12)


@pytest.mark.parametrize(("v", "sigma"), [(0.03, 0.12), (0.002, 0.3), (0.0, 0.5)])
def test_a_step_has_the_mean_and_variance_of_the_exact_transition(v: float, sigma: float) -> None:
    terms = cir_terms(Cir(0.0, 0.5, 0.05, sigma))
    z, weight = np.polynomial.hermite_e.hermegauss(64)
    u = (np.arange(200_000) + 0.5) / 200_000
    mean = terms.decay * v + terms.mean_added
    variance = terms.variance_slope * v + terms.variance_added
    if variance / mean**2 < SWITCH:
        values, weights = np.array([move_cir(terms, v, x, 0.5) for x in z]), weight / weight.sum()
        tolerance = 1e-12
    else:
        values, weights = np.array([move_cir(terms, v, 0.0, x) for x in u]), np.full(len(u), 1 / len(u))
        tolerance = 1e-3  # the midpoint rule near the logarithm's pole at u = 1
    assert values @ weights == pytest.approx(mean, rel=tolerance)
    assert (values - mean) ** 2 @ weights == pytest.approx(variance, rel=tolerance)

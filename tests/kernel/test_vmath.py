"""The polynomials against extended precision and scipy: worst errors in ulp, and the edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special

from spv_sim.kernel.jit import PLAIN, kernel
from spv_sim.kernel.lanes import load, paths, store, width_of
from spv_sim.kernel.vmath import exp, log, ndtri, sincos2pi
from tests.given import agrees, given

# Plain Python has no fma, whose single rounding the last half ulp rests on, and is slow.
N = 4096 if PLAIN else 1 << 20
SLACK = 2.0 if PLAIN else 0.0
TURN = 2 * (np.longdouble(math.pi) + np.longdouble(1.2246467991473532e-16))


@kernel
def exps(width: Any, row: Any, out: Any) -> None:
    for i in range(0, row.size, width_of(paths(width, 0))):
        store(out, i, exp(load(row, i, paths(width, 0))))


@kernel
def logs(width: Any, row: Any, out: Any) -> None:
    for i in range(0, row.size, width_of(paths(width, 0))):
        store(out, i, log(load(row, i, paths(width, 0))))


@kernel
def cosines(width: Any, row: Any, out: Any) -> None:
    for i in range(0, row.size, width_of(paths(width, 0))):
        store(out, i, sincos2pi(load(row, i, paths(width, 0)))[0])


@kernel
def sines(width: Any, row: Any, out: Any) -> None:
    for i in range(0, row.size, width_of(paths(width, 0))):
        store(out, i, sincos2pi(load(row, i, paths(width, 0)))[1])


@kernel
def quantiles(width: Any, row: Any, out: Any) -> None:
    for i in range(0, row.size, width_of(paths(width, 0))):
        store(out, i, ndtri(load(row, i, paths(width, 0))))


def applied(function: Any, values: Any) -> np.ndarray:
    row = np.asarray(values, dtype=np.float64)
    padded = np.full(-(-row.size // 16) * 16, 0.5)
    padded[: row.size] = row
    out = np.empty_like(padded)
    function((0,) * 16, padded, out)
    return out[: row.size]


def worst_ulps(got: np.ndarray, exact: np.ndarray) -> float:
    return float(np.max(np.abs(got - exact) / np.spacing(np.abs(exact.astype(np.float64)))))


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize(("low", "high"), [(-700.0, 700.0), (-1.0, 1.0), (-745.0, -708.0)])
def test_exp(rng: np.random.Generator, low: float, high: float) -> None:
    x = rng.uniform(low, high, N)
    assert worst_ulps(applied(exps, x), np.exp(x.astype(np.longdouble))) < 1.1 + SLACK


def test_log(rng: np.random.Generator) -> None:
    wide = np.exp(rng.uniform(-740.0, 709.0, N))
    near_one = rng.uniform(0.3, 3.0, N)
    below_one = 1.0 - rng.integers(1, 1 << 40, N) * 2.0**-53
    for x in (wide, near_one, below_one):
        assert worst_ulps(applied(logs, x), np.log(x.astype(np.longdouble))) < 1.0 + SLACK


def test_sine_and_cosine_of_turns(rng: np.random.Generator) -> None:
    x = rng.uniform(-3.0, 3.0, N)
    quarters = np.rint(4.0 * x)
    angle = TURN * (x - quarters / 4.0).astype(np.longdouble)
    shift = quarters.astype(np.int64) % 4
    s, c = np.sin(angle), np.cos(angle)
    cosine = np.choose(shift, [c, -s, -c, s])
    sine = np.choose(shift, [s, c, -s, -c])
    assert worst_ulps(applied(cosines, x), cosine) < 1.2 + SLACK
    assert worst_ulps(applied(sines, x), sine) < 1.2 + SLACK


def test_quarter_turns_are_exact() -> None:
    assert applied(cosines, [0.0, 0.25, 0.5, 0.75, 1.0]).tolist() == [1.0, 0.0, -1.0, 0.0, 1.0]
    assert applied(sines, [0.0, 0.25, 0.5, 0.75, 1.0]).tolist() == [0.0, 1.0, 0.0, -1.0, 0.0]


def test_inverse_normal_of_the_given_points() -> None:
    inputs, expected, tolerance = given("ndtri")
    got = applied(quantiles, inputs["p"])
    assert all(agrees(*pair, tolerance) for pair in zip(got, expected, strict=True))
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=0.0)


def test_inverse_normal_against_scipy(rng: np.random.Generator) -> None:
    for p in (rng.uniform(0, 1, N), np.exp(-rng.uniform(0, 700, N)), 1 - np.exp(-rng.uniform(0.7, 36, N))):
        np.testing.assert_allclose(applied(quantiles, p), special.ndtri(p), rtol=2e-15, atol=0.0)


def test_edges() -> None:
    inf, nan = math.inf, math.nan
    at = [0.0, -0.0, inf, -inf, nan]
    np.testing.assert_array_equal(applied(exps, at), [1.0, 1.0, inf, 0.0, nan])
    np.testing.assert_array_equal(applied(exps, [-745.2, 709.79, 745.0, -800.0]), [0.0, inf, inf, 0.0])
    assert applied(exps, [-745.1])[0] == 5e-324
    np.testing.assert_array_equal(applied(logs, at), [-inf, -inf, inf, nan, nan])
    np.testing.assert_array_equal(applied(logs, [1.0, -1.0, -5e-324]), [0.0, nan, nan])
    assert applied(logs, [5e-324])[0] == pytest.approx(math.log(5e-324), rel=1e-15)
    np.testing.assert_array_equal(
        applied(quantiles, [0.0, 1.0, 0.5, -0.1, 1.1, nan]), [-inf, inf, 0.0, nan, nan, nan]
    )

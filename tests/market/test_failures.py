"""The number of failures against scipy's binomial distribution, and the shock that all units share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from spv_sim.closing.casualty import casualty_terms
from spv_sim.closing.fleet_terms import SHOCKS, shock_values
from spv_sim.kernel.jit import PLAIN, kernel
from spv_sim.kernel.lanes import like, load, paths, store
from spv_sim.kernel.rng import FAILURE_BLOCK, uniform_pair
from spv_sim.market.failures import (
    EXACT_BELOW,
    MONTHS_OF_COHORT,
    Failures,
    FailureTerms,
    binomial_quantile,
    draw_failures,
    shock_of,
)
from spv_sim.scenario.grid import LONGEST_GRID

WIDTH = 1 if PLAIN else 8
N = 4_000 if PLAIN else 200_000
Array = NDArray[np.float64]


@kernel
def quantiles(width: Any, level: Any, n: Any, probability: Any, out: Any) -> None:
    template = like(paths(width, 0), 0.0)
    for i in range(0, len(level), len(width)):
        k = binomial_quantile(load(level, i, template), load(n, i, template), load(probability, i, template))
        store(out, i, k)


@kernel
def failures_of(width: Any, terms: FailureTerms, seed: Any, units: float, out: Any) -> None:
    """Failures of two cohorts in month 5, at an age of 5 and 3."""
    n = len(out) // 2
    for i in range(0, n, len(width)):
        path = paths(width, i)
        failures, template = Failures(terms, seed, path), like(path, 0.0)
        shock = shock_of(failures, 5, template)
        store(out, i, draw_failures(failures, 5, 0, 5, template + units, shock))
        store(out, n + i, draw_failures(failures, 5, 1, 3, template + units, shock))


def quantile(level: Array, n: Array, probability: Array) -> Array:
    out = np.empty(len(level))
    quantiles((0,) * WIDTH, level, n, probability, out)
    return out


def drawn(q: float, units: float, variance: float = 0.0) -> Array:
    out = np.empty(2 * N)
    terms = FailureTerms(True, np.full(7, q), shock_values(variance), casualty_terms(None))
    failures_of((0,) * WIDTH, terms, np.uint64(3), units, out)
    return out.reshape(2, N)


def random_cases(low: float, high: float, most: int) -> tuple[Array, Array, Array]:
    """Levels, numbers and probabilities whose variance lies between two bounds."""
    random = np.random.Generator(np.random.PCG64(4))
    n = np.floor(np.exp(random.uniform(0, math.log(most), 60 * N // 8)))
    q = np.where(random.random(len(n)) < 0.8, 10 ** random.uniform(-5, 0, len(n)), random.random(len(n)))
    kept = (n * q * (1 - q) >= low) & (n * q * (1 - q) < high)
    n, q = n[kept], q[kept]
    size = len(n) // 16 * 16
    return random.random(size), n[:size], q[:size]


def test_the_exact_inverse_is_scipys() -> None:
    level, n, q = random_cases(0.0, EXACT_BELOW, 100_000)
    got, expected = quantile(level, n, q), stats.binom.ppf(level, n, q)
    other = got != expected
    # Both sum up to 100 terms and more: only a level within their rounding of a step may fall on either side.
    beside = np.abs(stats.binom.cdf(np.minimum(got, expected), n, q) - level) <= 1e-10
    assert beside[other].all()
    assert other.mean() < 1e-3
    assert len(got) > N // 8


@pytest.mark.parametrize(("n", "q"), [(1, 0.3), (7, 0.3), (12, 0.9), (5, 0.0), (5, 1.0)])
def test_small_numbers_have_their_exact_probabilities(n: int, q: float) -> None:
    size = 16_000
    level = (np.arange(size) + 0.5) / size
    got = quantile(level, np.full(size, float(n)), np.full(size, q))
    share = np.bincount(got.astype(int), minlength=n + 1) / size
    assert np.abs(share - stats.binom.pmf(np.arange(n + 1), n, q)).max() <= 1 / size


def test_large_numbers_are_gaussian_up_to_the_skew() -> None:
    """Cornish-Fisher: the skew moves a quantile by (1 - 2q)(z² - 1)/6; the next terms stay below 2 units."""
    level, n, q = random_cases(EXACT_BELOW, math.inf, 10_000_000)
    z = stats.norm.ppf(level)
    room = np.abs((1 - 2 * q) * (z**2 - 1)) / 6 + 2
    assert (np.abs(quantile(level, n, q) - stats.binom.ppf(level, n, q)) <= room).all()
    assert len(n) > N // 8


@pytest.mark.parametrize(("units", "q"), [(40.0, 0.1), (10_000.0, 0.0078), (100.5, 0.05)])
def test_drawn_failures_have_the_binomial_moments(units: float, q: float) -> None:
    n = math.floor(units)
    for failed in drawn(q, units):
        assert abs(failed.mean() - n * q) <= 4 * math.sqrt(n * q * (1 - q) / N)
        spread = (failed - n * q) ** 2
        assert abs(spread.mean() - n * q * (1 - q)) <= 4 * spread.std() / math.sqrt(N)


def test_cohorts_fail_independently_but_for_the_shock() -> None:
    """Var = n q (1 - q) + n (n - 1) q² v of a mixed binomial; two cohorts share the covariance n² q² v."""
    n, q, v = 500.0, 0.02, 0.5
    for variance in (0.0, v):
        first, second = drawn(q, n, variance) - n * q
        products = first * second
        expected = n**2 * q**2 * variance
        assert abs(products.mean() - expected) <= 4 * products.std() / math.sqrt(N)
        spread = first**2
        expected = n * q * (1 - q) + n * (n - 1) * q**2 * variance
        assert abs(spread.mean() - expected) <= 4 * spread.std() / math.sqrt(N)


@pytest.mark.parametrize("variance", [0.01, 0.5, 1.0])
def test_the_shocks_are_a_gamma_distribution(variance: float) -> None:
    values = shock_values(variance)
    assert values.mean() == pytest.approx(1.0, rel=1e-12)
    assert values.var() == pytest.approx(variance, rel=1e-3)
    edges = stats.gamma(1 / variance, scale=variance).ppf(np.arange(SHOCKS + 1) / SHOCKS)
    assert ((edges[:-1] <= values) & (values <= edges[1:])).all()


def test_every_cohort_and_month_has_an_address_of_its_own() -> None:
    assert MONTHS_OF_COHORT > LONGEST_GRID
    seen = {
        uniform_pair(3, 0, cohort * MONTHS_OF_COHORT + month, FAILURE_BLOCK)
        for cohort in (0, 1)
        for month in (0, 600)
    }
    assert len(seen) == 4

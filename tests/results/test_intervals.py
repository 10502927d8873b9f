"""Student, Wilson and binomial bounds against scipy."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from spv_sim.results.intervals import (
    Z95,
    binomial_quantiles,
    order_rank,
    student_bound,
    student_central,
    wilson_interval,
)


def test_normal_quantile_is_scipys():
    assert float(stats.norm.ppf(0.975)) == pytest.approx(Z95, rel=1e-15)


def test_student_bound_matches_scipy_for_every_small_freedom():
    # The series are finite sums of some 50 terms: 1e-12 leaves room for scipy's own root finding.
    for freedom in range(1, 101):
        assert student_bound(freedom) == pytest.approx(float(stats.t.ppf(0.975, freedom)), rel=1e-12)


def test_student_bound_matches_scipy_beyond_the_exact_sums():
    # The expansion leaves out terms of order freedom^-4, below 1e-7 · 0.2 at 101.
    for freedom in (101, 150, 500, 5000, 10**6, 10**9):
        assert student_bound(freedom) == pytest.approx(float(stats.t.ppf(0.975, freedom)), rel=2e-8)


def test_no_freedom_has_no_bound():
    assert math.isnan(student_bound(0))


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 12])
@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 4.0])
def test_student_probability_matches_scipy(t, freedom):
    expected = float(stats.t.cdf(t, freedom) - stats.t.cdf(-t, freedom))
    assert student_central(t, freedom) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(
    ("hits", "count"), [(0, 1), (1, 1), (0, 50), (50, 50), (3, 10), (813, 4000), (1, 10**6), (999_999, 10**6)]
)
def test_wilson_matches_scipy(hits, count):
    reference = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    assert wilson_interval(hits, count) == pytest.approx((reference.low, reference.high), abs=1e-14)


def test_wilson_of_no_trial_says_nothing():
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_binomial_quantiles_match_scipy():
    counts = [1, 2, 3, 7, 10, 31, 99, 100, 101, 999, 4000, 4096, 12_345, 100_000, 1_000_000, 10_000_000]
    shares = [1e-6, 0.001, 0.01, 0.05, 0.1, 0.25, 1.0 / 3.0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.9999]
    for count in counts:
        for share in shares:
            expected = tuple(int(rank) for rank in stats.binom.ppf([0.025, 0.975], count, share))
            assert binomial_quantiles(count, share) == expected, (count, share)


def test_binomial_quantiles_match_scipy_far_out():
    low, high = 3.167e-5, 1.0 - 3.167e-5
    for count in (1, 10, 1000, 250_000):
        for share in (1e-5, 0.003, 0.2, 0.5, 0.98):
            expected = tuple(int(rank) for rank in stats.binom.ppf([low, high], count, share))
            assert binomial_quantiles(count, share, low, high) == expected, (count, share)


def test_binomial_quantiles_of_a_certain_event():
    assert binomial_quantiles(10, 0.0) == (0, 0)
    assert binomial_quantiles(10, 1.0) == (10, 10)


@pytest.mark.parametrize(
    ("count", "level", "rank"),
    [
        (100, 0.07, 7),
        (100, 0.071, 8),
        (10, 0.95, 10),
        (1, 0.01, 1),
        (4000, 0.95, 3800),
        (10**9, 0.95, 950_000_000),
    ],
)
def test_order_rank_is_the_ceiling_meant(count, level, rank):
    assert order_rank(count, level) == rank

"""Checks pass what is right and fail what is not."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.results.checks import check_breach, check_survival
from spv_sim.results.sample import KeptSample
from tests.results.invented import FACTS, collect, invent_columns

HAZARD = 0.08
MONTHS = np.arange(61)
SURVIVAL = np.exp(-HAZARD * MONTHS / 12.0)


def default_months(hazard, paths, seed):
    months = np.ceil(np.random.default_rng(seed).exponential(12.0 / hazard, paths))
    return np.where(months <= 60, months, np.inf)


def test_survival_of_the_right_hazard_passes_each_year():
    checks = check_survival(default_months(HAZARD, 50_000, 1), SURVIVAL)
    assert [check.name for check in checks] == [
        f"survival to month {month}" for month in (12, 24, 36, 48, 60)
    ]
    assert all(check.passed for check in checks)
    assert checks[0].expected == pytest.approx(np.exp(-HAZARD), rel=1e-14)
    assert checks[0].tolerance == pytest.approx(
        4.0 * np.sqrt(np.exp(-HAZARD) * (1 - np.exp(-HAZARD)) / 50_000)
    )


def test_survival_of_a_hazard_ten_percent_off_fails():
    checks = check_survival(default_months(1.1 * HAZARD, 50_000, 2), SURVIVAL)
    assert not any(check.passed for check in checks)


def test_survival_a_month_late_fails():
    checks = check_survival(default_months(HAZARD, 200_000, 3) + 1.0, SURVIVAL)
    assert not checks[0].passed


def test_rare_defaults_are_judged_by_their_number():
    # 0.01 defaults are expected: one is 10 standard errors off and happens on 1 % of the runs, four never do.
    survival = np.full(13, 1.0 - 1e-6)
    months = np.full(10_000, np.inf)
    months[:1] = 5.0
    [check] = check_survival(months, survival)
    assert check.passed
    assert abs(check.value - check.expected) > check.tolerance
    months[:4] = 5.0
    assert not check_survival(months, survival)[0].passed


def test_no_hazard_allows_no_default():
    months = np.full(100, np.inf)
    assert all(check.passed for check in check_survival(months, np.ones(25)))
    months[0] = 3.0
    assert not any(check.passed for check in check_survival(months, np.ones(25)))


def test_survival_is_the_same_from_the_summary():
    columns = invent_columns(9000)
    survival = np.exp(-np.arange(FACTS.months + 1) / 150.0)
    kept = check_survival(collect(columns).sample("lessee.default_month"), survival)
    streamed = check_survival(collect(columns, keep=0).sample("lessee.default_month"), survival)
    assert kept == streamed
    assert all(check.passed for check in kept)


@pytest.mark.parametrize(("breach", "passes"), [(0.0, True), (1e-9, True), (1.1e-9, False), (np.nan, False)])
def test_breach_of_an_identity(breach, passes):
    assert check_breach(breach).passed is passes


def test_breach_over_all_paths():
    assert check_breach(KeptSample(np.array([1e-14, 1e-10]))).passed
    assert not check_breach(KeptSample(np.array([1e-14, 1e-8]))).passed
    unknown = check_breach(KeptSample(np.array([1e-14, np.nan])))
    assert not unknown.passed
    assert "1 paths" in unknown.detail

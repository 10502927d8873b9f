"""Estimators against closed forms, the given sample, and their own promises of coverage."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats

from spv_sim.results.estimate import (
    Estimate,
    as_record,
    expected_shortfall,
    loss_given_default,
    mean,
    probability,
    quantile,
    scale,
    value_at_risk,
)
from spv_sim.results.sample import KeptSample
from tests.given import FOLDER, agrees, given

NORMAL_Q95 = 1.6448536269514722


def positive(values):
    return KeptSample(np.where(values > 1e-9, values, np.nan))


def test_estimators_given():
    inputs, expected, tolerance = given("estimators_given")
    losses = np.loadtxt(FOLDER / inputs["csv"])
    sample = KeptSample(losses)
    defaults = probability(positive(losses).count, sample.count)
    loss = mean(sample)
    ratio = loss_given_default(sample, positive(losses), 1.0)
    at_risk = value_at_risk(sample, 0.95)
    shortfall = expected_shortfall(sample, 0.95)
    got = {
        "PD": defaults.value,
        "EL": loss.value,
        "EL_se": loss.standard_error,
        "LGD": ratio.value,
        "LGD_se": ratio.standard_error,
        "VaR95": at_risk.value,
        "CVaR95": shortfall.value,
        "CVaR_se": shortfall.standard_error,
    }
    for name, value in got.items():
        assert agrees(value, expected[name], tolerance), name
    for end in (0, 1):
        assert agrees(defaults.ci95[end], expected["wilson"][end], tolerance)
        assert agrees(at_risk.ci95[end], expected["VaR_CI"][end], tolerance)


def test_mean_is_scipys():
    values = np.random.default_rng(1).normal(3.0, 2.0, 37)
    estimate = mean(KeptSample(values), "x")
    assert estimate.value == pytest.approx(float(np.mean(values)), rel=1e-14)
    assert estimate.standard_error == pytest.approx(float(stats.sem(values)), rel=1e-12)
    reference = stats.t.interval(0.95, 36, float(np.mean(values)), float(stats.sem(values)))
    assert estimate.ci95 == pytest.approx(reference, rel=1e-12)
    assert (estimate.count, estimate.unit, estimate.note) == (37, "x", "")


def test_one_path_has_no_error():
    one = KeptSample(np.array([0.4]))
    for estimate in (mean(one), expected_shortfall(one, 0.95)):
        assert estimate.value == 0.4
        assert math.isnan(estimate.standard_error)
        assert all(math.isnan(end) for end in estimate.ci95)
    assert math.isnan(probability(1, 1).standard_error)
    assert math.isnan(value_at_risk(one, 0.95).standard_error)
    assert math.isnan(loss_given_default(one, one, 1.0).standard_error)


def test_no_defined_path_gives_no_number_and_says_why():
    none = KeptSample(np.full(5, np.nan))
    for estimate in (
        mean(none),
        value_at_risk(none, 0.95),
        expected_shortfall(none, 0.95),
        probability(0, 0),
    ):
        assert math.isnan(estimate.value)
        assert estimate.note.startswith("undefined on every path")
    assert all(math.isnan(end) for end in quantile(none, 0.5).ci95)


def test_undefined_paths_are_left_out_and_counted():
    estimate = mean(KeptSample(np.array([1.0, np.nan, 3.0, np.nan])))
    assert (estimate.value, estimate.count, estimate.note) == (2.0, 2, "2 undefined")


def test_total_losses_stay_in_mean_and_quantiles():
    estimate = mean(KeptSample(np.array([-1.0] * 20 + [0.2] * 80)))
    assert estimate.value == pytest.approx(-0.04, abs=1e-15)
    assert estimate.quantiles[0.1].value == -1.0
    assert estimate.quantiles[0.25].value == 0.2


def test_never_makes_the_mean_undefined_but_not_the_quantiles():
    estimate = mean(KeptSample(np.array([10.0, 20.0, np.inf, np.inf])))
    assert math.isnan(estimate.value)
    assert estimate.quantiles[0.5].value == 20.0
    assert estimate.quantiles[0.75].value == math.inf
    assert estimate.quantiles[0.5].ci95[1] == math.inf


def test_quantile_ends_are_binomial_order_statistics():
    values = np.random.default_rng(2).permutation(np.arange(1.0, 1001.0))
    at = quantile(KeptSample(values), 0.9)
    low, high = (int(rank) for rank in stats.binom.ppf([0.025, 0.975], 1000, 0.9))
    assert at.value == 900.0
    assert at.ci95 == (low, high + 1)


def test_quantile_of_too_few_paths_has_an_open_end():
    at = quantile(KeptSample(np.arange(50.0)), 0.99)
    assert at.value == 49.0
    assert at.ci95[1] == math.inf
    assert at.ci95[0] < 49.0


def test_shortfall_is_the_mean_of_the_worst_with_the_boundary_atom_split():
    # 30 of 200 paths lose all, so that the worst 20 are among them; with 5 % of 210 the boundary is split.
    values = np.array([1.0] * 30 + [0.25] * 170)
    assert expected_shortfall(KeptSample(values), 0.95).value == 1.0
    split = np.array([1.0] * 5 + [0.25] * 205)
    assert expected_shortfall(KeptSample(split), 0.95).value == pytest.approx(
        (5 * 1.0 + 5.5 * 0.25) / 10.5, rel=1e-14
    )


def test_shortfall_of_a_normal_sample():
    values = np.random.default_rng(3).normal(size=200_000)
    estimate = expected_shortfall(KeptSample(values), 0.95)
    exact = float(stats.norm.pdf(NORMAL_Q95)) / 0.05
    assert abs(estimate.value - exact) <= 4.0 * estimate.standard_error
    assert estimate.standard_error < 0.005 * exact


def test_loss_given_default_without_a_loss_is_not_defined():
    nothing = KeptSample(np.zeros(10))
    estimate = loss_given_default(nothing, positive(np.zeros(10)), 1.0)
    assert math.isnan(estimate.value)
    assert "no path with a loss" in estimate.note


def test_scale_takes_everything_along():
    estimate = mean(KeptSample(np.array([1.0, 2.0, 4.0])), "USD", (0.5,))
    scaled = scale(estimate, 0.5, "share")
    assert scaled.value == pytest.approx(7.0 / 6.0)
    assert scaled.standard_error == pytest.approx(0.5 * estimate.standard_error)
    assert scaled.quantiles[0.5].value == 1.0
    assert scaled.unit == "share"


def test_record_is_plain_json_without_infinities():
    estimate = value_at_risk(KeptSample(np.array([1.0, 2.0, np.inf])), 0.5, "months", (0.05, 0.95))
    record = json.loads(json.dumps(as_record(estimate), allow_nan=False))
    assert record["value"] == 2.0
    assert record["ci95"] == [None, None]
    assert record["quantiles"]["0.05"]["value"] == 1.0
    assert record["quantiles"]["0.95"]["value"] is None
    assert set(record) == {"value", "unit", "standard_error", "ci95", "quantiles", "count", "note"}


def covered(estimate: Estimate, truth: float) -> bool:
    return estimate.ci95[0] <= truth <= estimate.ci95[1]


def test_intervals_cover_as_often_as_they_say():
    # 600 replications of 400 paths of a defaultable exponential loss. Four binomial standard deviations of
    # 600 trials at 95 % are ±3.6 points; skewness costs mean, ratio and shortfall up to 2 more at this size.
    # Quantile and Wilson intervals may cover more than they say, so that they have no upper bound.
    draw = np.random.default_rng(4)
    share, replications, paths = 0.3, 600, 400
    hits = dict.fromkeys(("mean", "probability", "quantile", "ratio", "shortfall"), 0)
    # P(L > q) = share · exp(−q) = 1 − level, and the mean of an exponential above q is q + 1.
    q80, q90 = math.log(share / 0.2), math.log(share / 0.1)
    for _ in range(replications):
        loss = np.where(draw.uniform(size=paths) < share, draw.exponential(size=paths), 0.0)
        sample, losing = KeptSample(loss), positive(loss)
        hits["mean"] += covered(mean(sample, levels=()), share)
        hits["probability"] += covered(probability(losing.count, paths), share)
        hits["quantile"] += covered(value_at_risk(sample, 0.8), q80)
        hits["ratio"] += covered(loss_given_default(sample, losing, 1.0), 1.0)
        hits["shortfall"] += covered(expected_shortfall(sample, 0.9), q90 + 1.0)
    for name, count in hits.items():
        coverage = count / replications
        assert coverage >= 0.95 - 0.036 - (0.0 if name in ("probability", "quantile") else 0.02), name
        if name in ("mean", "ratio"):
            assert coverage <= 0.95 + 0.036, name

"""Differences between deals on the same draws: what their errors say is how far they scatter over seeds."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.compare import compare
from spv_sim.analysis.simulation import run_simulation
from spv_sim.analysis.sweep.metrics import metrics_known
from spv_sim.analysis.sweep.points import market_key
from spv_sim.closing.close import Closed, close
from spv_sim.kernel.jit import PLAIN
from spv_sim.results.paired import Difference, batch_error
from tests.closing.deals import base

PATHS = 64 if PLAIN else 4096
SEEDS = 40
NAMES = (
    "equity.moic",
    "equity.irr_of_mean_cash_flow",
    "equity.probability_of_loss",
    "equity.expected_shortfall_95",
    "senior.expected_loss",
    "spv.min_dscr",
)


@cache
def deal(*sets: str) -> Closed:
    return close(base("vci-h100", *sets))


RATE, DECAY = ("lease.rate=1.40 USD/GPU-hour",), ("gpu_price.curve.decay=30 %/year",)


@pytest.mark.parametrize("change", [RATE, DECAY], ids=["one market", "two markets"])
def test_both_values_are_those_of_runs_alone(change: tuple[str, ...]) -> None:
    first, second = deal(), deal(*change)
    assert (market_key(first) == market_key(second)) == (change == RATE)
    names = tuple(own.name for own in metrics_known(first))
    found = compare(first, second, names, PATHS, 3)
    bases = [run_base_case(each).values for each in (first, second)]
    alone = [
        run_simulation(each, PATHS, 3, PATHS, base=own).estimates
        for each, own in zip((first, second), bases, strict=True)
    ]
    assert [own.metric.name for own in found] == list(names)
    for own in found:
        for side, estimates in zip((own.first, own.second), alone, strict=True):
            assert np.array_equal(side.value, estimates[own.metric.name].value, equal_nan=True)


def test_a_deal_does_not_differ_from_itself() -> None:
    for own in compare(deal(), deal(), NAMES, PATHS, 3):
        assert (own.value, own.standard_error, own.is_beyond) == (0.0, 0.0, False)


def test_the_error_of_a_mean_is_that_of_the_paths_differences() -> None:
    first, second = deal(), deal(*RATE)
    (found,) = compare(first, second, ("equity.moic",), PATHS, 3)
    moic = [
        run_simulation(each, PATHS, 3, PATHS).collected.columns["equity.moic"] for each in (first, second)
    ]
    apart = moic[1] - moic[0]
    assert found.value == pytest.approx(apart.mean(), rel=1e-9)
    assert found.standard_error == pytest.approx(apart.std(ddof=1) / math.sqrt(PATHS), rel=1e-12)


@pytest.mark.skipif(PLAIN, reason="40 runs")
def test_paired_errors_are_as_wide_as_differences_scatter_and_narrower_than_unpaired_ones() -> None:
    """Over n seeds a deviation is known to 1/√(2(n−1)), the mean of variances of 31 degrees to 1/√(62 n)."""
    first, second = deal(), deal(*RATE)
    runs = [compare(first, second, NAMES, PATHS, seed) for seed in range(SEEDS)]
    for name in NAMES:
        of_seeds: list[Difference] = [own for run in runs for own in run if own.metric.name == name]
        assert len(of_seeds) == SEEDS
        scatter = float(np.std([own.value for own in of_seeds], ddof=1))
        told = math.sqrt(np.mean([own.standard_error**2 for own in of_seeds]))
        known = math.sqrt(1 / (2 * (SEEDS - 1)) + 1 / (2 * 31 * SEEDS))
        assert abs(math.log(told / scatter)) < 4.5 * known, name
        assert all(own.standard_error < own.unpaired / 2 for own in of_seeds), name


def test_a_batch_without_a_value_leaves_no_error() -> None:
    assert batch_error([1.0, 3.0]) == 1.0
    assert math.isnan(batch_error([1.0]))
    assert math.isnan(batch_error([1.0, math.inf]))
    assert math.isnan(batch_error([1.0, math.nan]))

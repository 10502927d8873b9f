"""The summary of a variable against all its values: counts and moments exact, the rest within the bins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.engine.summing import BLOCK
from spv_sim.results.estimate import LEVELS, expected_shortfall, mean, quantile, value_at_risk
from spv_sim.results.intervals import order_rank
from spv_sim.results.sample import KeptSample, StreamedSample
from spv_sim.results.stream import Summary
from spv_sim.results.variable import Variable
from spv_sim.results.variables import variables
from tests.results.invented import FACTS, collect, invent_columns

PATHS = 6 * BLOCK + 700
NAMES = [variable.name for variable in variables(FACTS)]


@pytest.fixture(scope="module")
def both():
    columns = invent_columns(PATHS)
    return collect(columns), collect(columns, keep=0)


def summarise(values, variable) -> StreamedSample:
    summary = Summary(variable)
    for start in range(0, len(values), BLOCK):
        summary.add(values[start : start + BLOCK])
    return StreamedSample(summary)


@pytest.mark.parametrize("name", NAMES)
def test_counts_and_moments_agree(both, name):
    kept, streamed = (collected.sample(name) for collected in both)
    assert isinstance(kept, KeptSample)
    assert isinstance(streamed, StreamedSample)
    for asked in ("count", "undefined", "never", "maximum"):
        assert getattr(streamed, asked) == getattr(kept, asked), asked
    # Orders of summing 25,000 numbers differ by less than 1e-12 of the sum of their sizes.
    assert streamed.mean == pytest.approx(kept.mean, rel=1e-12, abs=1e-15, nan_ok=True)
    assert streamed.squares == pytest.approx(kept.squares, rel=1e-10, abs=1e-20, nan_ok=True)
    for mark in streamed.variable.marks:
        assert (streamed.below(mark), streamed.equal(mark)) == (kept.below(mark), kept.equal(mark))
    assert streamed.below(math.inf) == kept.below(math.inf)
    assert streamed.equal(math.inf) == kept.equal(math.inf)


@pytest.mark.parametrize("name", NAMES)
def test_order_statistics_are_within_the_stated_error(both, name):
    kept, streamed = (collected.sample(name) for collected in both)
    width = streamed.variable.width
    for level in (0.0001, *LEVELS, 0.9999):
        rank = order_rank(kept.count, level)
        exact, _ = kept.at(rank)
        read, half = streamed.at(rank)
        if math.isinf(exact):
            assert read == exact
        else:
            # 1e-12 for the rounding of the bins' own edges.
            assert abs(read - exact) <= half * (1.0 + 1e-9) + 1e-12 * max(1.0, abs(exact))
            inside = streamed.variable.low <= exact <= streamed.variable.high
            assert not inside or half <= 0.5 * width * (1.0 + 1e-9)


@pytest.mark.parametrize(
    "name", ["equity.payback", "lessee.default_month", "spv.lock_up_months", "equity.irr_flag"]
)
def test_whole_numbers_are_exact(both, name):
    kept, streamed = (collected.sample(name) for collected in both)
    for level in LEVELS:
        rank = order_rank(kept.count, level)
        assert streamed.at(rank) == (kept.at(rank)[0], 0.0)
    for number in (0.0, 1.0, 5.0, 7.0):
        assert streamed.below(number) == kept.below(number)
        assert streamed.equal(number) == kept.equal(number)


def test_the_atom_of_total_losses_is_exact(both):
    streamed = both[1].sample("equity.irr")
    assert 0.05 * streamed.count < streamed.equal(-1.0) < 0.5 * streamed.count
    assert streamed.at(order_rank(streamed.count, 0.05)) == (-1.0, 0.0)


@pytest.mark.parametrize("name", ["equity.loss_fraction", "senior.loss_pv"])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
def test_shortfall_from_bins_is_within_its_stated_error(both, name, level):
    kept, streamed = (collected.sample(name) for collected in both)
    exact = expected_shortfall(kept, level)
    read = expected_shortfall(streamed, level)
    error = streamed.tail(order_rank(streamed.count, level)).error
    assert abs(read.value - exact.value) <= error + 1e-12
    # The threshold moves by a bin at most, and with it the excess of each path.
    assert read.standard_error == pytest.approx(exact.standard_error, rel=0.02, abs=1e-9)
    assert read.ci95[1] - read.ci95[0] >= 2.0 * error


def test_shortfall_of_a_heavy_atom_at_the_top_is_exact():
    values = np.where(np.random.default_rng(1).uniform(size=9000) < 0.2, 1.0, 0.3)
    sample = summarise(values, Variable("loss", -9.0, 1.0, marks=(1.0,), tail=True))
    estimate = expected_shortfall(sample, 0.95)
    assert (estimate.value, estimate.standard_error, estimate.note) == (1.0, 0.0, "")


def test_values_beyond_the_bins_are_bounded_by_the_extremes():
    values = np.random.default_rng(2).normal(scale=3.0, size=9000)
    sample = summarise(values, Variable("far", -1.0, 1.0, 64, tail=True))
    kept = KeptSample(values)
    for level in (0.01, 0.3, 0.5, 0.9, 0.99):
        read, half = sample.at(order_rank(9000, level))
        assert abs(read - kept.at(order_rank(9000, level))[0]) <= half
        tail = sample.tail(order_rank(9000, level))
        exact = expected_shortfall(kept, level).value
        assert abs(expected_shortfall(sample, level).value - exact) <= tail.error + 1e-12


def test_interval_and_note_carry_the_bins(both):
    kept, streamed = (collected.sample("equity.npv") for collected in both)
    exact, read = quantile(kept, 0.9), quantile(streamed, 0.9)
    half = streamed.variable.width / 2.0
    assert read.ci95[0] <= exact.ci95[0]
    assert read.ci95[1] >= exact.ci95[1]
    assert read.ci95[1] - exact.ci95[1] <= 2.0 * half * (1.0 + 1e-9)
    assert f"quantiles read from bins, to ±{half:.2g}" in mean(streamed).note
    assert value_at_risk(kept, 0.9).note == ""


def test_a_mark_that_is_not_counted_is_refused(both):
    with pytest.raises(KeyError, match=r"not counted at 0\.5"):
        both[1].sample("equity.moic").below(0.5)


@pytest.mark.parametrize("filler", [np.nan, np.inf, -np.inf, 0.25])
def test_a_single_kind_of_value(filler):
    values = np.full(5000, filler)
    kept, streamed = KeptSample(values), summarise(values, Variable("same", 0.0, 1.0, tail=True))
    assert (streamed.count, streamed.undefined, streamed.never) == (kept.count, kept.undefined, kept.never)
    exact, read = mean(kept), mean(streamed)
    assert (exact.value == read.value) or (math.isnan(exact.value) and math.isnan(read.value))
    for level in exact.quantiles:
        assert read.quantiles[level].value == pytest.approx(
            exact.quantiles[level].value, abs=1e-3, nan_ok=True
        )
    worst = expected_shortfall(streamed, 0.95).value, expected_shortfall(kept, 0.95).value
    assert worst[0] == pytest.approx(worst[1], abs=1e-3, nan_ok=True)

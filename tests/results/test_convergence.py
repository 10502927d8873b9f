"""Running estimates end at the estimate, and each point is the estimate of that many paths."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.engine.summing import BLOCK
from spv_sim.results.convergence import path_counts, trace, traces
from spv_sim.results.estimate_all import ESTIMATORS
from spv_sim.results.metric import MEAN, PROBABILITY
from spv_sim.results.metrics import find_metric, metrics_of
from tests.results.invented import FACTS, collect, invent_columns

PATHS = 9 * BLOCK + 11
RUNNING = [metric for metric in metrics_of(["senior"]) if metric.estimator in (MEAN, PROBABILITY)]


@pytest.fixture(scope="module")
def columns():
    return invent_columns(PATHS)


@pytest.fixture(scope="module", params=[10**6, 2 * BLOCK], ids=["kept", "streamed"])
def collected(request, columns):
    return collect(columns, request.param)


@pytest.mark.parametrize("metric", RUNNING, ids=lambda metric: metric.name)
def test_each_point_is_the_estimate_of_so_many_paths(columns, collected, metric):
    running = trace(collected, metric, FACTS)
    assert running.paths[-1] == PATHS
    assert (np.diff(running.paths) > 0).all()
    for point in (0, len(running.paths) // 2, -1):
        first = {name: column[: running.paths[point]] for name, column in columns.items()}
        estimate = ESTIMATORS[metric.estimator](metric, collect(first), FACTS)
        found = running.value[point], running.low[point], running.high[point]
        # Sums of squares about another centre: 1e-9 of the band.
        assert found == pytest.approx((estimate.value, *estimate.ci95), rel=1e-9, abs=1e-12)


def test_points_are_forty_and_end_at_all():
    counts = path_counts(100_000)
    assert len(counts) == 40
    assert (counts[0], counts[-1]) == (100, 100_000)
    assert path_counts(1).tolist() == [1]
    assert path_counts(3).tolist() == [3]


def test_the_usual_four(collected):
    drawn = traces(collected, FACTS)
    assert list(drawn) == ["equity.irr", "equity.npv", "lessee.default_probability", "senior.expected_loss"]
    band = drawn["equity.npv"]
    assert band.high[-1] - band.low[-1] < band.high[0] - band.low[0]


def test_a_quantile_does_not_run(collected):
    with pytest.raises(ValueError, match="no running estimate"):
        trace(collected, find_metric("equity.value_at_risk_95"), FACTS)


@pytest.mark.parametrize("keep", [10, 0])
@pytest.mark.parametrize("paths", [1, 2])
def test_hardly_any_path(columns, keep, paths):
    few = {name: column[:paths] for name, column in columns.items()}
    few["spv.llcr"] = np.full(paths, np.nan)
    running = traces(collect(few, keep), FACTS, ["equity.moic", "spv.llcr", "spv.probability_of_lock_up"])
    assert running["equity.moic"].value[-1] == pytest.approx(few["equity.moic"].mean(), rel=1e-14)
    assert np.isnan(running["equity.moic"].low[-1]) == (paths == 1)
    assert np.isnan(running["spv.llcr"].value).all()

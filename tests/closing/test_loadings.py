"""Loadings: their products are the correlations, also where drivers move as one."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.loadings import loadings
from spv_sim.closing.market_terms import step_correlations
from tests.closing.deals import base


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 0.4, 0.4], [0.4, 1, 0.6], [0.4, 0.6, 1]],
        [[1, 0, 0], [0, 1, 0.6], [0, 0.6, 1]],
        [[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]],
        [[1, -1, -1], [-1, 1, 1], [-1, 1, 1]],
        [[1, 0.6, 0.8], [0.6, 1, 0], [0.8, 0, 1]],  # credit and price leave nothing of its own to the rate
    ],
)
def test_the_product_is_the_matrix(matrix: list[list[float]]) -> None:
    lower = loadings(np.array(matrix, dtype=float))
    assert lower @ lower.T == pytest.approx(np.array(matrix), abs=1e-12)
    assert np.all(np.triu(lower, 1) == 0)


def test_only_a_walk_has_a_normal_to_correlate() -> None:
    wrong_way = (
        "credit.engine=first_passage",
        "correlation.lessee_credit={ gpu_price = 0.4, lease_rate = 0.3 }",
    )
    scenario = base("vci-h100", *wrong_way)
    with_credit, without = step_correlations(scenario, True), step_correlations(scenario, False)
    assert with_credit[0, 1] == 0.4
    assert with_credit[0, 2] == pytest.approx(0.3, rel=1e-3)  # that of an Ornstein-Uhlenbeck step
    assert with_credit[0, 2] < 0.3
    assert without[0].tolist() == [1, 0, 0]
    assert without[1, 2] == with_credit[1, 2]

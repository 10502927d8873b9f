"""Where a metric passes a level along a setting, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.sweep.break_even import passings

NONE = np.full(9, math.nan)


def at(settings: list[float], values: list[float], level: float) -> list[float]:
    found = passings(np.array(settings), np.array(values), NONE[: len(values)], level)
    return [own.at for own in found]


@pytest.mark.parametrize(
    ("settings", "values", "level", "expected"),
    [
        ([0, 1, 2], [0, 1, 2], 0.5, [0.5]),
        ([2, 0, 1], [2, 0, 1], 0.5, [0.5]),
        ([0, 1, 3], [4, 2, -2], 0.0, [2.0]),
        ([0, 1, 2], [0, 1, 0], 0.25, [0.25, 1.75]),
        ([0, 1, 2], [0, 1, 2], 1.0, [1.0]),
        ([0, 1, 2], [0, 1, 2], 3.0, []),
        ([0, 1, 2], [0, math.nan, 2], 1.0, []),
        ([7], [1], 1.0, [7.0]),
    ],
)
def test_linear_between_neighbours(
    settings: list[float], values: list[float], level: float, expected: list[float]
) -> None:
    assert at(settings, values, level) == expected


def test_the_error_is_that_of_the_metric_over_its_slope() -> None:
    settings, values, errors = np.array([0.0, 2.0]), np.array([1.0, 5.0]), np.array([0.1, 0.3])
    (found,) = passings(settings, values, errors, 2.0)
    assert found.at == 0.5
    assert found.error == pytest.approx((0.75 * 0.1 + 0.25 * 0.3) / 2.0, rel=1e-15)
    (met,) = passings(settings, values, errors, 5.0)
    assert met.at == 2.0
    assert math.isnan(met.error)

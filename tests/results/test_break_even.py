"""The probability of default at which a value is nothing, by hand and with the error of many runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.results.break_even import break_even


def test_by_hand() -> None:
    """3 without a default and −1 with one: three quarters."""
    found = break_even(np.array([2.0, 4.0, -1.0, -1.0]), np.array([False, False, True, True]))
    assert found.value == pytest.approx(0.75)
    # Only the mean without a default is uncertain, by 1: |b| / (a − b)² = 1/16.
    assert found.standard_error == pytest.approx(1 / 16)


@pytest.mark.parametrize(
    ("values", "happens", "words"),
    [
        ([1.0, 2.0], [True, False], "positive with a default too"),
        ([-1.0, -2.0], [True, False], "not positive without a default either"),
        ([1.0, 2.0], [False, False], "on all paths or on none"),
        ([1.0, 2.0], [True, True], "on all paths or on none"),
    ],
)
def test_where_there_is_none(values: list[float], happens: list[bool], words: str) -> None:
    found = break_even(np.array(values), np.array(happens))
    assert math.isnan(found.value)
    assert words in found.note


def test_the_error_is_that_of_many_runs() -> None:
    draw = np.random.default_rng(2)
    found = []
    for _ in range(300):
        happens = draw.uniform(size=1000) < 0.3
        found.append(
            break_even(np.where(happens, draw.normal(-5.0, 3.0, 1000), draw.normal(2.0, 1.0, 1000)), happens)
        )
    values, errors = [one.value for one in found], [one.standard_error for one in found]
    assert np.std(values) == pytest.approx(np.mean(errors), rel=0.15)
    assert np.mean(values) == pytest.approx(2 / 7, abs=4 * np.mean(errors) / math.sqrt(300))

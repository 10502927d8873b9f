"""Digests of answers: blind to a last bit, and to nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from spv_sim.bench.answers import LENGTH, digests
from spv_sim.results.estimate import Estimate, Quantile

ESTIMATE = Estimate(100.0, 1.5, (97.0, 103.0), 1_000, {0.5: Quantile(99.0, (98.0, 101.0))}, "USD", "")


def digest(estimate: Estimate) -> str:
    (found,) = digests({"metric": estimate}).values()
    assert len(found) == LENGTH
    return found


def bits(value: float, steps: int) -> float:
    for _ in range(steps):
        value = math.nextafter(value, math.inf)
    return value


@pytest.mark.parametrize("value", [100.0, 0.1, 1.0, 2.0, 1e9, 5.4e9, 1 / 3, -1.0])
def test_last_bits_do_not_count(value: float) -> None:
    """Powers of ten too, whose digits would be one fewer below."""
    flat = Estimate(value, 0.0, (value, value), 10)
    for steps in range(1, 9):
        up = bits(value, steps)
        down = -bits(-value, steps)
        assert digest(Estimate(up, 0.0, (up, up), 10)) == digest(flat)
        assert digest(Estimate(down, 0.0, (down, down), 10)) == digest(flat)


def test_an_error_that_should_be_zero_may_be_any_small_number() -> None:
    assert digest(replace(ESTIMATE, standard_error=0.0)) == digest(replace(ESTIMATE, standard_error=3e-13))
    tiny = Estimate(0.0, 0.0, (0.0, 0.0), 10)
    assert digest(replace(tiny, value=1e-17)) == digest(tiny)
    assert digest(replace(tiny, value=1e-11)) != digest(tiny)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: replace(e, value=100.000001),
        lambda e: replace(e, value=-100.0),
        lambda e: replace(e, value=math.nan),
        lambda e: replace(e, standard_error=1.500001),
        lambda e: replace(e, ci95=(97.0, 103.000001)),
        lambda e: replace(e, ci95=(-math.inf, 103.0)),
        lambda e: replace(e, count=999),
        lambda e: replace(e, unit="x"),
        lambda e: replace(e, note="1 undefined"),
        lambda e: replace(e, quantiles={}),
        lambda e: replace(e, quantiles={0.5: Quantile(99.000001, (98.0, 101.0))}),
    ],
)
def test_anything_else_counts(change: Callable[[Estimate], Estimate]) -> None:
    assert digest(change(ESTIMATE)) != digest(ESTIMATE)

"""One formula on scalars, lanes and plain Python: the same bits in every lane, the same numbers in Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spv_sim.kernel import lanes_plain
from tests.kernel.sample import WIDTHS, computed, flow_rows, irr_in_lanes, points

ROOT = Path(__file__).parents[2]


def same_bits(first: np.ndarray, second: np.ndarray) -> bool:
    """Equal bit for bit, but for the sign and payload of nan, which IEEE leaves open."""
    equal = first.view(np.uint64) == second.view(np.uint64)
    return bool(np.all(equal | (np.isnan(first) & np.isnan(second))))


@pytest.fixture(scope="module")
def scalars() -> np.ndarray:
    return computed(1)


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_lanes_equal_scalars_bit_for_bit(width: int, scalars: np.ndarray) -> None:
    lanes = computed(width)
    differing = [column for column in range(len(lanes)) if not same_bits(lanes[column], scalars[column])]
    assert differing == []


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_rates_in_lanes_equal_scalars_bit_for_bit(width: int) -> None:
    for got, expected in zip(
        irr_in_lanes(flow_rows(), 3, width), irr_in_lanes(flow_rows(), 3, 1), strict=True
    ):
        assert same_bits(got, expected)


def test_operators_mean_what_python_means(scalars: np.ndarray) -> None:
    a, b = points()
    with np.errstate(all="ignore"):
        expected = {
            0: a + b,
            1: a - b,
            2: a * b,
            3: a / b,
            4: -a + 2.0,
            5: 3.0 * (1.5 - b) / 0.7,
            6: (a < b) * 1.0 + (a <= b) * 2.0 + (a > b) * 4.0,
            7: np.where(a >= b, a, b) + np.where(a == b, 10.0, 20.0) + np.where(a != b, 100.0, 200.0),
            8: np.where((a > 0) & (b > 0), 1.0, np.where((a > 0) | (b > 0), 2.0, 3.0)),
            9: np.where(a < b, a, b),
            10: np.where(a > 1.0, a, 1.0),
            11: np.abs(a),
            12: np.sqrt(a),
            13: np.floor(a),
            14: np.rint(a),
            16: (b.view(np.uint64) ^ np.uint64(1)).view(np.float64),
            17: (((np.arange(64, dtype=np.uint64) + 3) * 5 >> 1) | (1 << 62)).view(np.float64),
            19: a,
        }
    for column, values in expected.items():
        assert same_bits(scalars[column], values), column


def test_plain_python_equals_compiled(scalars: np.ndarray) -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "tests.kernel.sample"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=True,
    )
    plain = json.loads(run.stdout)
    rate, flag = irr_in_lanes(flow_rows(), 3, 1)
    assert plain["flag"] == flag.tolist()
    # Only fma differs in plain Python, by one rounding in each use: some dozens of them, each 1.1e-16.
    np.testing.assert_allclose(plain["rate"], rate, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(plain["columns"], scalars, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    ("value", "expected"), [(2.5, 2.0), (-1.5, -2.0), (0.2, 0.0), (-0.2, -0.0), (float("inf"), float("inf"))]
)
def test_nearest_rounds_halves_to_even_and_keeps_the_sign(value: float, expected: float) -> None:
    assert str(lanes_plain.nearest(value)) == str(expected)


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [(1.0, 0.0, "inf"), (1.0, -0.0, "-inf"), (-1.0, 0.0, "-inf"), (0.0, 0.0, "nan"), (3.0, 2.0, "1.5")],
)
def test_plain_divide_answers_at_zero(above: float, below: float, expected: str) -> None:
    assert str(lanes_plain.divide(above, below)) == expected

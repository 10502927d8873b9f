"""Double exponential jumps: moments of the compound law within four standard errors, and its two tails."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.market.test_moments import run, z

INTENSITY, UP, RISE, FALL = 6.0, 0.25, 12.0, 6.0
JUMPS = (
    f"gpu_price.exponential_jump.intensity={INTENSITY} /year",
    f"gpu_price.exponential_jump.up_share={UP}",
    f"gpu_price.exponential_jump.up_rate={RISE}",
    f"gpu_price.exponential_jump.down_rate={FALL}",
)
ALONE = ("credit.hazard=0 %/year", "gpu_price.volatility=0 %/sqrt(year)")


@pytest.fixture(scope="module")
def rows() -> dict[str, np.ndarray]:
    """Nothing but these jumps moves the price."""
    return run(*ALONE, *JUMPS)[1]


def transform(power: float) -> float:
    """E[exp(power J)] of one jump."""
    return UP * RISE / (RISE - power) + (1 - UP) * FALL / (FALL + power)


@pytest.mark.parametrize("month", [1, 7, 24, 60])
def test_expected_price_is_the_curve(rows: dict[str, np.ndarray], month: int) -> None:
    assert z(rows["price"][month], 50_000 * 0.67 * math.exp(-0.245 * month / 12)) <= 4


@pytest.mark.parametrize("power", [-1.0, 0.5, 2.0])
@pytest.mark.parametrize("month", [2, 12, 36])
def test_moments_of_the_compound_law(rows: dict[str, np.ndarray], month: int, power: float) -> None:
    """E[exp(power Y)] = exp(intensity t (E[exp(power J)] - 1)) with Y the sum of the jumps up to t."""
    years = month / 12
    curve = 50_000 * 0.67 * math.exp(-0.245 * years - INTENSITY * years * (transform(1) - 1))
    expected = math.exp(INTENSITY * years * (transform(power) - 1))
    assert z((rows["price"][month] / curve) ** power, expected) <= 4


def steps(rows: dict[str, np.ndarray]) -> np.ndarray:
    """Sum of the jumps of each month from the second on, (months, paths); most months have none."""
    step = np.diff(np.log(rows["price"][1:]), axis=0)
    return np.asarray(step - np.median(step, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    """Jumps of each month, read off lognormal jumps of one size: both laws of sizes read the same counts."""
    sets = (f"gpu_price.jump.intensity={INTENSITY} /year", "gpu_price.jump.mean_log=-1")
    return np.asarray(np.rint(-steps(run(*ALONE, *sets, "gpu_price.jump.sd_log=0")[1])))


def test_counts_are_those_of_the_lognormal_jumps(rows: dict[str, np.ndarray], counts: np.ndarray) -> None:
    assert np.array_equal(np.abs(steps(rows)) > 1e-12, counts > 0)
    assert counts.mean() == pytest.approx(INTENSITY / 12, abs=4 * math.sqrt(INTENSITY / 12 / counts.size))


@pytest.mark.parametrize("size", [-1.5, -0.5, -0.1, -0.01, 0.01, 0.05, 0.2, 0.5])
def test_a_single_jump_has_two_exponential_tails(
    rows: dict[str, np.ndarray], counts: np.ndarray, size: float
) -> None:
    """The distribution function of one jump, in the months that have one."""
    jumps = steps(rows)[counts == 1]
    expected = (1 - UP) * math.exp(FALL * size) if size < 0 else 1 - UP * math.exp(-RISE * size)
    error = math.sqrt(expected * (1 - expected) / len(jumps))
    assert abs((jumps <= size).mean() - expected) <= 4 * error


@pytest.mark.parametrize("number", [2, 3])
def test_jumps_of_a_month_are_independent(
    rows: dict[str, np.ndarray], counts: np.ndarray, number: int
) -> None:
    jumps = steps(rows)[counts == number]
    mean = UP / RISE - (1 - UP) / FALL
    variance = 2 * UP / RISE**2 + 2 * (1 - UP) / FALL**2 - mean**2
    assert z(jumps, number * mean) <= 4
    assert z((jumps - number * mean) ** 2, number * variance) <= 4

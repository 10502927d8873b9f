"""Martingales and moments of the simulated factors, within four standard errors taken from the sample."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import Closed, close
from spv_sim.closing.gpu_price_terms import poisson_cdf
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.market.gpu_price import jump_count
from tests.closing.deals import base
from tests.given import given
from tests.months import months_of

PATHS = 40_960
MONTHS = [1, 7, 24, 60]


def run(*sets: str) -> tuple[Closed, dict[str, np.ndarray]]:
    closed = close(base("vci-h100", "grid.tail=0 months", *sets))
    return closed, months_of(closed, 5, 0, PATHS)


@pytest.fixture(scope="module")
def plain() -> tuple[Closed, dict[str, np.ndarray]]:
    return run("credit.hazard=0 %/year")


def z(sample: np.ndarray, expected: float) -> float:
    return float(abs(sample.mean() - expected) / (sample.std(ddof=1) / math.sqrt(len(sample))))


@pytest.mark.parametrize("month", MONTHS)
def test_expected_price_is_the_curve(plain: tuple[Closed, dict[str, np.ndarray]], month: int) -> None:
    _, rows = plain
    assert z(rows["price"][month], 50_000 * 0.67 * math.exp(-0.245 * month / 12)) <= 4


@pytest.mark.parametrize("month", MONTHS)
def test_log_price_has_the_variance_of_noise_and_jumps(
    plain: tuple[Closed, dict[str, np.ndarray]], month: int
) -> None:
    _, rows = plain
    log_price = np.log(rows["price"][month])
    expected = (0.177**2 + 0.6 * (0.22**2 + 0.10**2)) * month / 12
    assert z((log_price - log_price.mean()) ** 2, expected) <= 4


@pytest.mark.parametrize("month", MONTHS)
def test_lease_rate_has_its_mean_and_variance(
    plain: tuple[Closed, dict[str, np.ndarray]], month: int
) -> None:
    closed, rows = plain
    rate = closed.scenario.lease_rate
    assert rate is not None
    mean, variance = (float(value[0]) for value in log_moments(rate, np.array([month / 12])))
    log_rate = np.log(rows["lease_rate"][month])
    assert z(log_rate, mean) <= 4
    assert z((log_rate - mean) ** 2, variance) <= 4


def test_price_and_rate_move_together_as_asked() -> None:
    _, rows = run("credit.hazard=0 %/year", "gpu_price.jump.intensity=0 /year")
    decay = math.exp(-math.log(2) / 9)
    price = np.diff(np.log(rows["price"]), axis=0)[1:]
    rate = np.log(rows["lease_rate"])
    noise = rate[2:] - decay * rate[1:-1]
    pairs = [np.corrcoef(price[month], noise[month])[0, 1] for month in range(len(price))]
    # 59 months of independent samples: the mean correlation is known to (1 - rho^2)/sqrt(paths months).
    error = (1 - 0.6**2) / math.sqrt(PATHS * len(pairs))
    assert abs(np.mean(pairs) - 0.6) <= 4 * error + 1e-4  # the step correlation is 0.6 to 1e-4 at this speed


def test_default_times_have_the_hazard() -> None:
    closed, rows = run()
    defaults = rows["default_month"][-1]
    for month in (3, 12, 36, 60):
        expected = math.exp(-closed.terms.market.credit.cumulative_hazard[month])
        survived = defaults > month
        assert abs(survived.mean() - expected) <= 4 * math.sqrt(expected * (1 - expected) / PATHS)
    assert set(np.unique(defaults[np.isfinite(defaults)])) <= set(range(3, 61, 3))


def test_price_falls_when_the_lessee_defaults() -> None:
    _, with_fall = run()
    _, without = run("gpu_price.fall_at_default=0 %")
    months = np.arange(len(with_fall["price"]))[:, None]
    defaulted = with_fall["default_month"] <= months
    ratio = with_fall["price"][1:] / without["price"][1:]
    assert np.allclose(ratio[defaulted[1:]], 0.8, rtol=1e-12)
    assert np.all(ratio[~defaulted[1:]] == 1)


def test_median_curve_is_the_median() -> None:
    _, rows = run("credit.hazard=0 %/year", "gpu_price.curve_is=median", "gpu_price.jump.intensity=0 /year")
    expected = 50_000 * 0.67 * math.exp(-0.245 * 5)
    below = (rows["price"][60] < expected).mean()
    assert abs(below - 0.5) <= 4 * 0.5 / math.sqrt(PATHS)


def test_poisson_inverse() -> None:
    inputs, expected, _ = given("poisson_inverse")
    cdf = poisson_cdf(inputs["m"])
    counts = [int(np.searchsorted(cdf, u)) for u in inputs["u"]]
    assert counts == expected
    plain = getattr(jump_count, "py_func", jump_count)
    assert [int(plain(cdf, u)[0]) for u in inputs["u"]] == expected
    assert [plain(cdf, u)[1] for u in inputs["u"]] == [math.sqrt(count) for count in expected]

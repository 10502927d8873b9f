"""Announced releases as they are simulated: mean, months and sizes, within four standard errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from spv_sim.analysis.base_case import run_base_case
from spv_sim.closing.close import close
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.closing.release_terms import log_rent_growth
from tests.closing.deals import base
from tests.market.test_moments import PATHS, run, z

STILL = (
    "credit.hazard=0 %/year",
    "gpu_price.jump.intensity=0 /year",
    "gpu_price.volatility=0 %/sqrt(year)",
    "lease_rate.volatility=0 %/sqrt(year)",
)
RUBIN = ("at=12 months", "mean_log=-0.4", "sd_log=0.2", "on_rents=0.6")
LATE = ("delay.kind=gamma", "delay.shape=2", "delay.scale=3 months")
FEYNMAN = ("at=30 months", "mean_log=-0.2", "sd_log=0.1")
SETS = (
    *(f"gpu_price.release.rubin.{setting}" for setting in (*RUBIN, *LATE)),
    *(f"gpu_price.release.feynman.{setting}" for setting in FEYNMAN),
)


@pytest.fixture(scope="module")
def still() -> dict[str, np.ndarray]:
    """Nothing else moves price or rate."""
    return run(*STILL, *SETS)[1]


@pytest.mark.parametrize("month", [6, 13, 18, 30, 60])
def test_expected_price_is_the_curve(still: dict[str, np.ndarray], month: int) -> None:
    expected = 50_000 * 0.67 * math.exp(-0.245 * month / 12)
    if month <= 12:
        assert np.allclose(still["price"][month], expected, rtol=1e-13)
    else:
        assert z(still["price"][month], expected) <= 4


def test_each_release_comes_once_at_its_time(still: dict[str, np.ndarray]) -> None:
    jumps = np.diff(np.log(still["price"]), axis=0)
    jumps -= np.median(jumps, axis=1, keepdims=True)  # the curve's own step, while most paths do not jump
    months = np.arange(1, len(jumps) + 1)[:, None]
    came = (np.abs(jumps) > 1e-9) & (months != 30)
    assert came.sum(axis=0).max() == 1
    law = stats.gamma(2, scale=3)
    for month in (13, 15, 20, 29):
        share = came[:month].any(axis=0).mean()
        expected = law.cdf(month - 12)
        assert abs(share - expected) <= 4 * math.sqrt(expected * (1 - expected) / PATHS)


def test_sizes_are_normal_and_rents_take_their_part(still: dict[str, np.ndarray]) -> None:
    at, before = np.log(still["price"][30]), np.log(still["price"][29])
    rate = np.log(still["lease_rate"])
    decay = 2 ** (-1 / 9)
    rate_jumps = rate[2:] - decay * rate[1:-1]
    price_jumps = np.diff(np.log(still["price"][1:]), axis=0)
    for jumps in (rate_jumps, price_jumps):
        jumps -= np.median(jumps, axis=1, keepdims=True)  # the drift, as most paths do not jump
    early = slice(0, 28)  # months 2 to 29: only the late release comes
    assert (rate_jumps[early] != 0).any()
    np.testing.assert_allclose(rate_jumps[early], 0.6 * price_jumps[early], rtol=0, atol=1e-12)
    # of the release in time, the spread of the jump stands on top of the chance of the late one in that month
    chance = stats.gamma(2, scale=3).cdf(18) - stats.gamma(2, scale=3).cdf(17)
    sizes = at - before
    expected = 0.1**2 + chance * (0.4**2 + 0.2**2) - (chance * 0.4) ** 2
    assert z((sizes - sizes.mean()) ** 2, expected) <= 4


@pytest.mark.parametrize("month", [14, 24, 60])
def test_expected_rate_is_the_base_case(month: int) -> None:
    closed, rows = run("credit.hazard=0 %/year", *SETS)
    rate = closed.scenario.lease_rate
    assert rate is not None
    mean, variance = (float(value[0]) for value in log_moments(rate, np.array([month / 12])))
    growth = log_rent_growth(closed.scenario, 60)[month]
    expected = math.exp(mean + variance / 2 + growth)
    assert z(rows["lease_rate"][month], expected) <= 4
    assert run_base_case(closed).ledger["lease_rate"][month] == pytest.approx(expected, rel=1e-12)


def test_a_release_leaves_every_other_draw_alone() -> None:
    """Up to the first one the path is the same, and one more release moves no other."""
    _, plain = run("credit.hazard=0 %/year")
    _, with_them = run("credit.hazard=0 %/year", "gpu_price.curve_is=median", *SETS)
    _, without = run("credit.hazard=0 %/year", "gpu_price.curve_is=median")
    assert np.array_equal(with_them["price"][1:13], without["price"][1:13])
    assert np.array_equal(with_them["lease_rate"][1:13], plain["lease_rate"][1:13])
    assert not np.array_equal(with_them["price"][30], without["price"][30])


def test_a_claim_expects_the_rents_after_a_release() -> None:
    """What is expected of letting again falls with the releases to come, so that the claim is larger."""
    plain, told = (close(base("vci-h100", *sets)).terms.deal.assets.workout for sets in ((), SETS))
    month = 12
    assert np.array_equal(plain.claim_gross, told.claim_gross)
    assert told.mitigation.series[month, 0] < plain.mitigation.series[month, 0]

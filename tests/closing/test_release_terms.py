"""Announced releases at closing: the given mean, the delays' laws, and expectations by their definition."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from spv_sim.closing.gpu_price_terms import gpu_price_terms, log_mean_price
from spv_sim.closing.release_terms import log_release_growth, log_rent_growth, release_terms
from spv_sim.scenario.delays import Delay, GammaDelay, LognormalDelay, TriangularDelay
from spv_sim.scenario.gpu_price import Release
from tests.closing.deals import base
from tests.given import agrees, given

LAWS: list[tuple[Delay, Any]] = [
    (GammaDelay(kind="gamma", shape=2, scale="1.5 months"), stats.gamma(2, scale=1.5)),
    (GammaDelay(kind="gamma", shape=0.7, scale="1 year"), stats.gamma(0.7, scale=12)),
    (LognormalDelay(kind="lognormal", median="3 months", sd_log=0.5), stats.lognorm(0.5, scale=3)),
    (
        TriangularDelay(kind="triangular", least="1 month", mode="2 months", most="9 months"),
        stats.triang(1 / 8, loc=1, scale=8),
    ),
    (TriangularDelay(kind="triangular", mode="0 months", most="6 months"), stats.triang(0, scale=6)),
    (TriangularDelay(kind="triangular", mode="6 months", most="6 months"), stats.triang(1, scale=6)),
]


@pytest.mark.parametrize(("delay", "law"), LAWS, ids=[repr(delay)[:60] for delay, _ in LAWS])
def test_each_delay_has_its_distribution(delay: Delay, law: Any) -> None:
    months = np.linspace(0, 40, 161)
    np.testing.assert_allclose(delay.reached(months), law.cdf(months), rtol=0, atol=1e-14)
    assert delay.reached(np.array([0.0]))[0] == 0
    mean, _ = quad(lambda at: 1 - float(delay.reached(np.array([at]))[0]), 0, 2000, limit=500)
    assert mean == pytest.approx(law.mean(), rel=1e-6)


def test_scheduled_release_mean_given() -> None:
    inputs, expected, tolerance = given("scheduled_release_mean_given")
    delay = {"kind": "gamma", "shape": inputs["shape"], "scale": f"{12 * inputs['scale_years']} months"}
    releases = {
        f"r{at}": Release(
            at=f"{round(12 * at)} months", delay=delay, mean_log=inputs["muJ"], sd_log=inputs["sJ"]
        )
        for at in inputs["dates"]
    }
    price = SimpleNamespace(release=releases)
    for years, factor in expected.items():
        growth = log_release_growth(price, np.array([float(years)]))  # type: ignore[arg-type]
        assert agrees(math.exp(growth[0]), factor, tolerance)


def test_every_month_of_the_grid_counts_a_release_from_its_own_month_on() -> None:
    """Also where years x 12 is not the whole number again."""
    for at in range(1, 600):
        price = SimpleNamespace(release={"r": Release(at=f"{at} months", mean_log=-1)})
        years = np.array([at - 1, at, at + 1]) / 12
        growth = log_release_growth(price, years)  # type: ignore[arg-type]
        assert list(growth) == pytest.approx([0, -1, -1], abs=1e-15)


RELEASE = ("at=20 months", "mean_log=-0.3", "sd_log=0.1", "on_rents=0.5")


def with_release(*sets: str) -> Any:
    return base("vci-h100", *(f"gpu_price.release.rubin.{setting}" for setting in (*RELEASE, *sets)))


def test_the_mean_curve_stays_and_the_median_curve_does_not() -> None:
    scenario = with_release("delay.kind=gamma", "delay.shape=2", "delay.scale=2 months")
    plain, years = base("vci-h100"), np.arange(61) / 12
    told, without = (log_mean_price(each.gpu_price, 50_000, years) for each in (scenario, plain))
    assert np.array_equal(told, without)
    median = scenario.gpu_price.model_copy(update={"curve_is": "median"})
    without = log_mean_price(plain.gpu_price.model_copy(update={"curve_is": "median"}), 50_000, years)
    come = stats.gamma(2, scale=2).cdf(np.arange(61) - 20)
    factor = 1 + come * math.expm1(-0.3 + 0.005)
    np.testing.assert_allclose(np.exp(log_mean_price(median, 50_000, years) - without), factor, rtol=1e-13)
    # the kernel adds the jumps, so its curve is before them
    curve = gpu_price_terms(median, 50_000, 60).log_curve
    assert np.array_equal(
        curve,
        gpu_price_terms(plain.gpu_price.model_copy(update={"curve_is": "median"}), 50_000, 60).log_curve,
    )


def test_the_rents_fade_back_from_a_release() -> None:
    """By the definition: the month of arrival by its probability, the jump by its lognormal mean."""
    scenario = with_release("delay.kind=triangular", "delay.mode=2 months", "delay.most=5 months")
    assert scenario.lease_rate is not None
    decay = 2 ** (-1 / scenario.lease_rate.half_life)
    law = stats.triang(2 / 5, scale=5)
    growth = log_rent_growth(scenario, 60)
    assert not growth[:21].any()
    for month in (21, 23, 25, 40, 60):
        mean = 1 - law.cdf(month - 20)
        for came in range(21, month + 1):
            left = 0.5 * decay ** (month - came)
            chance = law.cdf(came - 20) - law.cdf(came - 21)
            mean += chance * math.exp(-0.3 * left + (0.1 * left) ** 2 / 2)
        assert math.exp(growth[month]) == pytest.approx(mean, rel=1e-13)


def test_terms_have_a_row_a_release() -> None:
    terms = release_terms(with_release().gpu_price, 30)
    assert terms.reached.shape == (1, 31)
    assert list(np.flatnonzero(np.diff(terms.reached[0]))) == [19]
    assert (terms.mean[0], terms.sd[0], terms.on_rents[0]) == (-0.3, 0.1, 0.5)
    none = release_terms(base("vci-h100").gpu_price, 30)
    assert none.reached.shape == (0, 31)

"""Joint defaults and pool losses against the given ones and scipy's bivariate normal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from spv_sim.closing.default_copula import (
    both_below,
    joint_default,
    pool_loss_above,
    pool_loss_distribution,
    pool_loss_quantile,
    tranche_loss,
)
from tests.given import agrees, given


def test_copula_joint_default_given() -> None:
    inputs, expected, tolerance = given("copula_joint_default_given")
    assert agrees(joint_default(inputs["p1"], inputs["p2"], inputs["rho"]), expected, tolerance)


def test_vasicek_lhp_given() -> None:
    inputs, expected, tolerance = given("vasicek_lhp_given")
    of_pool = inputs["pd"], inputs["rho"]
    for share, probability in expected["cdf"].items():
        assert agrees(float(pool_loss_distribution(np.array(float(share)), *of_pool)), probability, tolerance)
    for level, share in expected["q"].items():
        assert agrees(float(pool_loss_quantile(np.array(float(level)), *of_pool)), share, tolerance)
    for tranche, loss in expected["tranche_EL"].items():
        attach, detach = map(float, tranche.split("-"))
        assert agrees(tranche_loss(attach, detach, *of_pool), loss, tolerance)


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.5, 0.99])
@pytest.mark.parametrize(("a", "b"), [(0.0, 0.0), (-2.0, 1.0), (-3.0, -2.5), (1.5, 2.0)])
def test_both_below_is_the_integral_of_the_conditional_normal(a: float, b: float, rho: float) -> None:
    exact, _ = integrate.quad(
        lambda x: stats.norm.pdf(x) * stats.norm.cdf((b - rho * x) / np.sqrt(1 - rho**2)),
        -12,
        a,
        epsabs=1e-13,
        epsrel=1e-12,
        limit=400,
        points=[min(max(b / rho, -11.9), a - 1e-9)] if rho else None,
    )
    assert both_below(a, b, rho) == pytest.approx(exact, abs=1e-10)


def test_the_whole_pool_loses_its_default_probability() -> None:
    assert tranche_loss(0.0, 1.0, 0.05, 0.2) == pytest.approx(0.05, abs=1e-15)
    assert pool_loss_above(1.0, 0.05, 0.2) == 0.0

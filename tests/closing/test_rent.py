"""Contract rent: the given rate factor and hourly equivalent, and how rents fall on their dates."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.rent import hourly_rate, level_rate_factor, monthly_rents, payable_share, rent_due
from spv_sim.scenario.model import Scenario
from tests.closing.deals import base
from tests.given import agrees, given


def test_lease_rate_factor_given() -> None:
    inputs, expected, tolerance = given("lease_rate_factor_given")
    got = level_rate_factor(inputs["implicit_nominal"], inputs["n"], inputs["residual"], advance=True)
    assert agrees(got, expected, tolerance)


def test_gpu_hour_equiv_given() -> None:
    inputs, expected, tolerance = given("gpu_hour_equiv_given")
    assert agrees(hourly_rate(inputs["cost"], inputs["lrf"], inputs["util"]), expected, tolerance)


@pytest.mark.parametrize("advance", [False, True])
def test_level_rents_and_residual_repay_the_cost_at_the_implicit_rate(advance: bool) -> None:
    rent = level_rate_factor(0.104, 60, 0.15, advance)
    months = np.arange(60) + (0 if advance else 1)
    growth = 1 + 0.104 / 12
    assert rent * np.sum(growth ** -months.astype(float)) + 0.15 * growth**-60 == pytest.approx(1, rel=1e-12)


def rents(scenario: Scenario) -> np.ndarray:
    completion = scenario.grid.construction
    return rent_due(scenario.lease, scenario.fleet, completion, completion + scenario.lease.term)


def test_a_rate_and_its_rate_factor_are_the_same_lease() -> None:
    hourly = base("x-base")
    factor = 1.30 * 730 / 40_000
    by_factor = base("x-base", f"lease.rate_factor={factor * 100!r} %/month")
    assert np.allclose(
        monthly_rents(by_factor.lease, by_factor.fleet), monthly_rents(hourly.lease, hourly.fleet)
    )


def test_arrears_pay_after_and_advance_before_the_months_they_are_for() -> None:
    arrears, advance = base("x-base"), base("x-base", "lease.timing=advance")
    assert np.flatnonzero(rents(arrears)).tolist() == list(range(5, 65))
    assert np.flatnonzero(rents(advance)).tolist() == list(range(4, 64))


def test_quarterly_rent_is_the_rent_of_three_months() -> None:
    monthly, quarterly = (
        base("x-base"),
        base("x-base", "lease.payment_every=3 months", "lease.escalation=5 %"),
    )
    stepped = base("x-base", "lease.escalation=5 %")
    assert np.flatnonzero(rents(quarterly)).tolist() == list(range(7, 65, 3))
    assert rents(quarterly).sum() == pytest.approx(rents(stepped).sum(), rel=1e-14)
    assert rents(stepped)[5 + 12] == pytest.approx(1.05 * rents(monthly)[5], rel=1e-14)


def test_a_holiday_leaves_the_share_that_it_says() -> None:
    shock = base("x4")
    share = payable_share(shock.lease, 64)
    assert np.all(share[:5] == 1)
    assert np.all(share[5:20] == 0.7)
    assert np.all(share[20:37] == 0.35)
    assert np.all(share[37:] == 1)

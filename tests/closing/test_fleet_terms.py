"""The fleet at closing: given failure rates, spares, generations, ramps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from spv_sim.closing.close import close
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.fleet import h100_equivalents, unit_count
from spv_sim.closing.fleet_terms import (
    failure_probability,
    log_survival,
    monthly_probability,
    spares_demand,
    spares_for,
    stock_of_spares,
)
from spv_sim.closing.market_terms import price_of_new_unit
from spv_sim.closing.rent import hourly_rate, rent_due
from spv_sim.scenario.failures import Failures
from spv_sim.scenario.generation import KNOWN
from tests.closing.deals import base
from tests.given import agrees, given

FAILURES = "fleet.failures"
AFR = f"{FAILURES}.annual_rate=9 %/year"


def failing(*sets: str) -> Failures:
    """The failures of a scenario."""
    found = base("x-base", *sets).fleet.failures
    assert found is not None
    return found


def test_constant_rate_by_its_given_moments() -> None:
    inputs, expected, tolerance = given("fleet_const_hazard_given")
    n, months = inputs["n"], inputs["months"]
    q = failure_probability(failing(f"{FAILURES}.annual_rate={inputs['afr']:%}"), months)
    assert q[0] == 0
    assert agrees(float(q[1]), expected["q"], tolerance)
    alive = math.prod(1 - q)
    assert agrees(n * alive, expected["mean"], tolerance)
    assert agrees(math.sqrt(n * alive * (1 - alive)), expected["sd"], tolerance)


def test_bathtub_by_its_given_survival() -> None:
    inputs, expected, tolerance = given("bathtub_survival_given")
    failures = failing(
        f"{FAILURES}.bathtub.early_shape={inputs['beta_inf']}",
        f"{FAILURES}.bathtub.early_scale={inputs['eta_inf']} years",
        f"{FAILURES}.bathtub.constant_rate={inputs['h0']:%}",
        f"{FAILURES}.bathtub.wear_shape={inputs['beta_w']}",
        f"{FAILURES}.bathtub.wear_scale={inputs['eta_w']} years",
    )
    curve = failures.bathtub
    assert curve is not None
    for years, survival in expected["S"].items():
        assert agrees(float(np.exp(log_survival(curve, np.array([float(years)]))[0])), survival, tolerance)
    q = failure_probability(failures, 60)
    for month, probability in expected["q"].items():
        assert agrees(float(q[int(month)]), probability, tolerance)


def test_spares_by_their_given_quantile() -> None:
    """The deal's fleet is that of the check times a whole number, and so is its demand."""
    inputs, expected, tolerance = given("spares_poisson_given")
    demand = inputs["n"] * monthly_probability(inputs["afr"]) * inputs["lead_months"]
    assert agrees(demand, expected["mu"], tolerance)
    assert spares_for(0.99, demand) == expected["spares_99"]
    assert agrees(
        float(stats.poisson.sf(expected["spares_99"], demand)), expected["stockout_prob"], tolerance
    )
    sets = ("fleet.failures.service_level=99 %", "fleet.failures.spare_lag=3 months")
    scenario = base("x-base", AFR, *sets)
    size = unit_count(scenario.fleet) / inputs["n"]
    assert agrees(spares_demand(scenario), expected["mu"] * size, tolerance)
    assert stock_of_spares(scenario) == stats.poisson.ppf(0.99, expected["mu"] * size)


def test_hour_equivalent_of_a_rate_factor() -> None:
    inputs, expected, tolerance = given("gpu_hour_equiv_given")
    assert agrees(hourly_rate(inputs["cost"], inputs["lrf"], inputs["util"]), expected, tolerance)


def test_an_h100_counts_for_itself_and_a_figure_may_be_replaced() -> None:
    assert KNOWN["H100"].h100_equivalents == 1
    plain = base("x-base")
    assert h100_equivalents(plain.fleet) == unit_count(plain.fleet)
    sets = [f"fleet.batch.{name}.generation=B200" for name in plain.fleet.batch]
    own = base("x-base", *sets, "fleet.generation.B200.h100_equivalents=2.27")
    assert h100_equivalents(own.fleet) == pytest.approx(2.27 * unit_count(plain.fleet), rel=1e-15)
    assert price_of_new_unit(own) == pytest.approx(price_of_new_unit(plain) / 2.27, rel=1e-15)


def test_a_mixed_fleet_is_worth_and_relet_as_its_h100_equivalents() -> None:
    """Half the units, twice the weight: the same deal but for the contract's own rent per unit."""
    plain = base("vci-h100")
    half = f"fleet.batch.first.units={unit_count(plain.fleet) // 2}"
    sets = (half, "fleet.batch.first.unit_cost=100_000 USD", "fleet.batch.first.generation=double")
    double = base("vci-h100", *sets, "fleet.generation.double.h100_equivalents=2")
    mine, theirs = close(double).terms, close(plain).terms
    assert mine.deal.total_uses == pytest.approx(theirs.deal.total_uses, rel=1e-14)
    np.testing.assert_array_equal(mine.deal.assets.lease.returned, theirs.deal.assets.lease.returned)
    np.testing.assert_array_equal(mine.market.gpu_price.log_curve, theirs.market.gpu_price.log_curve)
    rate = ("lease.rate=2 USD/GPU-hour",)
    plain, per_unit = base("x-base", *rate), base("x-base", *rate, *weight_two("x-base"))
    per_h100 = base("x-base", *rate, *weight_two("x-base"), "lease.rate_per=h100_equivalent")
    due = [lay_out_contract(scenario).expected for scenario in (plain, per_unit, per_h100)]
    np.testing.assert_array_equal(due[1], due[0])
    np.testing.assert_allclose(due[2], 2 * due[0], rtol=1e-15)


def weight_two(name: str) -> tuple[str, ...]:
    batches = [f"fleet.batch.{batch}.generation=double" for batch in base(name).fleet.batch]
    return (*batches, "fleet.generation.double.h100_equivalents=2")


def test_a_ramp_bills_by_months_since_acceptance() -> None:
    ramp = 'lease.ramp=["25 %", "50 %"]'
    plain, ramped = base("vci-h100"), base("vci-h100", ramp)
    every = plain.lease.payment_every
    full, part = (rent_due(s.lease, s.fleet, 0, 60) for s in (plain, ramped))
    assert part[every] == pytest.approx(full[every] * (0.25 + 0.5 + (every - 2)) / every, rel=1e-14)
    np.testing.assert_allclose(part[every + 1 :], full[every + 1 :], rtol=1e-14)


def test_a_ramp_runs_from_each_batchs_own_delivery() -> None:
    """A common start finds the batches of deal X delivered four months to none before."""
    scenario = base("x-base", 'lease.ramp=["10 %", "20 %", "30 %", "40 %"]')
    kc, fleet = scenario.grid.construction, scenario.fleet
    full = rent_due(base("x-base").lease, fleet, kc, kc + scenario.lease.term)
    part = rent_due(scenario.lease, fleet, kc, kc + scenario.lease.term)
    for j in range(6):
        share = 0.0
        for batch in fleet.batch.values():
            since = kc - batch.delivery + j
            share += batch.units / unit_count(fleet) * (scenario.lease.ramp[since] if since < 4 else 1.0)
        assert part[kc + 1 + j] == pytest.approx(share * full[kc + 1 + j], rel=1e-13)

"""Monthly steps of the factors against the given moments and closed forms."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from spv_sim.closing.credit_terms import cumulative_hazard
from spv_sim.closing.gpu_price_terms import (
    gpu_price_terms,
    growth_of_mean,
    log_mean_price,
    mean_exponential_jump,
    poisson_cdf,
)
from spv_sim.closing.lease_rate_terms import lease_rate_terms, log_moments, step_correlation
from spv_sim.closing.market_terms import base_case_market, market_terms
from spv_sim.scenario.gpu_price import ExponentialJump
from spv_sim.scenario.lease_rate import LeaseRate
from tests.closing.deals import base
from tests.given import agrees, given


def given_rate(inputs: dict[str, Any]) -> LeaseRate:
    half_life = 12 * math.log(2) / inputs["k"]
    plain = {
        "initial": f"{inputs['R0']} USD/GPU-hour",
        "mean_level": f"{inputs['Rbar0']} USD/GPU-hour",
        "decline": f"{inputs['g'] * 100!r} %/year",
        "half_life": f"{half_life!r} months",
        "volatility": f"{inputs['s'] * 100!r} %/sqrt(year)",
    }
    return LeaseRate.model_validate(plain)


def test_log_ou_moments_given() -> None:
    inputs, expected, tolerance = given("log_ou_moments_given")
    years = np.array([float(t) for t in expected])
    mean, variance = log_moments(given_rate(inputs), years)
    for row, wanted in enumerate(expected.values()):
        level = math.exp(mean[row] + variance[row] / 2)
        assert agrees(mean[row], wanted["mean_log"], tolerance)
        assert agrees(variance[row], wanted["var_log"], tolerance)
        assert agrees(level, wanted["mean_level"], tolerance)
        assert agrees(math.exp(mean[row]), wanted["median"], tolerance)
        assert agrees(level * math.sqrt(math.expm1(variance[row])), wanted["sd_level"], tolerance)


def test_log_ou_step_given() -> None:
    inputs, expected, tolerance = given("log_ou_step_given")
    terms = lease_rate_terms(given_rate(inputs), 24)
    assert agrees(terms.decay, expected["e"], tolerance)
    assert agrees(float(terms.drift[13]), expected["shift"], tolerance)  # the step from one year on
    assert agrees(terms.step_volatility, expected["sd"], tolerance)


def test_steps_add_up_to_the_moments() -> None:
    inputs, _, _ = given("log_ou_moments_given")
    rate = given_rate(inputs)
    terms = lease_rate_terms(rate, 60)
    mean, variance = terms.initial, 0.0
    for month in range(1, 61):
        mean = terms.decay * mean + terms.drift[month]
        variance = terms.decay**2 * variance + terms.step_volatility**2
    exact_mean, exact_variance = log_moments(rate, np.array([5.0]))
    assert mean == pytest.approx(float(exact_mean[0]), abs=1e-13)
    assert variance == pytest.approx(float(exact_variance[0]), abs=1e-14)


def test_gpu_merton_moments_given() -> None:
    inputs, expected, tolerance = given("gpu_merton_moments_given")
    compensated = SimpleNamespace(
        day_one_discount=0.0,
        curve=SimpleNamespace(share=lambda years: np.exp(-inputs["d"] * years)),
        curve_is="mean",
        volatility=inputs["s"],
        jump=SimpleNamespace(intensity=inputs["lam"], mean_log=inputs["muJ"], sd_log=inputs["sJ"]),
        exponential_jump=None,
        release={},
        fall_at_default=0.0,
        scrap_value=0.0,
    )
    terms = gpu_price_terms(compensated, inputs["P0"], 60)  # type: ignore[arg-type]
    jump_growth = growth_of_mean(compensated) - 0.5 * inputs["s"] ** 2  # type: ignore[arg-type]
    for text, wanted in expected.items():
        years = float(text)
        month = round(12 * years)
        jumps = inputs["lam"] * years
        mean = float(log_mean_price(compensated, inputs["P0"], np.array([years]))[0])  # type: ignore[arg-type]
        variance = terms.step_volatility**2 * month + jumps * (inputs["muJ"] ** 2 + inputs["sJ"] ** 2)
        without = terms.log_curve[month] + jump_growth * years + jumps * inputs["muJ"]
        assert agrees(math.exp(mean), wanted["mean_comp"], tolerance)
        assert agrees(math.exp(mean + jump_growth * years), wanted["mean_uncomp"], tolerance)
        assert agrees(variance, wanted["var_log"], tolerance)
        assert agrees(without, wanted["mean_log_uncomp"], tolerance)


def test_gpu_kou_moments_given() -> None:
    inputs, expected, tolerance = given("gpu_kou_moments_given")
    jump = ExponentialJump(
        intensity=f"{inputs['lam']} /year",
        up_share=inputs["p"],
        up_rate=inputs["eta1"],
        down_rate=inputs["eta2"],
    )
    price = SimpleNamespace(
        day_one_discount=0.0,
        curve=SimpleNamespace(share=lambda years: np.exp(-inputs["d"] * years)),
        curve_is="mean",
        volatility=inputs["s"],
        jump=None,
        exponential_jump=jump,
        release={},
        fall_at_default=0.0,
        scrap_value=0.0,
    )
    terms = gpu_price_terms(price, inputs["P0"], 60)  # type: ignore[arg-type]
    jump_growth = growth_of_mean(price) - 0.5 * inputs["s"] ** 2  # type: ignore[arg-type]
    squares = 2 * terms.up_share / terms.up_rate**2 + 2 * (1 - terms.up_share) / terms.down_rate**2
    for text, wanted in expected.items():
        years = float(text)
        mean = float(log_mean_price(price, inputs["P0"], np.array([years]))[0])  # type: ignore[arg-type]
        variance = terms.step_volatility**2 * 12 * years + inputs["lam"] * years * squares
        assert agrees(mean_exponential_jump(jump), wanted["zeta"], tolerance)
        assert agrees(math.exp(mean + jump_growth * years), wanted["mean_uncomp"], tolerance)
        assert agrees(variance, wanted["var_log"], tolerance)


def test_poisson_cdf_ends_where_no_draw_reaches() -> None:
    cdf = poisson_cdf(0.05)
    assert cdf[0] == pytest.approx(math.exp(-0.05), rel=1e-15)
    assert cdf[1] == pytest.approx(1.05 * math.exp(-0.05), rel=1e-15)
    assert cdf[-2] < 1 - 2.0**-33 <= cdf[-1]
    assert len(poisson_cdf(0.0)) == 0


def test_hazard_is_flat_by_year_and_the_last_goes_on() -> None:
    credit = base("e1").credit
    months = np.array([0.0, 4.0, 16.0, 22.0, 64.0, 76.0])
    expected = [0.0, 0.0, 0.06, 0.06 + 0.045, 0.50, 0.62]
    assert np.allclose(cumulative_hazard(credit, 4, months), expected, atol=1e-15)


def test_a_default_between_two_rent_dates_waits_for_the_later() -> None:
    terms = market_terms_of("vci-h100")
    hazard = terms.credit.cumulative_hazard
    assert hazard[1] == hazard[2] == 0
    assert hazard[3] == hazard[4] == hazard[5] == pytest.approx(0.08 / 4)
    assert hazard[60] == hazard[-1] == pytest.approx(0.4)


def test_step_correlation_is_that_of_the_step_vector() -> None:
    # As the speed of reversion vanishes the noise is a Brownian increment itself.
    assert step_correlation(0.6, 1e-8) == pytest.approx(0.6, rel=1e-6)
    kappa = 12.0
    s = (np.arange(200_000) + 0.5) / 200_000 / 12
    kernel = np.exp(-kappa * (1 / 12 - s))
    numeric = kernel.mean() / math.sqrt(np.mean(kernel**2))
    assert step_correlation(1.0, kappa) == pytest.approx(numeric, rel=1e-9)


def market_terms_of(name: str) -> Any:
    scenario = base(name)
    completion, term = scenario.grid.construction, scenario.lease.term
    last = completion + term + scenario.grid.tail
    from spv_sim.closing.rent import rent_due

    return market_terms(scenario, rent_due(scenario.lease, scenario.fleet, completion, last), last)


def test_the_base_case_market_is_the_mean() -> None:
    scenario = base("vci-h100")
    terms = base_case_market(scenario, 84)
    years = np.arange(85) / 12
    expected = np.log(50_000 * 0.67) - 0.245 * years
    assert np.allclose(terms.gpu_price.log_curve, expected, atol=1e-12)
    assert terms.gpu_price.step_volatility == 0
    assert scenario.lease_rate is not None
    mean, variance = log_moments(scenario.lease_rate, years)
    assert np.allclose(terms.lease_rate.drift[1:], (mean + variance / 2)[1:])

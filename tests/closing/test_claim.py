"""The claim: gross amount by recursion, and expected mitigation against the exact sum."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.casualty import casualty_terms
from spv_sim.closing.claim import expected_margin, gross_claim
from spv_sim.closing.close import close
from spv_sim.closing.lease_rate_terms import lease_rate_terms
from spv_sim.market.contract import ContractDraws
from spv_sim.market.failures import Failures, FailureTerms
from spv_sim.market.market import Market
from spv_sim.market.short_rate import BaseRates
from spv_sim.spv.workout import expected_mitigation
from tests.closing.deals import base


def test_gross_claim_is_the_discounted_rent_from_each_month_on() -> None:
    rent = np.array([0.0, 10.0, 0.0, 20.0, 30.0])
    claim = gross_claim(rent, 1.01)
    for month in range(5):
        exact = sum(rent[q] * 1.01 ** -(q - month) for q in range(month, 5))
        assert claim[month] == pytest.approx(exact, rel=1e-14)


def test_expected_margin_is_a_call_on_the_rate() -> None:
    random = np.random.Generator(np.random.PCG64(1)).standard_normal(400_000)
    draws = np.maximum(0.9 * np.exp(0.4 + 0.3 * random) - 1.1, 0)
    exact = expected_margin(np.array([0.4]), np.array([0.09]), 0.9, 1.1)[0]
    assert abs(draws.mean() - exact) <= 4 * draws.std() / math.sqrt(len(draws))
    assert expected_margin(np.array([0.0]), np.array([0.0]), 0.9, 0.5)[0] == pytest.approx(0.4)
    assert expected_margin(np.array([0.0]), np.array([0.1]), 0.0, 0.5)[0] == 0


@pytest.mark.parametrize("month", [3, 30, 51, 54, 57, 60])
@pytest.mark.parametrize("deviations", [-4.9, -2.0, 0.0, 1.3, 4.9])
def test_mitigation_series_meets_the_exact_sum(month: int, deviations: float) -> None:
    scenario = base("vci-h100")
    terms = close(scenario).terms.deal.assets
    rate, workout = scenario.lease_rate, scenario.workout
    assert rate is not None
    step = lease_rate_terms(rate, 84)
    mean, variance = step.initial, 0.0
    for k in range(1, month + 1):
        mean = step.decay * mean + step.drift[k]
        variance = step.decay**2 * variance + step.step_volatility**2
    start = mean + deviations * math.sqrt(variance)

    exact = 0.0
    mean, variance = start, 0.0
    for k in range(month, 61):
        if k > month:
            mean = step.decay * mean + step.drift[k]
            variance = step.decay**2 * variance + step.step_volatility**2
        if k >= month + workout.downtime:
            margin = expected_margin(np.array([mean]), np.array([variance]), 0.9, 0.6)[0]
            exact += 108_000 * 730 * 0.75 * margin * (1 + workout.claim_rate / 12) ** -(k - month)

    rates = BaseRates(0.0, 0.0, 0.0, 0.0)
    draws = ContractDraws(math.inf, math.inf, 0.5, 0.5, math.inf, 0.5)
    none = Failures(FailureTerms(False, np.zeros(1), np.empty(0), casualty_terms(None)), 0, 0)
    market = Market(0.0, math.exp(start), start, 1.0, float(month), rates, draws, none)
    got = expected_mitigation(terms.workout, month, 108_000.0, market)
    assert abs(got - exact) <= 1e-6 * terms.workout.claim_gross[month]

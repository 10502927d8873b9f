"""The market at closing: every factor in monthly steps, and the base case in which nothing is random."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.contract_clocks import contract_clocks, without_draws
from spv_sim.closing.credit_terms import credit_terms, scheduled_terms
from spv_sim.closing.fleet import h100_equivalents, hardware_cost
from spv_sim.closing.fleet_terms import failure_terms, mean_failures
from spv_sim.closing.gpu_price_terms import gpu_price_terms, log_mean_price
from spv_sim.closing.lease_rate_terms import lease_rate_terms, log_moments, reversion_speed, step_correlation
from spv_sim.closing.loadings import loadings
from spv_sim.closing.release_terms import log_rent_growth, no_releases, release_terms
from spv_sim.closing.short_rate_loadings import STILL, short_rate_loadings
from spv_sim.closing.short_rate_terms import forward_curve, hull_white_of, short_rate_terms
from spv_sim.closing.utilisation_terms import base_case_utilisation, utilisation_terms
from spv_sim.market.credit import PASSAGE
from spv_sim.market.lease_rate import LeaseRateTerms
from spv_sim.market.market import MarketTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def price_of_new_unit(scenario: Scenario) -> float:
    """Price of a new unit: as stated, else the all-in cost of the batches per H100-equivalent [USD]."""
    if scenario.gpu_price.new_price is not None:
        return scenario.gpu_price.new_price
    return hardware_cost(scenario.fleet) / h100_equivalents(scenario.fleet)


def market_terms(scenario: Scenario, rent_due: Array, last_month: int) -> MarketTerms:
    """Kernel terms of the market."""
    credit = credit_terms(scenario.credit, scenario.grid.construction, rent_due, scenario.grid.period == 1)
    walks = credit.engine == PASSAGE
    lower = loadings(step_correlations(scenario, walks))
    speed = 0.0 if scenario.lease_rate is None else reversion_speed(scenario.lease_rate.half_life)
    of_rates = short_rate_loadings(scenario.correlation, speed, hull_white_of(scenario.rates), walks)
    return MarketTerms(
        gpu_price=gpu_price_terms(scenario.gpu_price, price_of_new_unit(scenario), last_month),
        lease_rate=lease_rate_terms(scenario.lease_rate, last_month),
        release=release_terms(scenario.gpu_price, last_month),
        credit=credit,
        rate_on_price=float(lower[2, 1]),
        rate_alone=float(lower[2, 2]),
        follows_credit=bool(lower[1:, 0].any() or of_rates.on_credit or of_rates.integral_on_credit),
        price_on_credit=float(lower[1, 0]),
        price_alone=float(lower[1, 1]),
        rate_on_credit=float(lower[2, 0]),
        short_rate=short_rate_terms(scenario.rates, last_month, scenario.deal.closing),
        short_rate_loadings=of_rates,
        contract=contract_clocks(scenario, last_month, credit.cumulative_hazard),
        utilisation=utilisation_terms(scenario.utilisation, last_month),
        failures=failure_terms(scenario, last_month),
    )


def step_correlations(scenario: Scenario, credit_walks: bool) -> Array:
    """Correlations of one month's normals of lessee credit, GPU price and lease rate, (3, 3) float64 [1].

    The credit has a normal only where its engine is a walk; the lease rate's noise is that of an
    Ornstein-Uhlenbeck step.
    """
    between = scenario.correlation.between
    matrix = np.eye(3)
    if credit_walks:
        matrix[0, 1] = matrix[1, 0] = between("lessee_credit", "gpu_price")
    if scenario.lease_rate is not None:
        speed = reversion_speed(scenario.lease_rate.half_life)
        matrix[1, 2] = matrix[2, 1] = step_correlation(between("gpu_price", "lease_rate"), speed)
        if credit_walks:
            matrix[0, 2] = matrix[2, 0] = step_correlation(between("lessee_credit", "lease_rate"), speed)
    return matrix


def base_case_market(scenario: Scenario, last_month: int, default_month: int | None = None) -> MarketTerms:
    """The banker's case: every factor at its mean, jumps at their compensated mean, no default.

    Rates are the forward rates of the curve, which are what a swap fixes.

    Source: model 13.9.
    """
    months = np.arange(last_month + 1)
    price = gpu_price_terms(scenario.gpu_price, price_of_new_unit(scenario), last_month)
    log_mean = log_mean_price(scenario.gpu_price, price_of_new_unit(scenario), months / 12)
    rate = LeaseRateTerms(initial=-math.inf, decay=0.0, drift=np.zeros(last_month + 1), step_volatility=0.0)
    if scenario.lease_rate is not None:
        mean, variance = log_moments(scenario.lease_rate, months / 12)
        rate = rate._replace(initial=0.0, drift=mean + variance / 2 + log_rent_growth(scenario, last_month))
    hazard = np.zeros(last_month + 1)
    if default_month is not None:
        hazard[default_month:] = math.inf
    return MarketTerms(
        gpu_price=price._replace(log_curve=log_mean, step_volatility=0.0, jump_count_cdf=np.empty(0)),
        lease_rate=rate,
        release=no_releases(last_month),
        credit=scheduled_terms(hazard),
        rate_on_price=0.0,
        rate_alone=1.0,
        follows_credit=False,
        price_on_credit=0.0,
        price_alone=1.0,
        rate_on_credit=0.0,
        short_rate=short_rate_terms(forward_curve(scenario.rates), last_month, scenario.deal.closing),
        short_rate_loadings=STILL,
        contract=without_draws(contract_clocks(scenario, last_month, hazard)),
        utilisation=base_case_utilisation(scenario.utilisation, last_month),
        failures=mean_failures(failure_terms(scenario, last_month)),
    )

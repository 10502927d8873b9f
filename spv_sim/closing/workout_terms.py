"""The workout at closing: sale costs, re-letting volume, the claim by month of default."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.best_workout import choice_terms
from spv_sim.closing.claim import (
    Mitigation,
    gross_claim,
    no_mitigation,
    reletting_mitigation,
    sale_mitigation,
)
from spv_sim.closing.contract import Contract
from spv_sim.closing.gpu_price_terms import log_mean_price
from spv_sim.closing.lease_rate_terms import lease_rate_terms
from spv_sim.closing.periods import monthly_growth, months_due
from spv_sim.closing.release_terms import log_rent_growth
from spv_sim.closing.rent import HOURS_PER_MONTH
from spv_sim.closing.utilisation_terms import mean_utilisation
from spv_sim.spv.workout import RateSeries, WorkoutTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

RECOVERY_PARTS = 128


def forced_kept(scenario: Scenario, units: Array) -> Array:
    """Share of the price that a forced sale of an equal part of the units keeps (model 3.1f)."""
    workout = scenario.workout
    kept = np.full(len(units), 1 - scenario.gpu_price.liquidation_cost)
    if workout.market_depth is None:
        return kept
    weight = np.minimum(units / workout.liquidation_months / workout.market_depth, 1.0)
    return kept * (1 - workout.price_impact * weight)


def mitigation(scenario: Scenario, contract: Contract, new_price: float) -> tuple[Mitigation, Array]:
    """What reduces the claim: the series of re-letting income, and proceeds per USD of price."""
    workout, price = scenario.workout, scenario.gpu_price
    last_month, rent_due = contract.last_month, contract.expected.copy()
    if scenario.credit.draw_stop:  # a default in any month before completion leaves a claim as well
        before = rent_due[1 : contract.completion + 1]
        before[before == 0] = math.ulp(0.0)
    units = (1 - workout.shrinkage) * contract.units
    nothing = np.zeros(last_month + 1)
    if not workout.claim_mitigation:
        return no_mitigation(last_month), nothing
    sale = nothing
    if workout.mode != "remarket":
        months = np.arange(last_month + 1)
        log_mean = log_mean_price(price, new_price, months / 12)
        sale = sale_mitigation(
            log_mean,
            rent_due,
            workout.downtime,
            workout.liquidation_months,
            units,
            forced_kept(scenario, units),
            monthly_growth(workout.claim_rate, scenario.grid.period),
        )
    if workout.mode == "liquidate":
        return no_mitigation(last_month), sale
    assert scenario.lease_rate is not None  # noqa: S101 - validated with the remarketing mode
    series = reletting_mitigation(
        scenario.lease_rate,
        lease_rate_terms(scenario.lease_rate, last_month),
        rent_due,
        contract.contract_end,
        workout.downtime,
        income_per_margin=units * HOURS_PER_MONTH * workout.utilisation,
        utilisation=mean_utilisation(scenario.utilisation, last_month)
        * months_due(scenario.grid.period, contract.completion, last_month),
        share=1 - workout.market_haircut,
        cost=workout.merchant_opex,
        growth=monthly_growth(workout.claim_rate, scenario.grid.period),
        log_growth=log_rent_growth(scenario, last_month),
    )
    return series, sale


def beta_recoveries(mean: float, sd: float) -> Array:
    """Means of a Beta distribution over equally likely parts of it, so that its own mean is kept [1].

    Limits: of the standard deviation 3 parts in 1,000 are lost at most, for means of 5 % to 95 % and as far
    as the rules let it spread.

    Source: model 10.2.
    """
    if sd == 0:
        return np.empty(0)
    size = mean * (1 - mean) / sd**2 - 1
    below, above = (lower_half(share * size, (1 - share) * size) for share in (mean, 1 - mean))
    return np.concatenate((below, 1 - above[::-1]))


def lower_half(a: float, b: float) -> Array:
    """Means of a Beta distribution over the equally likely parts below its median [1].

    Source: E[X; X <= x] = a / (a + b) I_x(a + 1, b), the regularised incomplete beta function.
    """
    from scipy.special import betainc, betaincinv

    edges = betaincinv(a, b, np.linspace(0, 0.5, RECOVERY_PARTS // 2 + 1))
    return np.asarray(RECOVERY_PARTS * a / (a + b) * np.diff(betainc(a + 1, b, edges)))


def workout_terms(scenario: Scenario, contract: Contract, new_price: float) -> WorkoutTerms:
    """Kernel terms of the workout."""
    workout, price = scenario.workout, scenario.gpu_price
    reletting, per_price = mitigation(scenario, contract, new_price)
    return WorkoutTerms(
        remarkets=workout.mode == "remarket",
        chooses=workout.mode == "best",
        choice=choice_terms(scenario, contract, new_price),
        downtime=float(workout.downtime),
        falls=months_due(scenario.grid.period, contract.completion, contract.last_month),
        enforcement_cost=workout.enforcement_cost,
        merchant_hours=HOURS_PER_MONTH * workout.utilisation,
        rate_share=1 - workout.market_haircut,
        merchant_opex=workout.merchant_opex,
        sell_cost=price.sell_cost,
        liquidation_cost=price.liquidation_cost,
        liquidation_months=workout.liquidation_months,
        price_impact=workout.price_impact,
        market_depth=math.inf if workout.market_depth is None else float(workout.market_depth),
        units_kept=1 - workout.shrinkage,
        claim_gross=gross_claim(contract.expected, monthly_growth(workout.claim_rate, scenario.grid.period)),
        mitigation_per_price=per_price,
        mitigation=RateSeries(*reletting),
        mitigates_at_once=workout.claim_mitigation and workout.mode != "liquidate" and workout.downtime == 0,
        claim_recovery=workout.claim_recovery,
        recoveries=beta_recoveries(workout.claim_recovery, workout.claim_recovery_sd),
        claim_lag=float(workout.claim_lag),
        values_open_claim=scenario.grid.tail > 0,
    )

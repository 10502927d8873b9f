"""What letting and selling are worth at the end of a downtime, at closing: closed forms by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.claim import reletting_mitigation
from spv_sim.closing.contract import Contract
from spv_sim.closing.gpu_price_terms import log_mean_price
from spv_sim.closing.lease_rate_terms import lease_rate_terms
from spv_sim.closing.periods import monthly_growth, months_due
from spv_sim.closing.release_terms import log_rent_growth
from spv_sim.closing.rent import HOURS_PER_MONTH
from spv_sim.closing.utilisation_terms import mean_utilisation
from spv_sim.spv.workout import ChoiceTerms, RateSeries

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def no_choice(last_month: int) -> ChoiceTerms:
    """Terms of a workout that is settled beforehand."""
    none = np.zeros(last_month + 1)
    return ChoiceTerms(RateSeries(none, none, np.zeros((last_month + 1, 1))), none, none, none, none)


def growth_since(log_mean: Array, month: int) -> Array:
    """Expected price of each month over that of one, nothing where that one is worth nothing [1]."""
    if not np.isfinite(log_mean[month]):
        return np.zeros(len(log_mean))
    return np.asarray(np.exp(log_mean - log_mean[month]))


def choice_terms(scenario: Scenario, contract: Contract, new_price: float) -> ChoiceTerms:
    """Kernel terms of the choice, by the month in which it is made.

    Every amount is discounted to that month at `choice_rate`, as a claim is at its own.

    Limits: the price grows as the ratio of its expectations at closing, so that its floor is left out and an
    announced release counts as it did then, come or not; the residual value guarantee takes no part.

    Source: model 10.1, 3.1, 3.2.
    """
    workout, last_month = scenario.workout, contract.last_month
    if workout.mode != "best":
        return no_choice(last_month)
    assert scenario.lease_rate is not None  # noqa: S101 - validated with the mode
    rate = workout.claim_rate if workout.choice_rate is None else workout.choice_rate
    growth = monthly_growth(rate, scenario.grid.period)
    due = months_due(scenario.grid.period, contract.completion, last_month)
    months = np.arange(last_month + 1)
    log_mean = log_mean_price(scenario.gpu_price, new_price, months / 12)
    orderly, forced, letting_cost, sale_cost = np.zeros((4, last_month + 1))
    for month in range(last_month + 1):
        until = max(month, contract.asset_end)
        parts = np.minimum(month + np.arange(workout.liquidation_months), last_month)
        discount = growth ** (month - months.astype(float))
        worth = discount * growth_since(log_mean, month)
        cost = discount * scenario.opex.per_month * due
        orderly[month] = (1 - scenario.gpu_price.sell_cost) * worth[until]
        forced[month] = worth[parts].mean()
        letting_cost[month] = cost[month : until + 1].sum()
        sale_cost[month] = cost[month : parts[-1] + 1].sum()
    per_unit = np.full(last_month + 1, HOURS_PER_MONTH * workout.utilisation)
    series = reletting_mitigation(
        scenario.lease_rate,
        lease_rate_terms(scenario.lease_rate, last_month),
        np.where(months <= contract.asset_end, 1.0, 0.0),
        contract.asset_end,
        downtime=1,
        income_per_margin=per_unit,
        utilisation=mean_utilisation(scenario.utilisation, last_month) * due,
        share=1 - workout.market_haircut,
        cost=workout.merchant_opex,
        growth=growth,
        log_growth=log_rent_growth(scenario, last_month),
    )
    return ChoiceTerms(RateSeries(*series), orderly, forced, letting_cost, sale_cost)

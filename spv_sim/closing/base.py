"""What the debt is sized on: the base case's cash, the fleet's value, the forward rates, simulated cash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.capital import Base
from spv_sim.closing.contract import Contract
from spv_sim.closing.fleet import h100_equivalents
from spv_sim.closing.forward_rates import forward_rates
from spv_sim.closing.gpu_price_terms import log_mean_price
from spv_sim.closing.market_terms import base_case_market, price_of_new_unit
from spv_sim.closing.pilot import run_pilot, sale_proceeds, without_debt

if TYPE_CHECKING:
    from collections.abc import Callable

    from spv_sim.engine.terms import Terms
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def fleet_value(scenario: Scenario, last_month: int) -> Array:
    """Expected resale value of the fleet by month without a default, (last_month + 1,) float64 [USD]."""
    years = np.arange(last_month + 1) / 12
    price = np.exp(log_mean_price(scenario.gpu_price, price_of_new_unit(scenario), years))
    return np.asarray(h100_equivalents(scenario.fleet) * np.maximum(price, scenario.gpu_price.scrap_value))


def base_of(
    scenario: Scenario, contract: Contract, opex: Array, close_trial: Callable[[Scenario], Terms]
) -> Base:
    """What the debt is sized on: the contract's rent less costs, and what a deal without debt would show.

    `close_trial` closes that deal where it is needed.
    """
    value, earned = fleet_value(scenario, contract.last_month), contract.expected - opex
    by_cover = [of.sizing_case for of in scenario.capital.tranche.values() if of.target_dscr is not None]
    simulated, pilot = any(case != "base" for case in by_cover), None
    counts_sale = bool(by_cover) and scenario.capital.sale_in_cfads
    if simulated or counts_sale:
        trial, numbers = close_trial(without_debt(scenario)), scenario.monte_carlo
        if counts_sale:
            market = base_case_market(scenario, contract.last_month)
            earned = earned + sale_proceeds(trial._replace(market=market))
        if simulated:
            pilot = run_pilot(trial, numbers.pilot_paths, numbers.pilot_seed)
    curve = forward_rates(scenario.rates, contract.last_month, scenario.deal.closing)
    return Base(earned, value, curve, pilot)

"""The one rate at which everybody's flows are compared: the risk-free curve, else what the accounts earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.discount_curve import discount_factor
from spv_sim.closing.periods import monthly_growth

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def common_discount(scenario: Scenario, last_month: int) -> Array:
    """(last_month + 1,) float64, value at closing of a dollar in each month, whoever gets it [1].

    Limits: known at closing also where the short rate is random; no path has a factor of its own.
    Source: model 12.2.
    """
    months = np.arange(last_month + 1)
    if scenario.rates is not None:
        return discount_factor(scenario.rates.curve, months / 12)
    growth = monthly_growth(scenario.accounts.interest_rate, scenario.grid.period)
    return np.asarray(growth**-months)


def discounted_at(scenario: Scenario) -> str:
    """The rate in words, for people."""
    if scenario.rates is not None:
        return "the risk-free curve"
    return f"the {100 * scenario.accounts.interest_rate:.4g} % a year that the accounts earn"

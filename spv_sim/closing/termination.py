"""Early termination at closing: stipulated loss values by month and the clock of the lessee's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.claim import gross_claim
from spv_sim.closing.fleet import hardware_cost
from spv_sim.closing.periods import monthly_growth
from spv_sim.errors import Problem, UserError
from spv_sim.spv.end_of_term import TerminationTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def implicit_rate(rents: Array, completion: int, cost: float, residual: float, end: int) -> float:
    """Nominal annual rate, compounded monthly, at which rents and residual repay the cost at completion.

    Raises
    ------
    UserError : where no rate above -99 % and below 1,000 % does.
    """
    from scipy.optimize import brentq

    def excess(rate: float) -> float:
        growth = 1 + rate / 12
        ahead = np.arange(len(rents)) - completion
        return float(rents @ growth ** -ahead.astype(float)) + residual * growth ** -(end - completion) - cost

    if excess(-0.99) < 0 or excess(10.0) > 0:
        message = "lease.early_termination.discount_rate: no rate implicit in the lease repays the hardware"
        raise UserError(Problem("infeasible-closing", message, key="lease.early_termination.discount_rate"))
    return float(brentq(excess, -0.99, 10.0, xtol=1e-14))


def stipulated_loss(scenario: Scenario, rents: Array, completion: int, end: int) -> Array:
    """What the lessee owes once a month's rent is paid, by month from closing [USD].

    Source: model 6.5: later rents and the residual, discounted at the rate implicit in the lease.
    """
    right = scenario.lease.early_termination
    months = np.arange(len(rents))
    if right is None:
        return np.zeros(len(rents))
    cost = hardware_cost(scenario.fleet)
    if right.stipulated_loss:
        times, shares = (np.array(column, dtype=np.float64) for column in zip(*right.knots, strict=True))
        return np.asarray(cost * np.interp(months - completion, times, shares))
    residual = right.residual * cost
    rate = right.discount_rate
    if rate is None:
        rate = scenario.lease.implicit_rate
    if rate is None:
        rate = implicit_rate(rents, completion, cost, residual, end)
    dues = rents.copy()
    dues[end] += residual
    owed = gross_claim(dues, monthly_growth(rate, 1)) - rents
    return np.asarray(np.where(months <= end, owed, 0.0))


def termination_terms(scenario: Scenario, rents: Array, completion: int, end: int) -> TerminationTerms:
    """Kernel terms of the right; inactive without it."""
    right = scenario.lease.early_termination
    values = stipulated_loss(scenario, rents, completion, end)
    return TerminationTerms(right is not None, right.fee if right else 0.0, values)


def first_termination(scenario: Scenario) -> int:
    """First month in which the lessee may end the lease."""
    right, completion = scenario.lease.early_termination, scenario.grid.construction
    if right is None:
        return 0
    return right.month if right.month is not None else completion + max(right.first_month, 1)


def termination_clock(scenario: Scenario, end: int, last_month: int) -> Array:
    """Cumulative hazard of early termination by month, up to the month before the lease ends anyway."""
    right, months = scenario.lease.early_termination, np.arange(last_month + 1)
    if right is None:
        return np.empty(0)
    first = first_termination(scenario)
    if right.month is not None:
        return np.asarray(np.where(months >= first, np.inf, 0.0))
    assert right.hazard is not None  # noqa: S101 - one of the two is validated to be there
    years = (np.minimum(months, end - 1) - first + 1) / 12
    return np.asarray(right.hazard * np.maximum(years, 0.0))

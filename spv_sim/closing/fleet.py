"""The fleet at closing: purchase batches into monthly spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.sources_and_uses import Spending
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.fleet import Fleet
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def unit_count(fleet: Fleet) -> int:
    """Units bought in all batches."""
    return sum(batch.units for batch in fleet.batch.values())


def h100_equivalents(fleet: Fleet) -> float:
    """Units bought in all batches, each counted as its generation's H100-equivalents.

    Prices, market lease rates and merchant costs are those of an H100, and a unit's are as many times that.
    """
    return sum(batch.units * fleet.weight(batch) for batch in fleet.batch.values())


def hardware_cost(fleet: Fleet) -> float:
    """All-in cost of all batches [USD]."""
    return sum(batch.units * batch.unit_cost for batch in fleet.batch.values())


def spending(scenario: Scenario, early_rent: Array) -> Spending:
    """Uses that do not depend on the debt, by month up to completion; `early_rent` is what is due by then.

    A deposit that would fall before closing is paid at closing (model 1.1); reading the scenario warns of it.
    """
    completion = scenario.grid.construction
    hardware, other, prepaid = (np.zeros(completion + 1) for _ in range(3))
    for batch in scenario.fleet.batch.values():
        cost = batch.units * batch.unit_cost
        hardware[max(batch.delivery - batch.deposit_lead, 0)] += batch.deposit * cost
        hardware[batch.delivery] += (1 - batch.deposit) * cost
    other[0] = scenario.capital.other_costs
    if scenario.lease.first_payment_to == "reduces_uses":
        prepaid[completion] = scenario.lease.first_payment.amount(hardware_cost(scenario.fleet))
    if scenario.lease.early_rent_to == "reduces_uses":
        prepaid += early_rent[: completion + 1]
    result = Spending(hardware, other, prepaid)
    if np.any(result.total < 0) and scenario.lease.early_rent_to == "reduces_uses":
        month = int(np.flatnonzero(result.total < 0)[0])
        message = f"lease.early_rent_to: the rent due in month {month} exceeds what is spent in it"
        raise UserError(Problem("infeasible-closing", message, key="lease.early_rent_to"))
    return result

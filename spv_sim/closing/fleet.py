"""The fleet at closing: purchase batches into monthly spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.sources_and_uses import Spending

if TYPE_CHECKING:
    from spv_sim.scenario.fleet import Fleet
    from spv_sim.scenario.model import Scenario


def unit_count(fleet: Fleet) -> int:
    """Units bought in all batches."""
    return sum(batch.units for batch in fleet.batch.values())


def hardware_cost(fleet: Fleet) -> float:
    """All-in cost of all batches [USD]."""
    return sum(batch.units * batch.unit_cost for batch in fleet.batch.values())


def spending(scenario: Scenario) -> Spending:
    """Uses that do not depend on the debt, by month up to completion.

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
    return Spending(hardware, other, prepaid)

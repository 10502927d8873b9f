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


def spending(scenario: Scenario) -> tuple[Spending, list[str]]:
    """Uses that do not depend on the debt, by month up to completion, and warnings.

    A deposit that would fall before closing is paid at closing, with a warning (model 1.1).
    """
    completion = scenario.grid.construction
    hardware, other, prepaid = (np.zeros(completion + 1) for _ in range(3))
    warnings = []
    for name, batch in scenario.fleet.batch.items():
        cost = batch.units * batch.unit_cost
        deposit_month = batch.delivery - batch.deposit_lead
        if batch.deposit > 0 and deposit_month < 0:
            warnings.append(
                f"fleet.batch.{name}: its deposit would be due {-deposit_month} months before closing; "
                "it is paid at closing"
            )
        hardware[max(deposit_month, 0)] += batch.deposit * cost
        hardware[batch.delivery] += (1 - batch.deposit) * cost
    other[0] = scenario.capital.other_costs
    if scenario.lease.first_payment_to == "reduces_uses":
        prepaid[completion] = scenario.lease.first_payment.amount(hardware_cost(scenario.fleet))
    return Spending(hardware, other, prepaid), warnings

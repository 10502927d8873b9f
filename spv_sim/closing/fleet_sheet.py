"""The fleet as the closing sheet shows it: units by generation, and the spares that they ask for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from spv_sim.closing.casualty import suffers
from spv_sim.closing.fleet import h100_equivalents, unit_count
from spv_sim.closing.fleet_terms import spares_demand, spares_for, stock_of_spares
from spv_sim.scenario.generation import KNOWN

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

USUAL_LEVEL = 0.99
"""Service level of the recommended spares where the scenario says none."""


def fleet_sheet(scenario: Scenario) -> dict[str, Any]:
    """The `fleet` part of the closing sheet.

    `spares_recommended` meet, with the service level, the Poisson number of failures in the time that new
    spares take, at the highest failure rate beyond the warranty. `expected_share_lost` is that of a year in
    which units suffer casualties.
    """
    fleet = scenario.fleet
    sheet: dict[str, Any] = {
        "units": unit_count(fleet),
        "h100_equivalents": h100_equivalents(fleet),
        "generations": generations(scenario),
    }
    if suffers(scenario) and fleet.casualty:
        rate, loss = fleet.casualty.rate, fleet.casualty.loss
        sheet["casualty"] = {"rate": rate, "loss": loss, "expected_share_lost": -math.expm1(-rate * loss)}
    failures = fleet.failures
    if failures is None:
        return sheet
    level = failures.service_level or USUAL_LEVEL
    demand = spares_demand(scenario)
    return sheet | {
        "spares": stock_of_spares(scenario),
        "spares_demand": demand,
        "spares_service_level": level,
        "spares_recommended": spares_for(level, demand),
    }


def generations(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Units of each generation, what one counts for, and where that figure comes from."""
    found: dict[str, dict[str, Any]] = {}
    for batch in scenario.fleet.batch.values():
        name = batch.generation
        own = name in scenario.fleet.generation
        told = found.setdefault(
            name,
            {
                "units": 0,
                "h100_equivalents_each": scenario.fleet.weight(batch),
                "basis": "the scenario's own" if own else KNOWN[name].basis,
                "status": "stated" if own else KNOWN[name].status,
            },
        )
        told["units"] += batch.units
    return found

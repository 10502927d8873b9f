"""Scenarios that closing tests start from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spv_sim.closing.base import fleet_value
from spv_sim.closing.capital import Base, CapitalClosing, close_capital
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.fleet import spending
from spv_sim.closing.rent import rent_due
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read

GOLDEN = Path(__file__).parents[1] / "golden"
SHIPPED = Path(__file__).parents[2] / "scenarios"


def base(name: str, *sets: str) -> Scenario:
    """A reference deal or a shipped scenario, with settings changed."""
    folder = GOLDEN if (GOLDEN / f"{name}.toml").exists() else SHIPPED
    return read(str(folder / f"{name}.toml"), sets).scenario


def base_case(scenario: Scenario) -> Base:
    """Rent due less operating cost, and the fleet's expected value, by month."""
    completion = scenario.grid.construction
    last = completion + scenario.lease.term + scenario.grid.tail
    opex = 0.0 if scenario.lease.triple_net else scenario.opex.per_month
    start = completion + (scenario.lease.timing == "arrears")
    paid = np.where(np.arange(last + 1) >= start, opex, 0.0)
    due = rent_due(scenario.lease, scenario.fleet, completion, last)
    return Base(due - paid, fleet_value(scenario, last))


def capital_of(scenario: Scenario) -> CapitalClosing:
    """The closed capital structure of a scenario, simulated or not."""
    return close_capital(
        scenario.capital, spending(scenario, lay_out_contract(scenario).early_rent), base_case(scenario)
    )

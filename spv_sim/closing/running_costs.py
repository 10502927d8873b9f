"""Operating cost by month, with a lessee that performs and without, and the money held for it ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.contract import Contract
from spv_sim.closing.periods import months_due
from spv_sim.closing.reserves import working_capital

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RunningCosts:
    """What the units cost the vehicle, (last_month + 1,) float64 each.

    falls : months that are paid for in each month [1].
    performing, defaulted : cost while a lessee pays and while none does [USD].
    ahead : working capital that covers the months ahead [USD].
    """

    falls: Array
    performing: Array
    defaulted: Array
    ahead: Array


def running_costs(scenario: Scenario, contract: Contract) -> RunningCosts:
    """Costs by month; under a triple-net lease the lessee bears them while it performs."""
    completion, lease = scenario.grid.construction, scenario.lease
    months = np.arange(contract.last_month + 1)
    falls = months_due(scenario.grid.period, completion, contract.last_month)
    opex = np.where(months >= completion + (lease.timing == "arrears"), scenario.opex.per_month * falls, 0.0)
    performing = np.zeros_like(opex) if lease.triple_net else opex
    ahead = working_capital(scenario, np.where(months <= contract.asset_end, performing, 0.0))
    return RunningCosts(falls, performing, opex, ahead)

"""The shareholders' side at closing: what they pay in, what comes back at once, and how it is discounted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.sources_and_uses import SourcesAndUses
from spv_sim.spv.deal import EquityTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario


def equity_terms(
    scenario: Scenario, table: SourcesAndUses, distribution: float, last_month: int, tolerance: float
) -> EquityTerms:
    """Calls up to completion and the distribution of that month; flows up to the tolerance are none [USD]."""
    completion = scenario.grid.construction
    net_flow = np.zeros(last_month + 1)
    net_flow[: completion + 1] = -table.equity
    net_flow[completion] += distribution
    net_flow[np.abs(net_flow) <= tolerance] = 0.0
    discount = (1 + scenario.deal.hurdle) ** (-np.arange(last_month + 1) / 12)
    return EquityTerms(
        net_flow=net_flow,
        contributed=float(table.equity.sum()),
        distributed_at_completion=distribution,
        last_call=completion,
        discount=discount,
        npv_at_completion=float(net_flow @ discount),
    )

"""Contingent equity at closing: the budget of interest up to completion, and what rates of a path change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.forward_rates import forward_rates, over_periods
from spv_sim.spv.contingent_equity import ContingentTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spv_sim.closing.tranche_closing import TrancheClosing
    from spv_sim.scenario.capital import Tranche
    from spv_sim.scenario.model import Scenario
    from spv_sim.spv.deal import EquityTerms


def contingent_terms(
    scenario: Scenario,
    said: Sequence[Tranche],
    closed: Sequence[TrancheClosing],
    equity: EquityTerms,
    rates_move: bool,
) -> ContingentTerms:
    """Kernel terms; not in use where the rates of no floating loan move, or several classes pay the calls.

    Up to completion interest is paid by the month. A base rate of a longer period moves with that of the
    month, and its budget is met where the forward rates come true.

    Parameters
    ----------
    said, closed : the tranches in one order.  rates_move : whether the short rate is random.

    Source: model 2.5: commitments and draws stay those at forward rates.
    """
    completion, capital = scenario.grid.construction, scenario.capital
    shape = (len(closed), completion + 1)
    owed, over_month, budget = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    forward = forward_rates(scenario.rates, completion, scenario.deal.closing)
    in_use = rates_move and capital.contingent_equity and not capital.equity
    for i, (tranche, of) in enumerate(zip(said, closed, strict=True)):
        if not in_use or forward is None or tranche.base_rate is None:
            continue
        owed[i, 1:] = np.cumsum(of.draws[:completion])
        owed[i] *= np.broadcast_to(forward.accrual, completion + 1)
        over_month[i] = over_periods(forward, completion, tranche.payment_every) - forward.rate
        budget[i] = of.interest_during_construction
    call = np.maximum(-equity.net_flow[: completion + 1], 0.0)
    call[completion] = max(equity.distributed_at_completion - float(equity.net_flow[completion]), 0.0)
    return ContingentTerms(bool(owed.any()), owed, over_month, budget, call)

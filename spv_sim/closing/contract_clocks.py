"""The clocks of the contract at closing: the guarantors' defaults and the lessee's early termination."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.default_terms import NO_GUARANTOR, draws_outcome, guarantor_terms, likeliest_outcome
from spv_sim.closing.guarantee import guarantor_clock
from spv_sim.closing.lease_terms import chooses_at_random
from spv_sim.closing.termination import termination_clock
from spv_sim.market.contract import ContractTerms
from spv_sim.scenario.lease_dates import contract_end

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

NO_CLOCK = np.empty(0)


def contract_clocks(scenario: Scenario, last_month: int, lessee_hazard: Array) -> ContractTerms:
    """Kernel terms of what only the contract draws; `lessee_hazard` is the lessee's cumulative hazard [1]."""
    guarantor = guarantor_clock(scenario, last_month)
    end = contract_end(scenario.lease, scenario.fleet, scenario.grid)
    termination = termination_clock(scenario, end, last_month)
    right = scenario.lease.early_termination
    random = right is not None and right.hazard is not None
    draws = random or len(guarantor) > 0 or chooses_at_random(scenario)
    parent = guarantor_terms(scenario, last_month, lessee_hazard)
    return ContractTerms(
        guarantor=guarantor,
        termination=termination,
        draws=draws,
        draws_outcome=draws_outcome(scenario),
        outcome=likeliest_outcome(scenario),
        lessee_guarantor=parent,
        draws_recovery=scenario.workout.claim_recovery_sd > 0,
    )


def without_draws(terms: ContractTerms) -> ContractTerms:
    """The base case: the guarantors pay, a lease ends early only on a given date, the likelier happens."""
    dated = terms.termination
    scheduled = len(dated) > 0 and np.isinf(dated[-1])
    kept = terms.termination if scheduled else NO_CLOCK
    return terms._replace(
        guarantor=NO_CLOCK,
        termination=kept,
        draws=False,
        draws_outcome=False,
        lessee_guarantor=NO_GUARANTOR,
        draws_recovery=False,
    )

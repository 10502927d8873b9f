"""The clocks of the contract at closing: guarantor's default and the lessee's early termination."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.guarantee import guarantor_clock
from spv_sim.closing.lease_terms import chooses_at_random
from spv_sim.closing.termination import termination_clock
from spv_sim.market.contract import ContractTerms
from spv_sim.scenario.lease_dates import contract_end

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

NO_CLOCK = np.empty(0)


def contract_clocks(scenario: Scenario, last_month: int) -> ContractTerms:
    """Kernel terms of what only the contract draws."""
    guarantor = guarantor_clock(scenario, last_month)
    end = contract_end(scenario.lease, scenario.fleet, scenario.grid)
    termination = termination_clock(scenario, end, last_month)
    right = scenario.lease.early_termination
    random = right is not None and right.hazard is not None
    draws = random or len(guarantor) > 0 or chooses_at_random(scenario)
    return ContractTerms(guarantor, termination, draws)


def without_draws(terms: ContractTerms) -> ContractTerms:
    """The base case: the guarantor pays, a lease ends early only on a given date, the likelier happens."""
    dated = terms.termination
    scheduled = len(dated) > 0 and np.isinf(dated[-1])
    return ContractTerms(NO_CLOCK, terms.termination if scheduled else NO_CLOCK, draws=False)

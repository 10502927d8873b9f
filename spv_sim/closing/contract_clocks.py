"""The clocks of the contract at closing: guarantor's default and the lessee's early termination."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.guarantee import guarantor_clock
from spv_sim.market.contract import ContractTerms
from spv_sim.market.credit import CreditTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

NO_CLOCK = CreditTerms(np.empty(0))


def contract_clocks(scenario: Scenario, last_month: int) -> ContractTerms:
    """Kernel terms of what only the contract draws."""
    guarantor = guarantor_clock(scenario, last_month)
    return ContractTerms(guarantor, NO_CLOCK, draws=len(guarantor.cumulative_hazard) > 0)


def without_draws(terms: ContractTerms) -> ContractTerms:
    """The base case: the guarantor pays, and what is likelier than not happens."""
    return ContractTerms(NO_CLOCK, terms.termination, draws=False)

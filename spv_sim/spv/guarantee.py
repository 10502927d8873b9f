"""The residual value guarantee: what its guarantor pays when units leave their lease below the promise."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import maximum, minimum, where
from spv_sim.market.market import Market


class GuaranteeTerms(NamedTuple):
    """The promise, by unit.

    amount : guaranteed value, 0 without a guarantee [USD].  coverage : share of a shortfall that is paid [1].
    cap : most that is paid for a unit [USD].
    on_default : whether a forced sale before the end of the lease is covered too.
    of_lessee : whether the lessee itself guarantees, which is worth nothing after its default.
    """

    amount: float
    coverage: float
    cap: float
    on_default: bool
    of_lessee: bool


@jit
def shortfall_paid(terms: GuaranteeTerms, month: int, market: Market) -> Any:
    """What a guarantor that has not failed pays for a unit at the month's price [USD]."""
    owed = minimum(terms.coverage * maximum(terms.amount - market.price, 0.0), terms.cap)
    return where(market.contract.guarantor_default_month <= month, 0.0, owed)

"""The lease: contract rent falls due by schedule and index and is paid until the lessee defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.spv.guarantee import GuaranteeTerms
from spv_sim.spv.index import IndexTerms


class LeaseTerms(NamedTuple):
    """The contract by month.

    rent_due : (months + 1,) float64, contract rent expected at closing: fixed and index rent [USD].
    rent_payable : (months + 1,) float64, fixed rent after holidays; the difference is waived [USD].
    units : (months + 1,) float64, units owned during the month while the lessee performs [1].
    returned : (months + 1,) float64, units whose lease ends in the month [1].
    needs_market : (months + 1,) bool, months in which a performing lease takes a price or rate from it.
    first_market_month : the first of them.
    contract_end : month in which the last lease ends.
    last_month : month by which the units are sold in good order.
    """

    rent_due: Any
    rent_payable: Any
    units: Any
    returned: Any
    needs_market: Any
    first_market_month: int
    contract_end: int
    last_month: int
    rent_index: IndexTerms
    guarantee: GuaranteeTerms


@jit
def payable_rent(terms: LeaseTerms, month: int, index_rate: Any) -> Any:
    """Rent that falls due in the month while the lessee performs [USD]."""
    if terms.rent_index.active:
        return terms.rent_payable[month] + terms.rent_index.hours[month] * index_rate
    return like(index_rate, terms.rent_payable[month])

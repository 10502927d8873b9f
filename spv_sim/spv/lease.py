"""The lease: contract rent falls due by schedule and index and is paid until the lessee defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, maximum
from spv_sim.spv.end_of_term import PurchaseTerms, RenewalTerms, TerminationTerms
from spv_sim.spv.guarantee import GuaranteeTerms
from spv_sim.spv.index import IndexTerms


class LeaseTerms(NamedTuple):
    """The contract by month.

    rent_due : (months + 1,) float64, contract rent expected at closing: fixed and index rent [USD].
    rent_payable : (months + 1,) float64, fixed rent after holidays; the difference is waived [USD].
    units : (months + 1,) float64, units owned during the month while the lessee performs [1].
    returned : (months + 1,) float64, units whose lease ends in the month [1].
    needs_market : (months + 1,) bool, months in which a performing lease takes a price or rate from it.
    first_market_month : the first of them, or the first in which leased units fail on the vehicle's account.
    ends : (months + 1,) bool, months in which a lease may end: by term or after a renewal.
    contract_end : month in which the last lease ends, but for renewals.
    relet_months, relet_after : months for which returned units are let at the market rate before their
        sale, and idle months before the first of them.
    last_month : month by which units are sold in good order, but for renewals: contract_end + relet_months.
    deposit : security that the vehicle may draw at a default [USD].
    usage_based : whether the lessee pays for hours that it uses; `rent_payable` and the index hours are then
        those of all hours.  commitment : least share of the hours that it pays for [1].
    """

    rent_due: Any
    rent_payable: Any
    units: Any
    returned: Any
    ends: Any
    needs_market: Any
    first_market_month: int
    contract_end: int
    relet_months: int
    relet_after: int
    last_month: int
    deposit: float
    usage_based: bool
    commitment: float
    rent_index: IndexTerms
    guarantee: GuaranteeTerms
    purchase: PurchaseTerms
    renewal: RenewalTerms
    termination: TerminationTerms


@jit
def payable_rent(terms: LeaseTerms, month: int, index_rate: Any, utilisation: Any) -> Any:
    """Rent that falls due in the month under the original contract, while the lessee performs [USD]."""
    rent = like(index_rate, terms.rent_payable[month])
    if terms.rent_index.active:
        rent = rent + terms.rent_index.hours[month] * index_rate
    if terms.usage_based:
        return rent * maximum(utilisation, terms.commitment)
    return rent

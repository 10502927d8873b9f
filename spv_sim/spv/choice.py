"""The lessee's choice month by month, and who holds the units after it."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import invert, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.end_of_term import NO_OPTION, buys, renewal_rate, renews
from spv_sim.spv.lease import LeaseTerms


class Choice(NamedTuple):
    """What the lessee does in a month, as masks: of a performing lease only."""

    buys: Any
    renews: Any
    terminates: Any


class Tenure(NamedTuple):
    """Who holds the units until when.

    sold_in : month in which the last units leave the vehicle.
    relet_from : first month in which they earn the market rate.
    renewed_until : last month of the renewals so far.
    renewal_rate : rate of the renewal under way [USD/GPU-hour].
    """

    sold_in: Any
    relet_from: Any
    renewed_until: Any
    renewal_rate: Any


@jit
def in_force(lease: LeaseTerms, month: int, market: Market, tenure: Tenure) -> Any:
    """Whether the lease runs in the month, its last one included: by term, by renewal, not ended early."""
    if month > lease.contract_end:
        return tenure.renewed_until >= month
    return market.contract.termination_month >= month


@jit
def may_choose(lease: LeaseTerms, month: int) -> bool:
    """Whether a lease may end in the month, so that the lessee has anything to choose."""
    return lease.ends[month] or (lease.termination.active and month < lease.contract_end)


@jit
def choose(lease: LeaseTerms, month: int, performing: Any, market: Market, tenure: Tenure) -> Choice:
    """What a performing lessee does with the units in the month."""
    nobody = market.default_month < 0.0
    if lease.termination.active and month < lease.contract_end:
        return Choice(nobody, nobody, performing & (market.contract.termination_month == month))
    bought, renewed = nobody, nobody
    if lease.ends[month]:
        if month <= lease.contract_end and lease.purchase.kind != NO_OPTION:
            bought = performing & buys(lease.purchase, market)
        if lease.renewal.months > 0 and lease.renewal.decides[month]:
            renewed = ends_now(lease, month, performing, tenure) & invert(bought)
            renewed = renewed & renews(lease.renewal, market)
    return Choice(bought, renewed, nobody)


@jit
def ends_now(lease: LeaseTerms, month: int, performing: Any, tenure: Tenure) -> Any:
    """Whether the term or the renewal under way is over in the month."""
    if month > lease.contract_end:
        return performing & (tenure.renewed_until == month)
    return performing


@jit
def settle_choice(
    lease: LeaseTerms, month: int, performing: Any, choice: Choice, market: Market, tenure: Tenure
) -> Tenure:
    """When the units leave and who lets them, after what the lessee chose."""
    if not may_choose(lease, month):
        return tenure
    gone = choice.terminates
    if month == lease.contract_end:
        gone = gone | choice.buys
    sold_in = where(gone, 1.0 * month, tenure.sold_in)
    relet_from = where(gone, NEVER, tenure.relet_from)
    renewed_until, rate = tenure.renewed_until, tenure.renewal_rate
    if lease.renewal.months > 0 and lease.ends[month]:
        back = ends_now(lease, month, performing, tenure) & invert(choice.buys | choice.renews)
        until = 1.0 * (month + lease.renewal.months)
        renewed_until = where(choice.renews, until, renewed_until)
        rate = where(choice.renews, renewal_rate(lease.renewal, market), rate)
        sold_in = where(choice.renews, until, where(back, 1.0 * (month + lease.relet_months), sold_in))
        relet_from = where(choice.renews, NEVER, relet_from)
        if lease.relet_months > 0:
            relet_from = where(back, 1.0 * (month + 1 + lease.relet_after), relet_from)
    return Tenure(sold_in, relet_from, renewed_until, rate)

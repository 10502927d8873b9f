"""What the units bring: rent, their sale, and what a guarantor pays for them."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import invert, like, minimum, where
from spv_sim.market.market import Market
from spv_sim.spv.asset_terms import AssetState, AssetTerms
from spv_sim.spv.choice import Choice, Tenure, may_choose
from spv_sim.spv.fleet_return import UnitsAtWork
from spv_sim.spv.guarantee import shortfall_paid
from spv_sim.spv.lease import payable_rent
from spv_sim.spv.workout import forced_share


@jit
def units_sold(
    terms: AssetTerms,
    month: int,
    performing: Any,
    forced: Any,
    choice: Choice,
    state: AssetState,
    units: UnitsAtWork,
) -> Any:
    """Units that the vehicle sells in the month to others than the lessee, but for spares."""
    lease = terms.lease
    whole = where(state.tenure.sold_in == month, units.held, 0.0)
    part = forced_share(terms.workout, month, state.rejected_in, state.tenure.sold_in)
    sold = where(forced, part * units.held, whole)
    if not may_choose(lease, month):
        return sold
    if lease.relet_months == 0 and lease.renewal.months == 0:
        sold = where(performing & invert(choice.terminates), units.returned, sold)
    return where(choice.buys, 0.0, sold)


@jit
def guarantee_payment(
    terms: AssetTerms,
    month: int,
    performing: Any,
    forced: Any,
    sold: Any,
    choice: Choice,
    market: Market,
    state: AssetState,
    returned: Any,
) -> Any:
    """What the guarantor pays: for units whose lease ends unsold, and for a forced sale before that [USD].

    Limits: of a forced sale spread over the lease's end no part counts as unsold.
    Source: model 6.6, R4.
    """
    guarantee = terms.lease.guarantee
    if guarantee.amount == 0.0 or month > terms.lease.contract_end:
        return like(state.units, 0.0)
    unsold = (state.tenure.sold_in >= month) & invert(
        forced | choice.buys | choice.renews | choice.terminates
    )
    if guarantee.of_lessee:
        units = where(unsold & performing, returned, 0.0)
    else:
        units = where(unsold, where(performing, returned, terms.workout.units_kept * returned), 0.0)
    if terms.default.stops_draws:
        units = minimum(units, where(performing, units, state.units))
    if guarantee.on_default:
        units = where(forced, sold, units)
    return units * shortfall_paid(guarantee, month, market)


@jit
def rent_of_month(
    terms: AssetTerms, month: int, billed: Any, market: Market, before: Tenure, units: UnitsAtWork
) -> Any:
    """Rent that falls due in the month while the lessee performs: of the contract, or of a renewal [USD].

    A renewal is of the units that work; under the contract they matter only where its rent abates.
    Source: model 6.2.
    """
    lease = terms.lease
    if month > lease.contract_end:
        rent = before.renewal_rate * lease.renewal.hours * units.held
        return where(before.renewed_until >= month, rent, 0.0)
    rent = payable_rent(lease, month, billed, market.utilisation)
    if terms.fleet.abates:
        rent = units.share * rent
    return rent

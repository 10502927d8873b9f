"""The assets' month: rent, re-letting, sale and claim cash, and the costs that the units bring with them."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.lease import LeaseTerms, collected_rent
from spv_sim.spv.workout import (
    WorkoutTerms,
    claim_at_default,
    claim_payment,
    is_down,
    merchant_income,
    sale_month,
    sale_proceeds,
)


class AssetTerms(NamedTuple):
    """The units, who pays for them, and what becomes of them.

    opex_performing, opex_defaulted : (months + 1,) float64, the vehicle's cost while the lessee pays and
        after its default, as long as the units are owned [USD].
    """

    lease: LeaseTerms
    workout: WorkoutTerms
    opex_performing: Any
    opex_defaulted: Any


class AssetState(NamedTuple):
    """What a path remembers of the assets: month of the units' sale, claim on the lessee's estate [USD]."""

    sold_in: Any
    claim: Any


class Receipts(NamedTuple):
    """Cash in of a month from the assets and the operating costs that it has to bear [USD]."""

    rent: Any
    merchant: Any
    sale: Any
    claim: Any
    opex: Any
    enforcement: Any


@jit
def open_assets(terms: AssetTerms, template: Any) -> AssetState:
    """State at completion."""
    return AssetState(sold_in=like(template, 1.0 * terms.lease.last_month), claim=like(template, 0.0))


@jit
def settles_on_market(terms: AssetTerms, month: int, default_month: Any, state: AssetState) -> bool:
    """Whether the month needs the market's price or rate: a default, re-let units or a sale on any lane."""
    relet = (default_month + terms.workout.downtime <= month) & (state.sold_in >= month)
    return any_of((default_month == month) | relet | (state.sold_in == month))


@jit
def cash_to_come(terms: AssetTerms, month: int, default_month: Any, state: AssetState) -> Any:
    """Whether the units are still owned or a claim is still open."""
    claim_open = (default_month < NEVER) & (default_month + terms.workout.claim_lag >= month)
    return claim_open | (state.sold_in >= month)


@jit
def receive(terms: AssetTerms, month: int, last_month: int, market: Market, state: AssetState) -> Receipts:
    """Lease and workout cash of the month, and its costs."""
    defaulted = market.default_month <= month
    owned = state.sold_in >= month
    opex = where(defaulted, terms.opex_defaulted[month], terms.opex_performing[month])
    down = owned & is_down(terms.workout, month, market.default_month)
    return Receipts(
        rent=collected_rent(terms.lease, month, defaulted),
        merchant=merchant_income(terms.workout, month, terms.lease.last_month, market),
        sale=sale_proceeds(terms.workout, month, state.sold_in, market),
        claim=claim_payment(terms.workout, month, last_month, state.claim, market.default_month),
        opex=where(owned, opex, 0.0),
        enforcement=where(down, terms.workout.enforcement_cost, 0.0),
    )


@jit
def run_assets(
    terms: AssetTerms, month: int, last_month: int, market: Market, state: AssetState
) -> tuple[AssetState, Receipts]:
    """The assets' month: a default settles when the units are sold and what is claimed."""
    sold_in = where(
        market.default_month == month,
        sale_month(terms.workout, terms.lease.last_month, last_month, market.default_month),
        state.sold_in,
    )
    held = AssetState(sold_in, claim_at_default(terms.workout, month, state.claim, market))
    return held, receive(terms, month, last_month, market, held)

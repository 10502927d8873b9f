"""The assets' month: rent, re-letting, sale, guarantee and claim, and the costs that the units bring."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, invert, like, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.guarantee import shortfall_paid
from spv_sim.spv.index import billed_rate, reset_rate
from spv_sim.spv.lease import LeaseTerms, payable_rent
from spv_sim.spv.workout import (
    WorkoutTerms,
    claim_at_default,
    claim_payment,
    is_down,
    is_forced,
    merchant_income,
    relet_month,
    sale_month,
    sale_price,
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
    """What a path remembers of the assets.

    sold_in : month in which the last units leave the vehicle.
    relet_from : first month in which they earn the market rate.
    units : units owned when the lessee defaulted, and before that as the contract has it [1].
    claim : on the lessee's estate [USD].
    index_rate : rate of the indexed hours [USD/GPU-hour].
    """

    sold_in: Any
    relet_from: Any
    units: Any
    claim: Any
    index_rate: Any


class Receipts(NamedTuple):
    """Cash in of a month from the assets and the operating costs that it has to bear [USD].

    payable : rent that falls due in the month while the lessee performs, collected or not.
    """

    payable: Any
    rent: Any
    merchant: Any
    sale: Any
    guarantee: Any
    claim: Any
    opex: Any
    enforcement: Any


@jit
def cash_in(got: Receipts) -> Any:
    """All cash that the assets bring in the month [USD]."""
    return got.rent + got.merchant + got.sale + got.guarantee + got.claim


@jit
def operating_cash(got: Receipts) -> Any:
    """Cash of the month from letting the units, after their costs [USD]."""
    return got.rent + got.merchant - got.opex - got.enforcement


@jit
def open_assets(terms: AssetTerms, template: Any) -> AssetState:
    """State at completion."""
    return AssetState(
        sold_in=like(template, 1.0 * terms.lease.last_month),
        relet_from=like(template, NEVER),
        units=like(template, terms.lease.units[0]),
        claim=like(template, 0.0),
        index_rate=like(template, terms.lease.rent_index.first_rate),
    )


@jit
def first_market_month(terms: AssetTerms) -> int:
    """First month in which the deal of a performing lease takes a price or rate from the market."""
    return terms.lease.first_market_month


@jit
def settles_on_market(terms: AssetTerms, month: int, default_month: Any, state: AssetState) -> bool:
    """Whether the month needs the market: by contract, or for a default, letting or sale on any lane."""
    if terms.lease.needs_market[month]:
        return True
    relet = (state.relet_from <= month) & (state.sold_in >= month)
    return any_of((default_month == month) | relet | (state.sold_in == month))


@jit
def cash_to_come(terms: AssetTerms, month: int, default_month: Any, state: AssetState) -> Any:
    """Whether the units are still owned or a claim is still open."""
    claim_open = (default_month < NEVER) & (default_month + terms.workout.claim_lag >= month)
    return claim_open | (state.sold_in >= month)


@jit
def units_sold(terms: AssetTerms, month: int, defaulted: Any, state: AssetState) -> Any:
    """Units that the vehicle sells in the month: at the end of their lease, or when the workout is over."""
    leaving = state.sold_in == month
    if terms.lease.contract_end == terms.lease.last_month:
        return where(defaulted, where(leaving, state.units, 0.0), terms.lease.returned[month])
    return where(leaving, state.units, 0.0)


@jit
def guarantee_payment(
    terms: AssetTerms, month: int, defaulted: Any, forced: Any, market: Market, state: AssetState
) -> Any:
    """What the guarantor pays: for units whose lease ends unsold, and for a forced sale before that [USD].

    Source: model 6.6, R4.
    """
    guarantee = terms.lease.guarantee
    covered = terms.lease.units[month] if month <= terms.lease.contract_end else 0.0
    if guarantee.amount == 0.0 or covered == 0.0:
        return like(state.units, 0.0)
    unsold = (state.sold_in >= month) & invert(forced)
    if guarantee.of_lessee:
        unsold = unsold & invert(defaulted)
    units = where(unsold, terms.lease.returned[month], 0.0)
    if guarantee.on_default and not guarantee.of_lessee:
        units = where(forced, covered, units)
    return units * shortfall_paid(guarantee, month, market)


@jit
def receive(
    terms: AssetTerms, month: int, last_month: int, market: Market, state: AssetState, index_rate: Any
) -> Receipts:
    """Lease and workout cash of the month, and its costs; the indexed hours pay `index_rate`."""
    defaulted = market.default_month <= month
    owned = state.sold_in >= month
    opex = where(defaulted, terms.opex_defaulted[month], terms.opex_performing[month])
    down = owned & is_down(terms.workout, month, market.default_month)
    forced = is_forced(terms.workout, month, market.default_month)
    sold = units_sold(terms, month, defaulted, state)
    relet_from = where(owned, state.relet_from, NEVER)
    if month > terms.lease.last_month:
        relet_from = like(relet_from, NEVER)
    payable = payable_rent(terms.lease, month, index_rate)
    return Receipts(
        payable=payable,
        rent=where(defaulted, 0.0, payable),
        merchant=merchant_income(terms.workout, month, relet_from, state.units, market),
        sale=sold * sale_price(terms.workout, forced, market),
        guarantee=guarantee_payment(terms, month, defaulted, forced, market, state),
        claim=claim_payment(terms.workout, month, last_month, state.claim, market.default_month),
        opex=where(owned, opex, 0.0),
        enforcement=where(down, terms.workout.enforcement_cost, 0.0),
    )


@jit
def run_assets(
    terms: AssetTerms, month: int, last_month: int, market: Market, state: AssetState
) -> tuple[AssetState, Receipts]:
    """The assets' month: a default settles when the units are sold and what is claimed."""
    lease = terms.lease
    defaults = market.default_month == month
    units = where(market.default_month < month, state.units, lease.units[month])
    after_reset = reset_rate(lease.rent_index, month, state.index_rate, market)
    held = AssetState(
        sold_in=where(
            defaults,
            sale_month(terms.workout, lease.last_month, last_month, market.default_month),
            state.sold_in,
        ),
        relet_from=where(defaults, relet_month(terms.workout, market.default_month), state.relet_from),
        units=units,
        claim=claim_at_default(terms.workout, month, units, state.claim, market),
        index_rate=after_reset,
    )
    billed = billed_rate(lease.rent_index, state.index_rate, after_reset)
    return held, receive(terms, month, last_month, market, held, billed)

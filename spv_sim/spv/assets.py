"""The assets' month: who holds the units, what they bring in, and the costs that they bring with them."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, invert, like, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.choice import Choice, Tenure, choose, in_force, may_choose, settle_choice
from spv_sim.spv.end_of_term import purchase_price, termination_payment
from spv_sim.spv.guarantee import shortfall_paid
from spv_sim.spv.index import billed_rate, reset_rate
from spv_sim.spv.lease import LeaseTerms, payable_rent
from spv_sim.spv.workout import (
    WorkoutTerms,
    claim_at_default,
    claim_payment,
    forced_share,
    is_down,
    is_forced,
    merchant_income,
    relet_month,
    sale_month,
    sale_price,
)


class AssetTerms(NamedTuple):
    """The units, who pays for them, and what becomes of them.

    opex_performing, opex_defaulted : (months + 1,) float64, the vehicle's cost while a lessee pays and
        while none does, as long as the units are owned [USD].
    """

    lease: LeaseTerms
    workout: WorkoutTerms
    opex_performing: Any
    opex_defaulted: Any


class AssetState(NamedTuple):
    """What a path remembers of the assets.

    default_month : month of the default on a lease in force.
    tenure : who holds the units until when.
    units : units held since the lessee's default, and before it as the contract has it [1].
    claim : on the lessee's estate [USD].
    index_rate : rate of the indexed hours [USD/GPU-hour].
    """

    default_month: Any
    tenure: Tenure
    units: Any
    claim: Any
    index_rate: Any


class Receipts(NamedTuple):
    """Cash in of a month from the assets and the operating costs that it has to bear [USD].

    payable : rent that falls due while the lessee performs, collected or not.
    purchase : price of units that the lessee buys.  bought : what they are worth on the market, no cash.
    termination : what it pays for ending the lease early.
    deposit : drawn on its security.
    """

    payable: Any
    rent: Any
    merchant: Any
    sale: Any
    purchase: Any
    bought: Any
    termination: Any
    guarantee: Any
    deposit: Any
    claim: Any
    opex: Any
    enforcement: Any


@jit
def cash_in(got: Receipts) -> Any:
    """All cash that the assets bring in the month [USD]."""
    sold = got.sale + got.purchase + got.termination
    return got.rent + got.merchant + sold + got.guarantee + got.deposit + got.claim


@jit
def paid_by_lessee(got: Receipts) -> Any:
    """What the lessee pays, or its estate, beyond the use and the units that it gets for it [USD].

    Rent buys use; a claim, the deposit and the fee for ending the lease buy nothing; units bought below the
    market's price are a gain.
    """
    return got.claim + got.deposit + got.termination + (got.purchase - got.bought)


@jit
def operating_cash(got: Receipts) -> Any:
    """Cash of the month from letting the units, after their costs [USD]."""
    return got.rent + got.merchant - got.opex - got.enforcement


@jit
def open_assets(terms: AssetTerms, template: Any) -> AssetState:
    """State at completion: a lease that nobody ends early, and that is not renewed."""
    lease = terms.lease
    relet_from = NEVER
    if lease.relet_months > 0:
        relet_from = 1.0 * (lease.contract_end + 1 + lease.relet_after)
    return AssetState(
        default_month=like(template, NEVER),
        tenure=Tenure(
            sold_in=like(template, 1.0 * lease.last_month),
            relet_from=like(template, relet_from),
            renewed_until=like(template, 0.0),
            renewal_rate=like(template, 0.0),
        ),
        units=like(template, lease.units[0]),
        claim=like(template, 0.0),
        index_rate=like(template, lease.rent_index.first_rate),
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
    relet = (state.tenure.relet_from <= month) & (state.tenure.sold_in >= month)
    forced = is_forced(terms.workout, month, state.default_month)
    return any_of((default_month == month) | relet | forced | (state.tenure.sold_in == month))


@jit
def cash_to_come(terms: AssetTerms, month: int, default_month: Any, state: AssetState) -> Any:
    """Whether the units are still owned or a claim is still open."""
    claim_open = (default_month < NEVER) & (default_month + terms.workout.claim_lag >= month)
    return claim_open | (state.tenure.sold_in >= month)


@jit
def is_disposed_of(state: AssetState, month: int) -> Any:
    """Whether the units are gone without a default: bought, or sold when the lease has ended."""
    return (state.tenure.sold_in <= month) & (state.default_month >= NEVER)


@jit
def units_sold(
    terms: AssetTerms, month: int, performing: Any, forced: Any, choice: Choice, state: AssetState
) -> Any:
    """Units that the vehicle sells in the month to others than the lessee."""
    lease = terms.lease
    whole = where(state.tenure.sold_in == month, state.units, 0.0)
    part = forced_share(terms.workout, month, state.default_month, state.tenure.sold_in)
    sold = where(forced, part * state.units, whole)
    if not may_choose(lease, month):
        return sold
    if lease.relet_months == 0 and lease.renewal.months == 0:
        sold = where(performing & invert(choice.terminates), lease.returned[month], sold)
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
    returned = terms.lease.returned[month]
    if guarantee.of_lessee:
        units = where(unsold & performing, returned, 0.0)
    else:
        units = where(unsold, where(performing, returned, terms.workout.units_kept * returned), 0.0)
    if guarantee.on_default:
        units = where(forced, sold, units)
    return units * shortfall_paid(guarantee, month, market)


@jit
def rent_of_month(
    lease: LeaseTerms, month: int, billed: Any, market: Market, before: Tenure, units: Any
) -> Any:
    """Rent that falls due in the month while the lessee performs: of the contract, or of a renewal [USD]."""
    if month > lease.contract_end:
        rent = before.renewal_rate * lease.renewal.hours * units
        return where(before.renewed_until >= month, rent, 0.0)
    return payable_rent(lease, month, billed, market.utilisation)


@jit
def meet_default(
    terms: AssetTerms, month: int, last_month: int, running: Any, market: Market, before: AssetState
) -> tuple[AssetState, Any]:
    """State after a default on the lease in the month, if there is one, and what it draws of the deposit."""
    lease, workout = terms.lease, terms.workout
    held = where(before.default_month < month, before.units, lease.units[month])
    index_rate = reset_rate(lease.rent_index, month, before.index_rate, market)
    new = running & (market.default_month == month) & (before.default_month > month)
    if not any_of(new):
        state = AssetState(before.default_month, before.tenure, held, before.claim, index_rate)
        return state, like(held, 0.0)
    default_month = where(new, 1.0 * month, before.default_month)
    units = where(new, workout.units_kept * held, held)
    owed, drawn = claim_at_default(workout, month, units, lease.deposit, market)
    sold_in = sale_month(workout, lease.last_month, last_month, default_month)
    relet_from = relet_month(workout, lease.last_month, default_month)
    tenure = Tenure(
        sold_in=where(new, sold_in, before.tenure.sold_in),
        relet_from=where(new, relet_from, before.tenure.relet_from),
        renewed_until=before.tenure.renewed_until,
        renewal_rate=before.tenure.renewal_rate,
    )
    state = AssetState(default_month, tenure, units, where(new, owed, before.claim), index_rate)
    return state, where(new, drawn, 0.0)


@jit
def run_assets(
    terms: AssetTerms, month: int, last_month: int, market: Market, before: AssetState
) -> tuple[AssetState, Receipts]:
    """The assets' month: default first, then the lessee's choice, then what both bring in."""
    lease, workout = terms.lease, terms.workout
    running = in_force(lease, month, market, before.tenure)
    met, deposit = meet_default(terms, month, last_month, running, market, before)
    performing = running & (met.default_month > month)
    choice = choose(lease, month, performing, market, met.tenure)
    tenure = settle_choice(lease, month, performing, choice, market, met.tenure)
    state = AssetState(met.default_month, tenure, met.units, met.claim, met.index_rate)

    owned = tenure.sold_in >= month
    forced = owned & is_forced(workout, month, state.default_month)
    sold = units_sold(terms, month, performing, forced, choice, state)
    sale = sold * sale_price(workout, forced, sold, market)
    billed = billed_rate(lease.rent_index, before.index_rate, state.index_rate)
    payable = rent_of_month(lease, month, billed, market, before.tenure, state.units)
    price, bought, ended = like(sale, 0.0), like(sale, 0.0), like(sale, 0.0)
    if may_choose(lease, month):
        units = where(choice.buys, lease.returned[month], 0.0)
        price, bought = units * purchase_price(lease.purchase, market), units * market.price
        ended = where(choice.terminates, termination_payment(lease.termination, month, sale), 0.0)
    relet = merchant_income(workout, month, tenure.relet_from, state.units, market)
    opex = where(performing, terms.opex_performing[month], terms.opex_defaulted[month])
    down = owned & is_down(workout, month, state.default_month)
    return state, Receipts(
        payable=payable,
        rent=where(performing, payable, 0.0),
        merchant=where(owned, relet, 0.0),
        sale=sale,
        purchase=price,
        bought=bought,
        termination=ended,
        guarantee=guarantee_payment(terms, month, performing, forced, sold, choice, market, state),
        deposit=deposit,
        claim=claim_payment(workout, month, last_month, state.claim, state.default_month),
        opex=where(owned, opex, 0.0),
        enforcement=where(down, workout.enforcement_cost, 0.0),
    )

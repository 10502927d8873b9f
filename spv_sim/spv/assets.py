"""The assets' month: who holds the units, what they bring in, and the costs that they bring with them."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, invert, like, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.best_workout import choose_workout
from spv_sim.spv.book import FORCED_SALE, Book, read
from spv_sim.spv.choice import Choice, Tenure, choose, in_force, may_choose, settle_choice
from spv_sim.spv.end_of_term import purchase_price, termination_payment
from spv_sim.spv.guarantee import shortfall_paid
from spv_sim.spv.index import billed_rate, reset_rate
from spv_sim.spv.lease import LeaseTerms, payable_rent
from spv_sim.spv.lease_phase import follow_phase
from spv_sim.spv.lessee_default import DefaultTerms, contract_rate, live_through_default, open_default
from spv_sim.spv.receipts import Receipts
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
    default: DefaultTerms
    workout: WorkoutTerms
    opex_performing: Any
    opex_defaulted: Any


class AssetState(NamedTuple):
    """What a path remembers of the assets.

    default_month : month of the default on a lease in force.  rejected_in : the same, where that ends it.
    tenure : who holds the units until when.
    units : units held since a rejection, and before it as the contract has it [1].
    claim : on the lessee's estate [USD].
    index_rate : rate of the indexed hours [USD/GPU-hour].
    """

    default_month: Any
    rejected_in: Any
    tenure: Tenure
    units: Any
    claim: Any
    index_rate: Any


@jit
def open_assets(terms: AssetTerms, template: Any) -> AssetState:
    """State at completion: a lease that nobody ends early, and that is not renewed."""
    lease = terms.lease
    relet_from = NEVER
    if lease.relet_months > 0:
        relet_from = 1.0 * (lease.contract_end + 1 + lease.relet_after)
    return AssetState(
        default_month=like(template, NEVER),
        rejected_in=like(template, NEVER),
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
def units_sold(
    terms: AssetTerms, month: int, performing: Any, forced: Any, choice: Choice, state: AssetState
) -> Any:
    """Units that the vehicle sells in the month to others than the lessee."""
    lease = terms.lease
    whole = where(state.tenure.sold_in == month, state.units, 0.0)
    part = forced_share(terms.workout, month, state.rejected_in, state.tenure.sold_in)
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
def rate_of_month(terms: AssetTerms, month: int, index_rate: Any, state: AssetState) -> Any:
    """Rate of a GPU-hour by the lease, 0 where it is not to be renegotiated [USD/GPU-hour].

    A rate agreed on before the contract's end says nothing about a renewal.
    """
    if month > terms.lease.contract_end:
        late = state.default_month > 1.0 * terms.lease.contract_end
        return where(late, state.tenure.renewal_rate, 0.0)
    return contract_rate(terms.default, month, index_rate)


@jit
def meet_default(
    terms: AssetTerms,
    month: int,
    last_month: int,
    running: Any,
    market: Market,
    before: AssetState,
    book: Book,
) -> tuple[AssetState, Any]:
    """State after a default on the lease in the month, if there is one, and what it draws of the deposit."""
    lease, workout = terms.lease, terms.workout
    held = where(before.rejected_in < month, before.units, lease.units[month])
    index_rate = reset_rate(lease.rent_index, month, before.index_rate, market)
    new = running & (market.default_month == month) & (before.default_month > month)
    if not any_of(new):
        state = AssetState(
            before.default_month, before.rejected_in, before.tenure, held, before.claim, index_rate
        )
        return state, like(held, 0.0)
    default_month = where(new, 1.0 * month, before.default_month)
    defaulted = AssetState(default_month, before.rejected_in, before.tenure, held, before.claim, index_rate)
    billed = billed_rate(lease.rent_index, before.index_rate, index_rate)
    rate = rate_of_month(terms, month, billed, defaulted)
    rejected = open_default(terms.default, month, last_month, new, rate, market, book)
    new = rejected == month
    rejected_in = minimum(before.rejected_in, rejected)
    units = where(new, workout.units_kept * held, held)
    owed, drawn = claim_at_default(workout, month, units, lease.deposit, market)
    sold_in = sale_month(workout, lease.last_month, last_month, rejected_in)
    relet_from = relet_month(workout, lease.last_month, rejected_in)
    tenure = Tenure(
        sold_in=where(new, sold_in, before.tenure.sold_in),
        relet_from=where(new, relet_from, before.tenure.relet_from),
        renewed_until=before.tenure.renewed_until,
        renewal_rate=before.tenure.renewal_rate,
    )
    claim = where(new, owed, before.claim)
    return AssetState(default_month, rejected_in, tenure, units, claim, index_rate), where(new, drawn, 0.0)


@jit
def run_assets(
    terms: AssetTerms, month: int, last_month: int, market: Market, before: AssetState, book: Book
) -> tuple[AssetState, Receipts]:
    """The assets' month: default first, then the lessee's choice, then what both bring in."""
    lease, workout = terms.lease, terms.workout
    running = in_force(lease, month, market, before.tenure)
    met, deposit = meet_default(terms, month, last_month, running, market, before, book)
    performing = running & (met.rejected_in > month)
    choice = choose(lease, month, performing, market, met.tenure)
    tenure = settle_choice(lease, month, performing, choice, market, met.tenure)

    if workout.chooses and any_of(met.rejected_in + workout.downtime == month):
        tenure = choose_workout(
            workout,
            month,
            lease.last_month,
            last_month,
            met.rejected_in,
            met.units,
            market,
            tenure,
            book,
        )
    owned = tenure.sold_in >= month
    forced = owned & is_forced(workout, month, met.rejected_in)
    if workout.chooses:
        forced = forced & (read(book, FORCED_SALE) > 0.0)
    down = owned & is_down(workout, month, met.rejected_in)
    held = AssetState(met.default_month, met.rejected_in, tenure, met.units, met.claim, met.index_rate)
    sold = units_sold(terms, month, performing, forced, choice, held)
    sale = sold * sale_price(workout, forced, sold, market)
    billed = billed_rate(lease.rent_index, before.index_rate, met.index_rate)
    payable = rent_of_month(lease, month, billed, market, before.tenure, met.units)
    rent, arrears, support = where(performing, payable, 0.0), like(sale, 0.0), like(sale, 0.0)
    if any_of(met.default_month <= month):
        relet = owned & (tenure.relet_from <= month)
        follow_phase(month, met.default_month, met.rejected_in, down, forced, relet, book)
        if terms.default.active:
            rate = rate_of_month(terms, month, billed, met)
            rent, arrears, deposit, support = live_through_default(
                terms.default,
                month,
                running,
                payable,
                rate,
                met.default_month,
                met.rejected_in,
                met.claim,
                deposit,
                market,
                book,
            )
    owed = met.claim - support
    claim = claim_payment(workout, month, last_month, owed, met.rejected_in, market)
    state = AssetState(met.default_month, met.rejected_in, tenure, met.units, owed - claim, met.index_rate)
    price, bought, ended = like(sale, 0.0), like(sale, 0.0), like(sale, 0.0)
    if may_choose(lease, month):
        units = where(choice.buys, lease.returned[month], 0.0)
        price, bought = units * purchase_price(lease.purchase, market), units * market.price
        ended = where(choice.terminates, termination_payment(lease.termination, month, sale), 0.0)
    relet = merchant_income(workout, month, tenure.relet_from, state.units, market)
    opex = where(performing, terms.opex_performing[month], terms.opex_defaulted[month])
    return state, Receipts(
        payable=payable,
        rent=rent,
        arrears=arrears,
        support=support,
        merchant=where(owned, relet, 0.0),
        sale=sale,
        purchase=price,
        bought=bought,
        termination=ended,
        guarantee=guarantee_payment(terms, month, performing, forced, sold, choice, market, state),
        deposit=deposit,
        for_claim=where(met.rejected_in <= month, deposit + support, 0.0),
        claim=claim,
        opex=where(owned, opex, 0.0),
        enforcement=where(down, workout.falls[month] * workout.enforcement_cost, 0.0),
    )

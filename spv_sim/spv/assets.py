"""The assets' month: who holds the units, what they bring in, and the costs that they bring with them."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, invert, like, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.asset_terms import AssetState, AssetTerms
from spv_sim.spv.best_workout import choose_workout
from spv_sim.spv.book import FORCED_SALE, SPARES_COST, Book, read
from spv_sim.spv.casualty import suffer_casualties
from spv_sim.spv.choice import Tenure, choose, in_force, may_choose, settle_choice
from spv_sim.spv.end_of_term import purchase_price, termination_payment
from spv_sim.spv.fleet import remove_units, run_failures
from spv_sim.spv.fleet_return import pay_for_missing, units_at_work
from spv_sim.spv.index import IndexRates, billed_rate, reset_rates
from spv_sim.spv.lease_phase import follow_phase
from spv_sim.spv.lessee_default import contract_rate, live_through_default, open_default
from spv_sim.spv.proceeds import guarantee_payment, rent_of_month, units_sold
from spv_sim.spv.receipts import Receipts
from spv_sim.spv.workout import (
    claim_at_default,
    claim_payment,
    is_down,
    is_forced,
    merchant_income,
    relet_month,
    sale_month,
    sale_price,
    unsold_share,
)


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
        index_rates=IndexRates(
            now=like(template, lease.rent_index.first_rate),
            before=like(template, lease.rent_index.first_rate),
        ),
    )


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
    held = where(before.rejected_in <= month, before.units, lease.units[month])
    index_rates = reset_rates(lease.rent_index, month, before.index_rates, market)
    new = running & (market.default_month == month) & (before.default_month > month)
    if not any_of(new):
        state = AssetState(
            before.default_month, before.rejected_in, before.tenure, held, before.claim, index_rates
        )
        return state, like(held, 0.0)
    default_month = where(new, 1.0 * month, before.default_month)
    defaulted = AssetState(default_month, before.rejected_in, before.tenure, held, before.claim, index_rates)
    billed = billed_rate(lease.rent_index, month, index_rates)
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
    return AssetState(default_month, rejected_in, tenure, units, claim, index_rates), where(new, drawn, 0.0)


@jit
def run_assets(
    terms: AssetTerms, month: int, last_month: int, market: Market, before: AssetState, book: Book
) -> tuple[AssetState, Receipts]:
    """The assets' month: casualties, failures, default, the lessee's choice, and what all of it brings in."""
    lease, workout = terms.lease, terms.workout
    running = in_force(lease, month, market, before.tenure)
    insurance = like(before.units, 0.0)
    if terms.fleet.active:
        leased, owns = running & (before.rejected_in >= NEVER), before.tenure.sold_in >= month
        if terms.fleet.suffers:
            insurance = suffer_casualties(terms.fleet, terms.insurance, month, last_month, owns, market, book)
        run_failures(terms.fleet, month, leased, owns, market.failures, book)
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
    none = like(before.units, 0.0)
    owned, rejected = tenure.sold_in >= month, met.rejected_in <= month
    any_rejected = any_of(rejected)
    forced = down = none > 0.0
    if any_rejected:
        forced = owned & is_forced(workout, month, met.rejected_in)
        if workout.chooses:
            forced = forced & (read(book, FORCED_SALE) > 0.0)
        down = owned & is_down(workout, month, met.rejected_in)
    held = AssetState(met.default_month, met.rejected_in, tenure, met.units, met.claim, met.index_rates)
    units = units_at_work(terms.fleet, met.units, lease.returned[month], book)
    sold = sale = none
    if may_choose(lease, month) or any_of(forced | (tenure.sold_in == month)):
        sold = units_sold(terms, month, performing, forced, choice, held, units)
        spares = where((tenure.sold_in == month) & invert(choice.buys), units.spares, 0.0)
        sale = (sold + spares) * sale_price(workout, forced, sold, market)
    billed = billed_rate(lease.rent_index, month, met.index_rates)
    payable = rent_of_month(terms, month, billed, market, before.tenure, units)
    rent, arrears, support = where(performing, payable, 0.0), none, none
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
    left, claim, for_claim, enforcement = met.claim, none, none, none
    if any_rejected:
        owed = where(rejected, met.claim - support, met.claim)
        claim = claim_payment(workout, month, last_month, owed, met.rejected_in, market)
        left = owed - claim
        for_claim = where(rejected, deposit + support, 0.0)
        enforcement = where(down, workout.falls[month] * workout.enforcement_cost, 0.0)
    state = AssetState(met.default_month, met.rejected_in, tenure, met.units, left, met.index_rates)
    price = bought = ended = none
    if may_choose(lease, month):
        going = where(choice.buys, units.returned, 0.0)
        price, bought = going * purchase_price(lease.purchase, market), going * market.price
        ended = where(choice.terminates, termination_payment(lease.termination, month, sale), 0.0)
    merchant = none
    if any_of(tenure.relet_from <= month):
        let = merchant_income(workout, month, tenure.relet_from, units.held, market)
        merchant = where(owned, let, 0.0)
    opex = where(performing, terms.opex_performing[month], terms.opex_defaulted[month])
    missing = pay_for_missing(terms.fleet, lease, month, performing, choice, before.tenure, book)
    spares_cost = none
    if terms.fleet.active:
        spares_cost = read(book, SPARES_COST)
        kept = where(met.rejected_in == month, workout.units_kept, 1.0)
        rest = unsold_share(workout, month, forced, tenure.sold_in, met.rejected_in)
        expired = performing & (like(sale, 1.0 * lease.contract_end) > month)
        remove_units(terms.fleet, month, kept * rest, expired, book)
    return state, Receipts(
        payable=payable,
        rent=rent,
        arrears=arrears,
        support=support,
        merchant=merchant,
        sale=sale,
        purchase=price,
        bought=bought,
        termination=ended,
        missing=missing,
        insurance=insurance,
        guarantee=guarantee_payment(
            terms, month, performing, forced, sold, choice, market, state, units.returned
        ),
        deposit=deposit,
        for_claim=for_claim,
        claim=claim,
        opex=where(owned, opex, 0.0),
        enforcement=enforcement,
        spares=spares_cost,
    )

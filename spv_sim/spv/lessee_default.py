"""What becomes of a lease in default: cured, assumed, renegotiated or rejected; and who pays until then."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import absolute, any_of, like, maximum, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.book import (
    BREACH,
    CURED_IN,
    DEPOSIT_LEFT,
    NEW_RATE,
    OUTCOME,
    RENT_DUE,
    RENT_GUARANTEE_LEFT,
    RENT_GUARANTEE_PAID,
    RENT_MET,
    RENT_OWED,
    RENT_WAIVED,
    Book,
    add,
    read,
    write,
)

REINSTATED, ASSUMED, RENEGOTIATED, REJECTED = 1, 2, 3, 4
"""Outcomes of a default; 0 is none."""


class DefaultTerms(NamedTuple):
    """What a default leads to.

    active : whether anything but a rejection without a guarantor can happen.
    reinstated, assumed, renegotiated : P(outcome up to this one), in this order [1].
    by_rent : whether the lease is assumed where its rent is no more than it is worth, instead of by lot.
    essentiality : what the units are worth to the lessee above the market rate, in that choice [1].
    otherwise : the outcome where the rent is more than that.
    cure_months, stay_months, talk_months : from the default to the cure, assumption or new rate.
    administrative_after : months from the default after which rent is paid during the stay.
    late_rate : interest of a month on rent that is cured late [1].
    premium : of a renegotiated rate over the market rate [1].
    market_cost : taken off the market rate before it is compared with the contract's [USD/GPU-hour].
    hourly, index_weight : (months + 1,) float64, contract rate of an hour = hourly + weight x index rate
        [USD/GPU-hour, 1].
    guaranteed : whether a guarantor pays rent.
    values_open : whether what is cured after the last month is paid in it; else it is lost.
    stops_draws : whether a default before completion may leave fewer units than the contract has.
    """

    active: bool
    reinstated: float
    assumed: float
    renegotiated: float
    by_rent: bool
    essentiality: float
    otherwise: float
    cure_months: float
    stay_months: float
    talk_months: float
    administrative_after: float
    late_rate: float
    premium: float
    market_cost: float
    hourly: Any
    index_weight: Any
    guaranteed: bool
    values_open: bool
    stops_draws: bool


class DefaultCash(NamedTuple):
    """Rent of the month, rent of earlier months, and what is drawn of the lessee's security [USD]."""

    rent: Any
    arrears: Any
    deposit: Any
    support: Any


@jit
def contract_rate(terms: DefaultTerms, month: int, index_rate: Any) -> Any:
    """Rate of a GPU-hour under the original contract [USD/GPU-hour]."""
    return terms.hourly[month] + terms.index_weight[month] * index_rate


@jit
def net_market_rate(terms: DefaultTerms, market: Market) -> Any:
    """Market rate on the contract's terms: net of the costs that a triple-net lessee bears [USD/GPU-hour]."""
    return maximum(market.lease_rate - terms.market_cost, 0.0)


@jit
def outcome_of(terms: DefaultTerms, rate: Any, market: Market) -> Any:
    """The outcome of a default in the month, by lot or by the contract's rate. Source: model 4.10, 6.4."""
    if terms.by_rent:
        worth = (1.0 + terms.essentiality) * net_market_rate(terms, market)
        return where(rate <= worth, 1.0 * ASSUMED, terms.otherwise)
    lot = market.contract.outcome
    outcome = where(lot < terms.renegotiated, 1.0 * RENEGOTIATED, 1.0 * REJECTED)
    outcome = where(lot < terms.assumed, 1.0 * ASSUMED, outcome)
    return where(lot < terms.reinstated, 1.0 * REINSTATED, outcome)


@routine
def open_default(
    terms: DefaultTerms, month: int, last_month: int, new: Any, rate: Any, market: Market, book: Book
) -> Any:
    """Settle what becomes of leases on which the lessee defaults now; month of rejection, else `NEVER`."""
    outcome = outcome_of(terms, rate, market)
    months = where(outcome == 1.0 * REINSTATED, terms.cure_months, terms.stay_months)
    months = where(outcome == 1.0 * RENEGOTIATED, terms.talk_months, months)
    cured_in = 1.0 * month + months
    if terms.values_open:
        cured_in = minimum(cured_in, 1.0 * last_month)
    rejected = outcome == 1.0 * REJECTED
    write(book, OUTCOME, where(new, outcome, read(book, OUTCOME)))
    write(book, CURED_IN, where(new, where(rejected, NEVER, cured_in), read(book, CURED_IN)))
    return where(new & rejected, 1.0 * month, NEVER)


@jit
def settle_rate(terms: DefaultTerms, settles: Any, market: Market, book: Book) -> None:
    """Fix the rate of leases whose talks end in the month."""
    if any_of(settles):
        asked = (1.0 + terms.premium) * net_market_rate(terms, market)
        write(book, NEW_RATE, where(settles, asked, read(book, NEW_RATE)))


@jit
def pay_from(cell: int, wanted: Any, book: Book) -> Any:
    """Take up to the wanted amount out of a security."""
    left = read(book, cell)
    taken = minimum(maximum(wanted, 0.0), left)
    write(book, cell, left - taken)
    return taken


@routine
def live_through_default(
    terms: DefaultTerms,
    month: int,
    running: Any,
    payable: Any,
    rate: Any,
    default_month: Any,
    rejected_in: Any,
    claim: Any,
    drawn: Any,
    market: Market,
    book: Book,
) -> DefaultCash:
    """Rent of a month on the paths whose lessee has defaulted by it, and the rent of all others.

    running : whether the lease has not ended by itself.  payable, rate : rent of the contract in the month,
    and of an hour.  claim : on the estate, before the guarantor pays.  drawn : of the deposit for that claim.

    A guarantor that has not failed pays what of the contract's rent the lessee does not, up to its cap and,
    after a rejection, to the claim. What deposit and guarantor have paid the lessee owes to them.

    Source: model 4.8, 4.10, 6.3, 10.2.
    """
    defaulted, rejected = default_month <= month, rejected_in <= month
    kept = defaulted & (rejected_in >= NEVER)
    outcome, cured_in = read(book, OUTCOME), read(book, CURED_IN)
    settle_rate(terms, kept & (outcome == 1.0 * RENEGOTIATED) & (cured_in == month), market, book)
    agreed = read(book, NEW_RATE)
    share = where(kept & (agreed < rate), agreed / where(rate > 0.0, rate, 1.0), 1.0)

    asked = where(rejected | (kept & running), payable, 0.0)
    due = asked * share
    in_stay = (outcome == 1.0 * ASSUMED) & (default_month + terms.administrative_after <= month)
    pays = kept & ((cured_in <= month) | in_stay)
    rent = where(defaulted, where(pays, due, 0.0), where(running, payable, 0.0))
    unpaid = where(kept, due - where(pays, due, 0.0), 0.0)
    deposit = drawn
    if any_of(kept):
        deposit = drawn + where(kept, pay_from(DEPOSIT_LEFT, unpaid, book), 0.0)
    support = like(due, 0.0)
    if terms.guaranteed:
        alive = defaulted & (market.contract.lessee_guarantor_month > month)
        wanted = where(rejected, minimum(due, claim), unpaid - deposit)
        support = pay_from(RENT_GUARANTEE_LEFT, where(alive, wanted, 0.0), book)
        add(book, RENT_GUARANTEE_PAID, support)

    opening = read(book, RENT_OWED)
    late = where(outcome == 1.0 * REINSTATED, terms.late_rate * opening, 0.0)
    met_elsewhere = where(kept, deposit + support, 0.0)
    owed = opening + late + maximum(unpaid - met_elsewhere, 0.0)
    cures = kept & (cured_in == month)
    arrears = where(cures, owed * share, 0.0)
    waived = where(cures, owed - arrears, 0.0) + asked - due
    write(book, RENT_OWED, where(cures, 0.0, owed))
    add(book, RENT_WAIVED, waived)
    add(book, RENT_DUE, asked + late)
    add(book, RENT_MET, where(defaulted, rent, 0.0) + arrears + deposit + support)
    breach = where(kept, absolute(read(book, RENT_DUE) - settled_rent(book)), 0.0)
    write(book, BREACH, maximum(read(book, BREACH), breach))
    return DefaultCash(rent, arrears, deposit, support)


@jit
def settled_rent(book: Book) -> Any:
    """Model I9: rent since the default that is collected, waived or still owed [USD]."""
    return read(book, RENT_MET) + read(book, RENT_WAIVED) + read(book, RENT_OWED)

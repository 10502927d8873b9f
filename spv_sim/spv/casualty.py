"""Casualty and insurance: units that an accident destroys, and what the insurer pays for them."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, like, maximum, where
from spv_sim.market.casualty import draw_casualties
from spv_sim.market.market import Market
from spv_sim.spv.book import ALL_LOST, UNITS_DESTROYED, Book, add, read, write
from spv_sim.spv.fleet import DESTROYED, WORKING, FleetTerms, cohort_cell


class InsuranceTerms(NamedTuple):
    """What the insurer pays.

    agreed_value : (months + 1,) float64, least that a destroyed H100-equivalent is insured for: its
        stipulated loss value, or its book value [USD].
    replacement : of a unit's resale price, what replacing it costs; 0 where that is not insured [1].
    deductible : of each casualty, borne by the vehicle [USD].  insured : 1, or 0 without insurance.
    lag : months from the casualty to the payment.
    open_cell : where claims not yet paid stand in the book; behind it, those of each month of payment.
    """

    agreed_value: Any
    replacement: float
    deductible: float
    insured: float
    lag: int
    open_cell: int


@routine
def suffer_casualties(
    fleet: FleetTerms,
    terms: InsuranceTerms,
    month: int,
    last_month: int,
    owned: Any,
    market: Market,
    book: Book,
) -> Any:
    """Destroy the month's share of the units that work, and collect what is insured [USD].

    What is still open in the last month is paid in it.

    Limits: spares and units under repair are elsewhere; nothing that is destroyed is bought again.
    Source: model 5.6: max(stipulated loss value, replacement) - deductible, after a lag.
    """
    draws, none = market.failures, like(book.template, 0.0)
    count, left = draw_casualties(draws.terms.casualty, month, draws.seed, draws.path, none)
    gone = where(owned, 1.0 - left, 0.0)
    number, weighed = none, none
    write(book, UNITS_DESTROYED, none)
    if any_of(gone > 0.0):
        for cohort in range(len(fleet.units)):
            at = cohort_cell(fleet, cohort, WORKING)
            working = read(book, at)
            lost = gone * working
            write(book, at, working - lost)
            add(book, cohort_cell(fleet, cohort, DESTROYED), lost)
            number, weighed = number + lost, weighed + fleet.weight[cohort] * lost
        write(book, UNITS_DESTROYED, number)
        add(book, ALL_LOST, number)
    value = maximum(like(none, terms.agreed_value[month]), terms.replacement * market.price)
    claim = terms.insured * maximum(weighed * value - count * terms.deductible, 0.0)
    paid = claim
    if terms.lag > 0:
        ring = terms.open_cell + 1 + month % terms.lag
        paid = read(book, ring)
        write(book, ring, claim)
    unpaid = maximum(read(book, terms.open_cell) + claim - paid, 0.0)
    if month == last_month:
        paid, unpaid = paid + unpaid, none
    write(book, terms.open_cell, unpaid)
    return paid


@jit
def claims_open(terms: InsuranceTerms, book: Book) -> Any:
    """Whether the insurer still owes anything."""
    return read(book, terms.open_cell) > 0.0

"""The fleet: which units work, who replaces those that fail, and what that costs."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import absolute, any_of, invert, like, maximum, minimum, where
from spv_sim.market.failures import Failures, draw_failures, shock_of
from spv_sim.spv.book import (
    ALL_LOST,
    MONTHS_HELD,
    MONTHS_WORKED,
    RETURNED_SHARE,
    SPARES,
    SPARES_COST,
    SPARES_ORDERED,
    UNITS_BREACH,
    UNITS_DESTROYED,
    UNITS_FAILED,
    UNITS_LOST,
    UNITS_MISSING,
    UNITS_REPLACED,
    UNITS_RETURNING,
    UNITS_WORKING,
    WORKING_SHARE,
    Book,
    add,
    read,
    write,
)

# Of each cohort: its units that work, as many as would if none had failed, and those that casualties have
# destroyed.
WORKING, WHOLE, DESTROYED = 0, 1, 2
# Behind them: units under way, in a ring by the month of their return.
RETURNING = 3


class FleetTerms(NamedTuple):
    """The units in cohorts: delivered together, leased to the same month, of one generation.

    active : whether units fail or casualties destroy them.
    suffers : whether casualties do.
    counts_leased : whether failures of leased units are counted: because the vehicle bears them, the rent
        abates, or the lessee pays for what is missing at the end.
    triple_net : whether a performing lessee bears them.
    lessee_replaces : whether it then replaces every unit, so that the contract's number comes back.
    abates : whether the rent abates by the units that do not work.
    missing_value : what the lessee pays for a missing H100-equivalent at the end [USD].
    first_cell, stride : where the cohorts' cells begin in the book, and how many each has.
    units, weight : (cohorts,) float64, number of units and H100-equivalents of one of them.
    delivered, ends : (cohorts,) int64, months of delivery and of the end of the lease.
    warranty, lag : months of age up to which a unit is replaced free, and until the replacement works.
    spares : H100-equivalents up to which the vehicle orders spares.
    spare_lag : months from order to delivery.  spare_cost : of an H100-equivalent [USD].
    """

    active: bool
    suffers: bool
    counts_leased: bool
    triple_net: bool
    lessee_replaces: bool
    abates: bool
    missing_value: float
    first_cell: int
    stride: int
    units: Any
    weight: Any
    delivered: Any
    ends: Any
    warranty: int
    lag: int
    spares: float
    spare_lag: int
    spare_cost: float


@jit
def cohort_cell(terms: FleetTerms, cohort: int, cell: int) -> int:
    """Where a cell of a cohort stands in the book."""
    return terms.first_cell + cohort * terms.stride + cell


@jit
def order_cell(terms: FleetTerms, month: int) -> int:
    """Where the spares stand that are delivered in a month: in a ring behind the cohorts."""
    return terms.first_cell + len(terms.units) * terms.stride + month % terms.spare_lag


@jit
def receive_spares(terms: FleetTerms, month: int, vehicle: Any, owned: Any, book: Book) -> None:
    """Spares that come in, and the first stock, bought at once where the vehicle begins to bear failures."""
    ordered, held = read(book, SPARES_ORDERED), read(book, SPARES)
    delivered = where(owned, read(book, order_cell(terms, month)), 0.0)
    first = where(vehicle, maximum(terms.spares - held - ordered, 0.0), 0.0)
    write(book, SPARES_ORDERED, maximum(ordered - delivered, 0.0))
    write(book, SPARES, held + delivered + first)
    write(book, SPARES_COST, terms.spare_cost * (delivered + first))


@jit
def order_spares(terms: FleetTerms, month: int, vehicle: Any, book: Book) -> None:
    """Order what the month took from the stock."""
    lacking = maximum(terms.spares - read(book, SPARES) - read(book, SPARES_ORDERED), 0.0)
    ordered = where(vehicle, lacking, 0.0)
    add(book, SPARES_ORDERED, ordered)
    write(book, order_cell(terms, month), ordered)


@jit
def fail_cohort(
    terms: FleetTerms,
    month: int,
    cohort: int,
    counted: Any,
    vehicle: Any,
    failures: Failures,
    shock: Any,
    book: Book,
) -> None:
    """A cohort's month: failures, replacement under warranty or by the lessee, from the spares, or none."""
    at, weight = cohort_cell(terms, cohort, WORKING), terms.weight[cohort]
    working, age = read(book, at), month - terms.delivered[cohort]
    failed = where(counted, draw_failures(failures, month, cohort, age, working, shock), 0.0)
    free = failed
    if age > terms.warranty:
        free = like(failed, 0.0)
        if terms.lessee_replaces:
            free = where(vehicle, 0.0, failed)
    stock = read(book, SPARES)
    taken = where(vehicle, minimum(failed - free, stock / weight), 0.0)
    write(book, SPARES, maximum(stock - weight * taken, 0.0))
    back = free
    if terms.lag > 0:
        ring = cohort_cell(terms, cohort, RETURNING + month % terms.lag)
        back = read(book, ring)
        write(book, ring, free)
    write(book, at, working - failed + back + taken)
    add(book, UNITS_FAILED, failed)
    add(book, UNITS_REPLACED, back + taken)
    add(book, UNITS_LOST, failed - free - taken)


@jit
def share_of(working: Any, whole: Any) -> Any:
    """Share of the units that work; 1 of none."""
    return where(whole > 0.0, working / maximum(whole, 1e-300), 1.0)


@jit
def count_units(terms: FleetTerms, month: int, book: Book) -> None:
    """Shares of the units that work, what is missing where leases end, and the units' identities.

    Source: model 5.7 (I10): units = units before - failed + replaced - destroyed, none below zero, and what
    failed is replaced, lost or under way.
    """
    none = like(book.template, 0.0)
    works, whole, works_now, whole_now, missing = none, none, none, none, none
    number, under_way, least = none, none, none
    for cohort in range(len(terms.units)):
        weight = terms.weight[cohort]
        here = read(book, cohort_cell(terms, cohort, WORKING))
        there = read(book, cohort_cell(terms, cohort, WHOLE))
        coming = none
        for i in range(terms.lag):
            coming = coming + read(book, cohort_cell(terms, cohort, RETURNING + i))
        works, whole = works + weight * here, whole + weight * there
        if terms.ends[cohort] == month:
            works_now, whole_now = works_now + weight * here, whole_now + weight * there
        if terms.ends[cohort] <= month:
            destroyed = read(book, cohort_cell(terms, cohort, DESTROYED))
            missing = missing + weight * maximum(there - here - coming - destroyed, 0.0)
        number, under_way = number + here, under_way + coming
        least = minimum(least, here)
    write(book, WORKING_SHARE, share_of(works, whole))
    write(book, RETURNED_SHARE, share_of(works_now, whole_now))
    write(book, UNITS_MISSING, missing)
    add(book, MONTHS_WORKED, works)
    add(book, MONTHS_HELD, whole)
    failed, replaced = read(book, UNITS_FAILED), read(book, UNITS_REPLACED)
    opening = read(book, UNITS_WORKING)
    if terms.suffers:
        opening = opening - read(book, UNITS_DESTROYED)
    roll = absolute(number - opening + failed - replaced)
    open_before = read(book, UNITS_RETURNING) + failed - replaced - read(book, UNITS_LOST)
    breach = maximum(maximum(roll, absolute(under_way - open_before)), -least)
    write(book, UNITS_BREACH, terms.spare_cost * breach)


@routine
def run_failures(
    terms: FleetTerms, month: int, leased: Any, owned: Any, failures: Failures, book: Book
) -> None:
    """The failures of a month and their replacement; `leased` is a lease that nobody has rejected up to then.

    Limits: a replacement is as old as the unit that it replaces; replacements under way when a lease is
    rejected still come; a lessee in default goes on repairing until then.
    Source: model 5.3, 5.4, 5.5.
    """
    counted, vehicle = owned, owned
    if not terms.counts_leased:
        counted = owned & invert(leased)
    if terms.triple_net:
        vehicle = owned & invert(leased)
    none = like(book.template, 0.0)
    write(book, UNITS_FAILED, none)
    write(book, UNITS_REPLACED, none)
    write(book, UNITS_LOST, none)
    write(book, SPARES_COST, none)
    if any_of(counted):
        if terms.spares > 0.0:
            receive_spares(terms, month, vehicle, owned, book)
        shock = shock_of(failures, month, none)
        for cohort in range(len(terms.units)):
            fail_cohort(terms, month, cohort, counted, vehicle, failures, shock, book)
        if terms.spares > 0.0:
            order_spares(terms, month, vehicle, book)
        add(book, ALL_LOST, read(book, UNITS_LOST))
    count_units(terms, month, book)


@routine
def remove_units(terms: FleetTerms, month: int, left: Any, ended: Any, book: Book) -> None:
    """Take out what leaves the vehicle: of every cohort but a share `left`, and where `ended` those of leases
    that end in the month; replacements under way go with their units.
    """
    number, under_way = like(left, 0.0), like(left, 0.0)
    for cohort in range(len(terms.units)):
        stays = left
        if terms.ends[cohort] == month:
            stays = where(ended, 0.0, left)
        for cell in range(terms.stride):
            at = cohort_cell(terms, cohort, cell)
            kept = stays * read(book, at)
            write(book, at, kept)
            if cell == WORKING:
                number = number + kept
            if cell >= RETURNING:
                under_way = under_way + kept
    write(book, UNITS_WORKING, number)
    write(book, UNITS_RETURNING, under_way)

"""Covenants: what a payment date is measured by, and what follows where a test fails."""

from __future__ import annotations

import math
from typing import Any

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import invert, like, maximum, where
from spv_sim.spv.book import (
    BACKING,
    BLOCKS,
    CASH,
    CFADS,
    COVERED,
    CURED_BY_EQUITY,
    CURED_FROM_CASH,
    CURED_FROM_TRAP,
    CURES_LEFT,
    CURES_OPEN,
    DATES_FAILED,
    DATES_PASSED,
    DEBT,
    DSRA,
    FAILS,
    FIRST_BREACH,
    HAS_BLOCKED,
    LETTER,
    MEASURED,
    N_COVENANT_CELLS,
    SWEEPS,
    TRAP,
    Book,
    add,
    cash_held,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.covenant_terms import (
    COLLATERAL,
    CONTRACT_COVER,
    FORWARD_DSCR,
    HISTORIC_DSCR,
    LIQUIDITY,
    REALISATION,
    CovenantTerms,
    Standing,
)
from spv_sim.spv.tranche import TrancheTerms, cover, scheduled_service, service_down_to


@routine
def over_window(first: int, slot: int, dates: int, value: Any, book: Book) -> Any:
    """Sum over the last dates after the oldest one's value has given way to the newest [USD]."""
    write(book, first + slot, value)
    total = like(value, 0.0)
    for i in range(dates):
        total = total + read(book, first + i)
    return total


@routine
def open_covenants(
    terms: CovenantTerms, tranche: TrancheTerms, month: int, date: int, standing: Standing, book: Book
) -> None:
    """Write what the date is measured by before anything is paid; `date` counts them from completion.

    Cover and realisation over a window are ratios of sums over its dates, or over those that there have
    been. The debt service of a date is that of its DSCR, so that principal in arrears counts on each date
    that it is due on. Of a lessee that has defaulted no more contract cash is expected: forward and contract
    cover are then zero. The shareholders cure nothing once the lessee has defaulted or the units are gone.
    Source: model 7.8, 13.3.
    """
    none = like(book.template, 0.0)
    write(book, COVERED, none + 1.0)
    for c in range(len(terms.kind)):
        cell = terms.cell[c]
        measured = like(book.template, math.nan)
        if terms.kind[c] == HISTORIC_DSCR:
            cash, service = read(book, CFADS), service_down_to(tranche, terms.rank[c], book)
            dates = terms.window[c]
            if dates > 1:
                ring, slot = cell + N_COVENANT_CELLS, date % dates
                cash = over_window(ring, slot, dates, cash, book)
                service = over_window(ring + dates, slot, dates, service, book)
            measured = cover(cash, service, invert(standing.in_default))
        elif terms.kind[c] == REALISATION:
            received, dates = read(book, cell + BACKING), terms.window[c]
            write(book, cell + BACKING, none)
            if dates > 1:
                received = over_window(cell + N_COVENANT_CELLS, date % dates, dates, received, book)
            promised = like(none, terms.amount[c, month])
            measured = cover(received, promised, invert(standing.in_default))
        elif terms.kind[c] == FORWARD_DSCR or terms.kind[c] == CONTRACT_COVER:
            write(book, cell + BACKING, where(standing.performing, terms.amount[c, month], 0.0))
        elif terms.kind[c] == LIQUIDITY:
            write(book, cell + BACKING, none)
        else:
            value = terms.price_share[c] * standing.price + terms.unit_value[c, month]
            backing = standing.units * value
            cures = where(standing.performing & (backing > 0.0), read(book, cell + CURES_LEFT), 0.0)
            write(book, cell + BACKING, backing)
            write(book, cell + CURES_OPEN, cures)
            for cured in (CURED_FROM_TRAP, CURED_FROM_CASH, CURED_BY_EQUITY):
                write(book, cell + cured, none)
        write(book, cell + MEASURED, measured)
        for effect in (FAILS, BLOCKS, HAS_BLOCKED, SWEEPS):
            write(book, cell + effect, none)


@routine
def collect(terms: CovenantTerms, rent: Any, book: Book) -> None:
    """Add a month's rent to what tests of realisation have counted since the last payment date."""
    for c in range(len(terms.kind)):
        if terms.kind[c] == REALISATION:
            add(book, terms.cell[c] + BACKING, rent)


@routine
def debt_down_to(tranche: TrancheTerms, rank: int, book: Book) -> Any:
    """What all tranches down to a rank are owed [USD]."""
    owed = like(book.template, 0.0)
    for i in range(len(tranche.rank)):
        if tranche.rank[i] <= rank:
            owed = owed + read(book, tranche_cell(i, DEBT))
    return owed


@routine
def net_debt(tranche: TrancheTerms, rank: int, book: Book) -> Any:
    """What all tranches down to a rank are owed beyond the debt service reserve [USD]."""
    return maximum(debt_down_to(tranche, rank, book) - read(book, DSRA), 0.0)


@routine
def liquidity(tranche: TrancheTerms, book: Book) -> Any:
    """Cash in all accounts, and what is left of letters of credit [USD]."""
    held = cash_held(book)
    for i in range(len(tranche.rank)):
        held = held + read(book, tranche_cell(i, LETTER))
    return held


@routine
def to_keep(terms: CovenantTerms, tranche: TrancheTerms, book: Book) -> Any:
    """What of cash and trap the tests of liquidity keep from the shareholders [USD]."""
    reserved = liquidity(tranche, book) - (read(book, CASH) + read(book, TRAP))
    kept = like(book.template, 0.0)
    for c in range(len(terms.kind)):
        if terms.kind[c] == LIQUIDITY:
            kept = maximum(kept, read(book, terms.cell[c] + BACKING) - reserved)
    return kept


@routine
def excess_debt(
    terms: CovenantTerms, tranche: TrancheTerms, c: int, month: int, tolerance: float, book: Book
) -> Any:
    """Debt beyond what the collateral of a covenant carries; dust counts as none [USD].

    Source: model 7.8, 0.7.
    """
    if month < terms.first_test[c]:
        return like(book.template, 0.0)
    net = net_debt(tranche, terms.rank[c], book)
    excess = net - terms.level[c, month] * read(book, terms.cell[c] + BACKING)
    return where(excess > tolerance, excess, 0.0)


@routine
def fails_test(
    terms: CovenantTerms,
    tranche: TrancheTerms,
    c: int,
    month: int,
    last_month: int,
    active: Any,
    tolerance: float,
    book: Book,
) -> Any:
    """Whether the covenant fails on the book as it stands; what has nothing to measure passes.

    On the last date all debt is due, so that nothing is measured against the collateral or ahead. Debt that
    is repaid, but for dust, has no test of the contract and keeps no cash back.
    """
    cell = terms.cell[c]
    if month < terms.first_test[c]:
        write(book, cell + MEASURED, like(book.template, math.nan))
        return book.template != book.template
    if terms.kind[c] == COLLATERAL:
        net, backing = net_debt(tranche, terms.rank[c], book), read(book, cell + BACKING)
        held = backing > 0.0
        ratio = where(held, net / where(held, backing, 1.0), where(net > tolerance, math.inf, 0.0))
        if month == last_month:
            ratio = like(net, math.nan)
        write(book, cell + MEASURED, where(active, ratio, math.nan))
        excess = excess_debt(terms, tranche, c, month, tolerance, book)
        return active & (excess > 0.0) & (ratio == ratio)
    if terms.kind[c] == FORWARD_DSCR:
        service = scheduled_service(tranche, terms.rank[c], month, terms.window[c], last_month, book)
        write(book, cell + MEASURED, cover(read(book, cell + BACKING), service, active))
    elif terms.kind[c] >= REALISATION:
        owed = active & (debt_down_to(tranche, terms.rank[c], book) > tolerance)
        measured = read(book, cell + MEASURED)
        if terms.kind[c] == CONTRACT_COVER:
            debt = debt_down_to(tranche, terms.rank[c], book)
            measured = cover(read(book, cell + BACKING), debt, owed)
        elif terms.kind[c] == LIQUIDITY:
            kept = like(book.template, terms.amount[c, month])
            if terms.window[c] > 0:
                ahead = scheduled_service(tranche, terms.rank[c], month, terms.window[c], last_month, book)
                kept = maximum(kept, ahead)
            kept = where(owed, kept, 0.0)
            write(book, cell + BACKING, kept)
            measured = cover(liquidity(tranche, book), kept, owed)
        if month == last_month:
            measured = like(measured, math.nan)
        write(book, cell + MEASURED, where(owed, measured, math.nan))
    return active & (read(book, cell + MEASURED) < terms.level[c, month])


@routine
def apply_covenants(
    terms: CovenantTerms,
    tranche: TrancheTerms,
    month: int,
    last_month: int,
    active: Any,
    tolerance: float,
    of_sweep: bool,
    book: Book,
) -> None:
    """Write what failing covenants do to the steps that name them: sweep a share, or block the payment.

    On the last date nothing is held back: what is left would come to nobody. Source: model 9.2.
    """
    for c in range(len(terms.kind)):
        effect, value = BLOCKS, 1.0 * (terms.blocks[c] and month != last_month)
        if of_sweep:
            effect, value = SWEEPS, terms.sweeps[c]
        if value > 0.0:
            fails = fails_test(terms, tranche, c, month, last_month, active, tolerance, book)
            write(book, terms.cell[c] + effect, where(fails, value, 0.0))
            if not of_sweep:
                has = terms.cell[c] + HAS_BLOCKED
                write(book, has, where(fails, value, read(book, has)))


@routine
def test_covenants(
    terms: CovenantTerms,
    tranche: TrancheTerms,
    month: int,
    last_month: int,
    active: Any,
    tolerance: float,
    book: Book,
) -> None:
    """Test every covenant after the payments of a date, and write whether all allow a distribution.

    Source: model 7.8, 0.9 S9 and S11.
    """
    covered = book.template == book.template
    for c in range(len(terms.kind)):
        cell = terms.cell[c]
        fails = fails_test(terms, tranche, c, month, last_month, active, tolerance, book)
        passed, failed = read(book, cell + DATES_PASSED), read(book, cell + DATES_FAILED)
        first = read(book, cell + FIRST_BREACH)
        passed = where(active, where(fails, 0.0, passed + 1.0), passed)
        write(book, cell + FAILS, where(fails, 1.0, 0.0))
        write(book, cell + DATES_PASSED, passed)
        write(book, cell + DATES_FAILED, where(active, where(fails, failed + 1.0, 0.0), failed))
        write(book, cell + FIRST_BREACH, where(fails & (first > month), 1.0 * month, first))
        if terms.locks[c]:
            covered = covered & (passed >= terms.release_after[c])
        if terms.kind[c] == COLLATERAL:
            used = where(read(book, cell + CURED_BY_EQUITY) > 0.0, 1.0, 0.0)
            write(book, cell + CURES_LEFT, read(book, cell + CURES_LEFT) - used)
    write(book, COVERED, where(covered | invert(active), 1.0, 0.0))


@routine
def is_in_breach(terms: CovenantTerms, book: Book) -> Any:
    """Whether a covenant has failed for longer than its grace."""
    breached = book.template != book.template
    for c in range(len(terms.kind)):
        if terms.grace[c] < math.inf:
            breached = breached | (read(book, terms.cell[c] + DATES_FAILED) >= terms.grace[c])
    return breached

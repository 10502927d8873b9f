"""Debt tranches: what falls due on a payment date, the cover of it, and what of it stays unpaid."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import invert, like, maximum, minimum, where
from spv_sim.spv.book import (
    CFADS,
    COVERED,
    CURRENT_INTEREST,
    DATES_IN_ARREARS,
    DEBT,
    DEBT_SERVICE,
    DSCR,
    INTEREST_ACCRUED,
    INTEREST_ARREARS,
    INTEREST_DUE,
    INTEREST_PAID,
    PREPAID,
    PRINCIPAL_ARREARS,
    PRINCIPAL_DUE,
    PRINCIPAL_PAID,
    Book,
    add,
    read,
    tranche_cell,
    write,
)


class TrancheTerms(NamedTuple):
    """Terms of n tranches, the most senior first.

    rank : (n,) int64, equal for those that share payments pro rata.
    commitment : (n,) float64, face drawn by the end of construction [USD].
    period_rate : (n, months + 1) float64, coupon of the payment period that ends in the month [1].
    default_margin : (n,) float64, added to it in an event of default [1].
    arrears_rate : (n,) float64, what unpaid interest bears in one payment period; 0 where it bears none [1].
    capitalises : (n,) bool, whether unpaid interest is added to the debt (PIK).
    maturity : (n,) int64, month in which everything is due.
    scheduled_principal : (n, months + 1) float64 [USD].
    dsra_target : (n, months + 1) float64, scheduled debt service of the reserve's months ahead [USD].
    lock_up : (n,) float64, DSCR down to the tranche below which cash is trapped; -inf without a test [x].
    discount : (n, months + 1) float64, present value factor at the coupon, from closing [1].
    """

    rank: Any
    commitment: Any
    period_rate: Any
    default_margin: Any
    arrears_rate: Any
    capitalises: Any
    maturity: Any
    scheduled_principal: Any
    dsra_target: Any
    lock_up: Any
    discount: Any


@jit
def fall_due(terms: TrancheTerms, month: int, last_month: int, in_default: Any, book: Book) -> None:
    """Write what a date asks for; all principal at maturity, on the last date and once accelerated."""
    for i in range(len(terms.rank)):
        debt = read(book, tranche_cell(i, DEBT))
        rate = terms.period_rate[i, month] + where(in_default, terms.default_margin[i], 0.0)
        interest = debt * rate
        arrears = read(book, tranche_cell(i, INTEREST_ARREARS))
        principal = debt
        if month < terms.maturity[i] and month != last_month:
            overdue = read(book, tranche_cell(i, PRINCIPAL_ARREARS))
            scheduled = minimum(terms.scheduled_principal[i, month] + overdue, debt)
            principal = where(in_default, debt, scheduled)
        late = arrears * terms.arrears_rate[i]
        write(book, tranche_cell(i, CURRENT_INTEREST), interest)
        add(book, tranche_cell(i, INTEREST_ACCRUED), interest + late)
        write(book, tranche_cell(i, INTEREST_DUE), interest + arrears + late)
        write(book, tranche_cell(i, INTEREST_PAID), like(debt, 0.0))
        write(book, tranche_cell(i, PRINCIPAL_DUE), principal)
        write(book, tranche_cell(i, PRINCIPAL_PAID), like(debt, 0.0))
        write(book, tranche_cell(i, PREPAID), like(debt, 0.0))


@jit
def call_in(terms: TrancheTerms, gone: Any, book: Book) -> None:
    """All principal is due where the units are gone: their proceeds repay the debt first."""
    for i in range(len(terms.rank)):
        due = read(book, tranche_cell(i, PRINCIPAL_DUE))
        write(book, tranche_cell(i, PRINCIPAL_DUE), where(gone, read(book, tranche_cell(i, DEBT)), due))


@jit
def service_down_to(terms: TrancheTerms, rank: int, book: Book) -> Any:
    """Current interest and principal due of all tranches down to a rank [USD]."""
    service = like(book.template, 0.0)
    for i in range(len(terms.rank)):
        if terms.rank[i] <= rank:
            service = service + read(book, tranche_cell(i, CURRENT_INTEREST))
            service = service + read(book, tranche_cell(i, PRINCIPAL_DUE))
    return service


@jit
def measure_cover(terms: TrancheTerms, in_default: Any, book: Book) -> None:
    """Write the senior DSCR, NaN where not recorded, and whether every lock-up test allows a distribution.

    Nothing is locked up in an event of default: what is left then is nobody else's.
    """
    cfads = read(book, CFADS)
    service = service_down_to(terms, terms.rank[0], book)
    owed = service > 0.0
    dscr = where(owed & invert(in_default), cfads / where(owed, service, 1.0), math.nan)
    covered = invert(owed) | (dscr >= terms.lock_up[0]) | in_default
    for i in range(1, len(terms.rank)):
        if terms.lock_up[i] > -math.inf:
            combined = service_down_to(terms, terms.rank[i], book)
            any_owed = combined > 0.0
            passes = invert(any_owed) | (cfads >= terms.lock_up[i] * combined)
            covered = covered & (passes | in_default)
    write(book, DEBT_SERVICE, service)
    write(book, DSCR, dscr)
    write(book, COVERED, where(covered, 1.0, 0.0))


@jit
def reserve_target(terms: TrancheTerms, month: int, last_month: int, tolerance: float, book: Book) -> Any:
    """Reserve to hold after the payments, for tranches not yet repaid; nothing on the last date [USD]."""
    target = like(book.template, 0.0)
    if month == last_month:
        return target
    for i in range(len(terms.rank)):
        debt = read(book, tranche_cell(i, DEBT))
        target = target + where(debt <= tolerance, 0.0, terms.dsra_target[i, month])
    return target


@jit
def is_repaid(terms: TrancheTerms, tolerance: float, book: Book) -> Any:
    """Whether no tranche is owed any principal."""
    repaid = book.template == book.template
    for i in range(len(terms.rank)):
        repaid = repaid & (read(book, tranche_cell(i, DEBT)) <= tolerance)
    return repaid


@jit
def settle(terms: TrancheTerms, in_default: Any, tolerance: float, book: Book) -> None:
    """Carry forward what stays unpaid, and count the dates on which the most senior tranches do."""
    short = book.template != book.template
    for i in range(len(terms.rank)):
        interest = read(book, tranche_cell(i, INTEREST_DUE)) - read(book, tranche_cell(i, INTEREST_PAID))
        principal = read(book, tranche_cell(i, PRINCIPAL_DUE)) - read(book, tranche_cell(i, PRINCIPAL_PAID))
        interest = maximum(interest, 0.0)
        principal = where(in_default, 0.0, maximum(principal, 0.0))
        if terms.capitalises[i]:
            add(book, tranche_cell(i, DEBT), interest)
            interest = like(interest, 0.0)
        write(book, tranche_cell(i, INTEREST_ARREARS), interest)
        write(book, tranche_cell(i, PRINCIPAL_ARREARS), principal)
        if terms.rank[i] == terms.rank[0]:
            short = short | (interest > tolerance) | (principal > tolerance)
    count = read(book, DATES_IN_ARREARS)
    write(book, DATES_IN_ARREARS, where(short, count + 1.0, 0.0))

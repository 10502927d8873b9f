"""Debt tranches: what falls due on a payment date, the cover of it, and what of it stays unpaid."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import invert, like, maximum, minimum, where
from spv_sim.spv.book import (
    CFADS,
    COUPON,
    CURRENT_INTEREST,
    DATES_IN_ARREARS,
    DEBT,
    DEBT_SERVICE,
    DSCR,
    FEES_DUE,
    FEES_PAID,
    HEDGE_COST,
    INTEREST_ACCRUED,
    INTEREST_ARREARS,
    INTEREST_DUE,
    INTEREST_PAID,
    NEW_FACE,
    NEW_PRINCIPAL,
    NEW_RESERVE,
    PREMIUM_DUE,
    PREMIUM_PAID,
    PREMIUM_RATE,
    PREMIUM_SWEPT,
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
from spv_sim.spv.hedge import HedgeTerms
from spv_sim.spv.interest import InterestTerms, coupon_of, gather_interest


class TrancheTerms(NamedTuple):
    """Terms of n tranches, the most senior first.

    rank : (n,) int64, equal for those that share payments pro rata.
    commitment : (n,) float64, face drawn by the end of construction [USD].
    interest : what they bear.  hedge : what is swapped or capped of it.
    any_fees : whether any has fees.
    fees : (n, months + 1) float64, of the period that ends on the date [USD].
    any_premium : whether any asks for a premium on what is prepaid.
    premium : (n, months + 1) float64, the premium as a share of what is prepaid [1].
    capitalises : (n,) bool, whether unpaid interest is added to the debt (PIK).
    maturity : (n,) int64, month in which everything is due.
    any_slow : whether any pays on some of the payment dates alone.  slow : (n,) bool, which.
    own_date : (n, months + 1) bool, the tranche's own dates.
    scheduled_principal : (n, months + 1) float64 [USD].
    dsra_target : (n, months + 1) float64, scheduled debt service of the reserve's months ahead [USD].
    new_loan : place of the loan that may refinance another, the last; -1 without one.  new_month : in which.
    new_growth : what its scheduled principal grows by from date to date, in units of its coupon [1].
    """

    rank: Any
    commitment: Any
    interest: InterestTerms
    hedge: HedgeTerms
    any_fees: bool
    fees: Any
    any_premium: bool
    premium: Any
    capitalises: Any
    maturity: Any
    any_slow: bool
    slow: Any
    own_date: Any
    scheduled_principal: Any
    dsra_target: Any
    new_loan: int
    new_month: int
    new_growth: float


@jit
def fall_due(terms: TrancheTerms, month: int, last_month: int, in_default: Any, book: Book) -> None:
    """Write what a date asks for; all principal at maturity, on the last date and once accelerated.

    Where less than no principal is scheduled, so much of the interest is added to the debt instead of paid.
    """
    bears = terms.interest
    for i in range(len(terms.rank)):
        debt = read(book, tranche_cell(i, DEBT))
        coupon = coupon_of(bears, i, month, book)
        margin = bears.default_margin[i] * bears.accrual[i, month]
        interest = debt * (coupon + where(in_default, margin, 0.0))
        arrears = read(book, tranche_cell(i, INTEREST_ARREARS))
        grown, principal = like(debt, 0.0), debt
        if month < terms.maturity[i] and month != last_month:
            overdue = read(book, tranche_cell(i, PRINCIPAL_ARREARS))
            scheduled = terms.scheduled_principal[i, month]
            if scheduled < 0.0:
                grown = where(in_default, 0.0, minimum(-scheduled, interest))
                write(book, tranche_cell(i, DEBT), debt + grown)
            repaid = minimum(maximum(scheduled, 0.0) + overdue, debt)
            if i == terms.new_loan:
                repaid = minimum(read(book, NEW_PRINCIPAL) + overdue, debt)
            principal = where(in_default, debt, repaid)
        if terms.slow[i]:
            on_own_date, all_due = terms.own_date[i, month], in_default | (principal >= debt)
            interest = gather_interest(i, interest, on_own_date or month == last_month, all_due, book)
        late = arrears * coupon if bears.bears_on_arrears[i] else like(arrears, 0.0)
        add(book, tranche_cell(i, INTEREST_ACCRUED), interest + late)
        interest = interest - grown
        write(book, tranche_cell(i, CURRENT_INTEREST), interest)
        write(book, tranche_cell(i, INTEREST_DUE), interest + arrears + late)
        write(book, tranche_cell(i, INTEREST_PAID), like(debt, 0.0))
        write(book, tranche_cell(i, PRINCIPAL_DUE), principal)
        write(book, tranche_cell(i, PRINCIPAL_PAID), like(debt, 0.0))
        write(book, tranche_cell(i, PREPAID), like(debt, 0.0))


@jit
def ask_fees(terms: TrancheTerms, month: int, book: Book) -> None:
    """Write the fees that a date asks for while the tranche is owed, with what is unpaid of earlier ones."""
    for i in range(len(terms.rank)):
        due, paid = tranche_cell(i, FEES_DUE), tranche_cell(i, FEES_PAID)
        overdue = maximum(read(book, due) - read(book, paid), 0.0)
        owed = read(book, tranche_cell(i, DEBT)) > 0.0
        write(book, due, overdue + where(owed, terms.fees[i, month], 0.0))
        write(book, paid, like(overdue, 0.0))


@jit
def call_in(terms: TrancheTerms, month: int, gone: Any, book: Book) -> None:
    """All principal is due where the units are gone: their proceeds repay the debt first.

    What is thus repaid before it was scheduled bears the premium, as a sweep does. Source: model 7.1.
    """
    for i in range(len(terms.rank)):
        due, debt = read(book, tranche_cell(i, PRINCIPAL_DUE)), read(book, tranche_cell(i, DEBT))
        write(book, tranche_cell(i, PRINCIPAL_DUE), where(gone, debt, due))
        if terms.slow[i]:
            interest = gather_interest(i, like(debt, 0.0), False, gone, book)
            add(book, tranche_cell(i, INTEREST_ACCRUED), interest)
            add(book, tranche_cell(i, INTEREST_DUE), interest)
        if terms.any_premium:
            ask_premium(terms, i, month, where(gone, debt - due, 0.0), book)


@jit
def ask_premium(terms: TrancheTerms, i: int, month: int, prepaid: Any, book: Book) -> None:
    """Write the premium on what is called in, with what is unpaid of an earlier one."""
    due, paid = tranche_cell(i, PREMIUM_DUE), tranche_cell(i, PREMIUM_PAID)
    overdue = maximum(read(book, due) - read(book, paid), 0.0)
    write(book, due, overdue + terms.premium[i, month] * prepaid)
    write(book, paid, like(overdue, 0.0))
    write(book, tranche_cell(i, PREMIUM_RATE), like(overdue, terms.premium[i, month]))


@jit
def count_swept_premium(i: int, book: Book) -> None:
    """Count what came with a prepayment as due and paid, once the steps that serve the claim are judged."""
    swept = read(book, tranche_cell(i, PREMIUM_SWEPT))
    add(book, tranche_cell(i, PREMIUM_DUE), swept)
    add(book, tranche_cell(i, PREMIUM_PAID), swept)
    write(book, tranche_cell(i, PREMIUM_SWEPT), like(swept, 0.0))


@jit
def service_down_to(terms: TrancheTerms, rank: int, book: Book) -> Any:
    """Current interest, net of hedges, and principal due of all tranches down to a rank [USD]."""
    service = like(book.template, 0.0)
    for i in range(len(terms.rank)):
        if terms.rank[i] <= rank:
            service = service + read(book, tranche_cell(i, CURRENT_INTEREST))
            service = service + read(book, tranche_cell(i, PRINCIPAL_DUE))
            if terms.hedge.used:
                service = service + read(book, tranche_cell(i, HEDGE_COST))
    return service


@routine
def service_of_new_loan(terms: TrancheTerms, month: int, end: int, book: Book) -> Any:
    """Interest and principal of the dates after a month, up to another, of the loan that refinances [USD]."""
    i = terms.new_loan
    debt, coupon = read(book, tranche_cell(i, DEBT)), read(book, tranche_cell(i, COUPON))
    principal, service = read(book, NEW_PRINCIPAL), like(debt, 0.0)
    for ahead in range(month + 1, end + 1):
        if terms.interest.accrual[i, ahead] > 0.0:
            principal = principal * (1.0 + terms.new_growth * coupon)
            repaid = minimum(principal, debt) if ahead < terms.maturity[i] else debt
            service = service + (debt * coupon + repaid)
            debt = debt - repaid
    return service


@routine
def scheduled_service(
    terms: TrancheTerms, rank: int, month: int, months: int, last_month: int, book: Book
) -> Any:
    """Interest and principal of the months ahead, of what all tranches down to a rank are owed now [USD].

    Interest is at the rates known at closing; what a tranche is owed at its maturity is due then.
    """
    service = like(book.template, 0.0)
    for i in range(len(terms.rank)):
        if terms.rank[i] > rank:
            continue
        if i == terms.new_loan:
            service = service + service_of_new_loan(terms, month, min(month + months, last_month), book)
            continue
        debt = read(book, tranche_cell(i, DEBT))
        for ahead in range(month + 1, min(month + months, last_month) + 1):
            principal = debt
            if ahead < terms.maturity[i] and ahead != last_month:
                principal = minimum(like(debt, terms.scheduled_principal[i, ahead]), debt)
            service = service + (debt * terms.interest.period_rate[i, ahead] + principal)
            debt = debt - principal
    return service


@jit
def cover(cash: Any, service: Any, active: Any) -> Any:
    """Cash flow over debt service, NaN where nothing is due or it is not measured [x]."""
    owed = active & (service > 0.0)
    return where(owed, cash / where(owed, service, 1.0), math.nan)


@jit
def measure_cover(terms: TrancheTerms, in_default: Any, book: Book) -> None:
    """Write senior debt service and the senior DSCR, NaN in an event of default."""
    service = service_down_to(terms, terms.rank[0], book)
    write(book, DEBT_SERVICE, service)
    write(book, DSCR, cover(read(book, CFADS), service, invert(in_default)))


@jit
def reserve_target(
    terms: TrancheTerms, month: int, last_month: int, tolerance: float, paid: float, book: Book
) -> Any:
    """Reserve to hold after the payments, for tranches not yet repaid; nothing on the last date [USD].

    paid : 1 to count a tranche that only the date's payments have repaid, else 0.
    """
    target = like(book.template, 0.0)
    if month == last_month:
        return target
    for i in range(len(terms.rank)):
        repaid = read(book, tranche_cell(i, PRINCIPAL_PAID)) + read(book, tranche_cell(i, PREPAID))
        debt = read(book, tranche_cell(i, DEBT)) + paid * repaid
        own = like(debt, terms.dsra_target[i, month])
        if i == terms.new_loan:
            own = read(book, NEW_RESERVE)
            if month == terms.new_month:  # what is prepaid then counts less the face
                debt = debt + paid * read(book, NEW_FACE)
        target = target + where(debt <= tolerance, 0.0, own)
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
            debt = read(book, tranche_cell(i, DEBT)) + interest
            write(book, tranche_cell(i, DEBT), where(debt < tolerance, 0.0, debt))  # dust is no debt
            interest = like(interest, 0.0)
        write(book, tranche_cell(i, INTEREST_ARREARS), interest)
        write(book, tranche_cell(i, PRINCIPAL_ARREARS), principal)
        if terms.rank[i] == terms.rank[0]:
            short = short | (interest > tolerance) | (principal > tolerance)
        if terms.any_premium:
            count_swept_premium(i, book)
    count = read(book, DATES_IN_ARREARS)
    write(book, DATES_IN_ARREARS, where(short, count + 1.0, 0.0))

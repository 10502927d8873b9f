"""What a path leaves behind: sums and extremes kept in its book while it runs."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, maximum, minimum, where
from spv_sim.spv.book import (
    BANK_PAID,
    BREACH,
    CLAIM,
    COSTS_PAID,
    DATES,
    DISTRIBUTED,
    DSCR,
    EQUITY_CURE,
    EQUITY_CURES,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    GUARANTOR_PAID,
    INTEREST_PAID,
    INTEREST_RECEIVED,
    LENDER_VALUE,
    LESSEE_PAID,
    LETTERS_DRAWN,
    LETTERS_REPAID,
    LOCKED,
    LOCKED_DATES,
    MIN_DSCR,
    OPERATING_CASH,
    OPERATING_VALUE,
    OUTSIDE_VALUE,
    PAYBACK_MONTH,
    PREPAID,
    PRINCIPAL_MONTHS,
    PRINCIPAL_PAID,
    PRINCIPAL_RECEIVED,
    SALE,
    SUM_DSCR,
    UNITS_BREACH,
    VALUE,
    Book,
    add,
    cash_held,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.identities import (
    cash_breach,
    distribution_breach,
    lease_breach,
    negative_breach,
    paid_to_third_parties,
    paid_to_tranche,
    reserve_breach,
)
from spv_sim.spv.interest import discount_of
from spv_sim.spv.letter_of_credit import letter_breach
from spv_sim.spv.receipts import Receipts, paid_by_lessee
from spv_sim.spv.tranche import reserve_target


@jit
def identity_breach(
    terms: DealTerms, month: int, opening: Any, closing: Any, inflow: Any, got: Receipts, book: Book
) -> Any:
    """Largest violation of an identity in the month, but for that of priority [USD]."""
    is_date, n = terms.pays[month], len(terms.tranche.rank)
    breach = cash_breach(inflow, opening, closing, is_date, n, terms.letters.in_use, book)
    breach = maximum(breach, negative_breach(n, is_date, book))
    if terms.assets.fleet.active:
        breach = maximum(breach, read(book, UNITS_BREACH))
    breach = maximum(breach, lease_breach(got.rent, got.payable, got.merchant, got.enforcement))
    if terms.letters.in_use:
        breach = maximum(breach, letter_breach(n, book))
    if is_date:
        # A tranche repaid after the reserve's turn, such as by a sweep, is covered until the next date.
        target = reserve_target(terms.tranche, month, terms.last_month, terms.tolerance, 1.0, book)
        breach = maximum(breach, reserve_breach(target, book))
        if month != terms.last_month:
            breach = maximum(breach, distribution_breach(month, n, terms.tolerance, book))
        else:
            breach = maximum(breach, cash_held(book))  # nothing is kept after the last date
    return breach


@jit
def count_cover(terms: DealTerms, month: int, book: Book) -> None:
    """Cover after a payment date; operating cash counts up to the senior maturity."""
    dscr, least = read(book, DSCR), read(book, MIN_DSCR)
    recorded = dscr == dscr
    write(book, MIN_DSCR, where(recorded, minimum(dscr, least), least))
    add(book, SUM_DSCR, where(recorded, dscr, 0.0))
    add(book, DATES, where(recorded, 1.0, 0.0))
    add(book, LOCKED_DATES, read(book, LOCKED))
    if month <= terms.tranche.maturity[0]:
        discount = discount_of(terms.tranche.interest, 0, month, book)
        add(book, OPERATING_VALUE, discount * read(book, OPERATING_CASH))


@jit
def count_equity(terms: DealTerms, month: int, book: Book) -> None:
    """The shareholders' sums after a payment date."""
    paid, back = read(book, DISTRIBUTED), read(book, PAYBACK_MONTH)
    cures = read(book, EQUITY_CURES) + read(book, EQUITY_CURE)
    received = read(book, EQUITY_RECEIVED) + paid
    net = paid - read(book, EQUITY_CURE)
    write(book, EQUITY_CURES, cures)
    write(book, EQUITY_RECEIVED, received)
    add(book, EQUITY_NPV, terms.equity.discount[month] * net)
    add(book, EQUITY_VALUE, terms.discount[month] * net)
    now = (received >= read(book, EQUITY_PAID_IN) + cures) & (back > month)
    write(book, PAYBACK_MONTH, where(now, 1.0 * month, back))


@jit
def count_payment(
    terms: DealTerms, month: int, i: int, interest: Any, principal: Any, received: Any, book: Book
) -> None:
    """Bring a tranche's sums up to date; `received` is all that its lender gets of the payment [USD]."""
    discount = discount_of(terms.tranche.interest, i, month, book)
    add(book, tranche_cell(i, VALUE), discount * (interest + principal))
    add(book, tranche_cell(i, LENDER_VALUE), terms.discount[month] * received)
    add(book, tranche_cell(i, INTEREST_RECEIVED), interest)
    add(book, tranche_cell(i, PRINCIPAL_RECEIVED), principal)
    add(book, tranche_cell(i, PRINCIPAL_MONTHS), 1.0 * (month - terms.completion) * principal)


@jit
def count_tranche(terms: DealTerms, month: int, i: int, book: Book) -> Any:
    """A tranche's sums after a payment date; what its lender was paid on it [USD].

    A premium on what is prepaid is income of the lender beside the payments that it lent for.
    """
    interest = read(book, tranche_cell(i, INTEREST_PAID))
    principal = read(book, tranche_cell(i, PRINCIPAL_PAID)) + read(book, tranche_cell(i, PREPAID))
    received = paid_to_tranche(i, book)
    count_payment(terms, month, i, interest, principal, received, book)
    return received


@jit
def count_stakes(
    terms: DealTerms, month: int, opening: Any, closing: Any, inflow: Any, got: Receipts, book: Book
) -> None:
    """What the month is worth to lessee and guarantor, and what the deal gets from outside, at closing.

    From outside come all receipts but theirs, less costs, payments to agents and hedging banks, and what the
    accounts put aside.
    Source: model 12.2.
    """
    worth, by_lessee = terms.discount[month], paid_by_lessee(got)
    outside = inflow - by_lessee - got.guarantee - read(book, COSTS_PAID) - (closing - opening)
    if terms.pays[month]:
        for i in range(len(terms.tranche.rank)):
            outside = outside - paid_to_third_parties(i, book)
    if any_of((by_lessee != 0.0) | (got.guarantee > 0.0)):
        add(book, LESSEE_PAID, worth * by_lessee)
        add(book, GUARANTOR_PAID, worth * got.guarantee)
    add(book, OUTSIDE_VALUE, worth * outside)
    if terms.letters.in_use:
        add(book, BANK_PAID, worth * (read(book, LETTERS_DRAWN) - read(book, LETTERS_REPAID)))


@jit
def count_month(
    terms: DealTerms, month: int, opening: Any, inflow: Any, got: Receipts, priority: Any, book: Book
) -> None:
    """Bring the path's sums up to date after the month.

    opening : what lay in all accounts before it [USD].  priority : breach of the order of payments [USD].
    """
    closing = cash_held(book)
    breach = maximum(priority, identity_breach(terms, month, opening, closing, inflow, got, book))
    write(book, BREACH, maximum(read(book, BREACH), breach))
    if any_of((got.claim > 0.0) | (got.sale > 0.0)):
        add(book, CLAIM, got.claim)
        add(book, SALE, got.sale)
    count_stakes(terms, month, opening, closing, inflow, got, book)
    if terms.pays[month]:
        count_cover(terms, month, book)
        count_equity(terms, month, book)

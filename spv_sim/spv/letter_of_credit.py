"""Letters of credit that stand for reserves: what a bank pays when cash is short, and what it gets back."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import like, maximum, minimum, where
from spv_sim.spv.book import (
    DEBT,
    LETTER,
    LETTER_ACCRUED,
    LETTER_BEFORE,
    LETTER_DRAWN,
    LETTER_DUE,
    LETTER_LOAN,
    LETTER_PAID,
    LETTER_REPAID,
    LETTERS_DRAWN,
    LETTERS_REPAID,
    Book,
    add,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.interest import InterestTerms, coupon_of


class LetterTerms(NamedTuple):
    """The letters of n tranches.

    in_use : whether any tranche has one.
    face : (n, months + 1) float64, what the bank stands for after the month's payments [USD].
    margin : (n,) float64, above the coupon of one payment period, on what has been drawn [1].
    """

    in_use: bool
    face: Any
    margin: Any


@routine
def claim_reimbursement(terms: LetterTerms, month: int, bears: InterestTerms, book: Book) -> None:
    """What has been drawn, with the interest of the payment period, is due on the date.

    What is drawn between dates bears the interest of the whole period. Source: model 7.5.
    """
    for i in range(len(terms.margin)):
        loan = read(book, tranche_cell(i, LETTER_LOAN))
        interest = loan * (coupon_of(bears, i, month, book) + terms.margin[i])
        add(book, tranche_cell(i, LETTER_ACCRUED), interest)
        write(book, tranche_cell(i, LETTER_LOAN), loan + interest)
        write(book, tranche_cell(i, LETTER_DUE), loan + interest)
        write(book, tranche_cell(i, LETTER_PAID), like(loan, 0.0))


@routine
def settle_letters(terms: LetterTerms, month: int, is_date: bool, tolerance: float, book: Book) -> None:
    """What the month has drawn becomes a loan; after a date the bank stands for the face less its loan."""
    drawn_of_all, repaid_of_all = like(book.template, 0.0), like(book.template, 0.0)
    for i in range(len(terms.margin)):
        left = read(book, tranche_cell(i, LETTER))
        drawn = read(book, tranche_cell(i, LETTER_BEFORE)) - left
        loan = read(book, tranche_cell(i, LETTER_LOAN)) + drawn
        write(book, tranche_cell(i, LETTER_LOAN), loan)
        add(book, tranche_cell(i, LETTER_DRAWN), drawn)
        drawn_of_all = drawn_of_all + drawn
        if is_date:
            paid = read(book, tranche_cell(i, LETTER_PAID))
            add(book, tranche_cell(i, LETTER_REPAID), paid)
            repaid_of_all = repaid_of_all + paid
            owed = read(book, tranche_cell(i, DEBT)) > tolerance
            left = where(owed, maximum(terms.face[i, month] - loan, 0.0), 0.0)
            write(book, tranche_cell(i, LETTER), left)
        write(book, tranche_cell(i, LETTER_BEFORE), left)
    write(book, LETTERS_DRAWN, drawn_of_all)
    write(book, LETTERS_REPAID, repaid_of_all)


@jit
def is_owed(n_tranches: int, book: Book) -> Any:
    """Whether a bank is owed anything that it has paid."""
    owed = like(book.template, 0.0)
    for i in range(n_tranches):
        owed = maximum(read(book, tranche_cell(i, LETTER_LOAN)), owed)
    return owed > 0.0


@routine
def letter_breach(n_tranches: int, book: Book) -> Any:
    """What a bank has paid and accrued is repaid or owed to it, and nothing is below zero [USD].

    The form that model I3, I4 and I6 take for a loan that stands outside the accounts until it is drawn.
    """
    breach = like(book.template, 0.0)
    for i in range(n_tranches):
        loan, left = read(book, tranche_cell(i, LETTER_LOAN)), read(book, tranche_cell(i, LETTER))
        lent = read(book, tranche_cell(i, LETTER_DRAWN)) + read(book, tranche_cell(i, LETTER_ACCRUED))
        gap = lent - read(book, tranche_cell(i, LETTER_REPAID)) - loan
        breach = maximum(breach, maximum(maximum(gap, -gap), -minimum(loan, left)))
    return breach

"""A loan that refinances another: its terms, how it is lent, and its schedule from date to date."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import like, maximum, minimum
from spv_sim.spv.book import (
    COUPON,
    DEBT,
    DISCOUNT,
    NEW_BALANCE,
    NEW_FACE,
    NEW_PRINCIPAL,
    NEW_RESERVE,
    PREPAID,
    REFINANCED,
    Book,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.tranche import TrancheTerms

NOT_OPEN, BY_LENDERS, WITH_EQUITY, FAILED, NOT_WORTH_IT = range(5)
"""What becomes of it: nothing to refinance, or no sound borrower; paid by the new loan alone; with a
contribution of the shareholders; too little lent, and the shareholders do not pay the rest; dearer than to
go on."""

LEVEL, STRAIGHT_LINE, BULLET = range(3)
"""How a new loan is repaid."""


class RefinanceTerms(NamedTuple):
    """Terms of the refinancing of one tranche on one payment date.

    in_use : whether there is one; the rest says nothing without.
    month : of the date.  every : months between dates.
    old, new : places of the two loans in the book.
    matures : whether the old loan falls due on the date.
    pays_out : whether lenders give all that value and cash flow carry, beyond what is needed.
    if_cheaper : whether the old loan is kept where going on with it costs less.
    profile : LEVEL, STRAIGHT_LINE or BULLET.
    reserve_dates : dates whose debt service the new loan's reserve holds; of a year that its months reach
        into, their part [1].
    on_curve : whether the risk-free rate is the path's par swap rate to the new maturity; else `base_rate`.
    base_rate : risk-free rate of the remaining term [1/year].
    spread : above it; the coupon itself where `has_coupon` [1/year].
    makes_whole : whether the premium makes the old lender whole, at the risk-free rate and `whole_spread`.
    fee : share of the new face that its lender keeps [1].
    max_ltv : debt over appraised value, infinite without a bound [1].
    price_share : share of a unit's market price that the appraisal counts [1].
    min_dscr : cover of the new loan, zero without a bound [x].
    cash_flow : (months + 1,) float64, of the contract as expected at closing, on each date that of the months
        since the one before [USD].
    exit_date : date on which the units are sold at the end of the lease.
    resale : their expected price then over that in `month` [1].
    """

    in_use: bool
    month: int
    every: int
    old: int
    new: int
    matures: bool
    pays_out: bool
    if_cheaper: bool
    profile: int
    reserve_dates: float
    on_curve: bool
    base_rate: float
    has_coupon: bool
    spread: float
    makes_whole: bool
    whole_spread: float
    fee: float
    max_ltv: float
    price_share: float
    min_dscr: float
    cash_flow: Any
    exit_date: int
    resale: float


@routine
def lend(terms: RefinanceTerms, tranche: TrancheTerms, face: Any, coupon: Any, book: Book) -> None:
    """Open the new loan: its balance, its coupon and what it repays; nothing where the face is zero."""
    new, dates = terms.new, (tranche.maturity[terms.new] - terms.month) // terms.every
    rate = coupon * (terms.every / 12.0)
    write(book, NEW_FACE, face)
    write(book, tranche_cell(new, DEBT), face)
    write(book, tranche_cell(new, PREPAID), -face)
    write(book, tranche_cell(new, COUPON), rate)
    write(book, tranche_cell(new, DISCOUNT), like(face, 1.0))
    principal = like(face, 0.0)
    if terms.profile == STRAIGHT_LINE:
        principal = face / (1.0 * dates)
    elif terms.profile == LEVEL:
        # The first repayment p of n that grow at the rate i: p ((1 + i)^n - 1) / i = face.
        sum_of_growth, growth = like(face, 0.0), like(face, 1.0)
        for _ in range(dates):
            sum_of_growth = sum_of_growth + growth
            growth = growth * (1.0 + rate)
        principal = face / sum_of_growth / (1.0 + rate)
    write(book, NEW_PRINCIPAL, principal)
    write(book, NEW_BALANCE, face)
    hold_reserve(terms, tranche, terms.month, book)


@routine
def hold_reserve(terms: RefinanceTerms, tranche: TrancheTerms, month: int, book: Book) -> None:
    """Write what the new loan's reserve is to hold: scheduled debt service of the dates ahead."""
    balance, principal = read(book, NEW_BALANCE), read(book, NEW_PRINCIPAL)
    coupon, target = read(book, tranche_cell(terms.new, COUPON)), like(balance, 0.0)
    left, date = terms.reserve_dates, month + terms.every
    while left > 0.0 and date <= tranche.maturity[terms.new]:
        principal = principal * (1.0 + tranche.new_growth * coupon)
        repaid = minimum(principal, balance) if date < tranche.maturity[terms.new] else balance
        target = target + min(left, 1.0) * (balance * coupon + repaid)
        balance = balance - repaid
        left, date = left - 1.0, date + terms.every
    write(book, NEW_RESERVE, target)


@routine
def follow_new_loan(terms: RefinanceTerms, tranche: TrancheTerms, month: int, book: Book) -> None:
    """Bring the new loan's schedule up to a date after the one on which it was lent."""
    cell = tranche_cell(terms.new, COUPON)
    coupon = read(book, cell)
    discount = tranche_cell(terms.new, DISCOUNT)
    write(book, discount, read(book, discount) / (1.0 + coupon))
    principal = read(book, NEW_PRINCIPAL) * (1.0 + tranche.new_growth * coupon)
    balance = read(book, NEW_BALANCE)
    if month >= tranche.maturity[terms.new]:
        principal = balance
    write(book, NEW_PRINCIPAL, principal)
    write(book, NEW_BALANCE, maximum(balance - principal, 0.0))
    hold_reserve(terms, tranche, month, book)


@routine
def is_refinanced(book: Book) -> Any:
    """Whether a new loan has been lent."""
    return (read(book, REFINANCED) == 1.0 * BY_LENDERS) | (read(book, REFINANCED) == 1.0 * WITH_EQUITY)

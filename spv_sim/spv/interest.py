"""Interest on the debt: the coupon of a payment period, known at closing or set by the path's base rates."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import like, where
from spv_sim.market.short_rate import BaseRates, ShortRateState, ShortRateTerms, observe_rates
from spv_sim.spv.book import COUPON, DISCOUNT, INTEREST_TO_COME, Book, read, tranche_cell, write
from spv_sim.spv.floating_rate import floating_coupon


class InterestTerms(NamedTuple):
    """How n tranches bear interest; rows of months are (n, months + 1) float64.

    period_rate : coupon of the payment period that ends in the month, on the forward curve [1].
    accrual : that period's fraction of a year [years].
    index : base rate of that period on the forward curve [1/year].
    discount : present value factor at the coupon, from closing, on the forward curve [1].
    default_margin : (n,) float64, added to the coupon in an event of default [1/year].
    bears_on_arrears : (n,) bool, whether unpaid interest bears interest at the coupon.
    any_floats : whether any coupon follows the rates of the path.  floats : (n,) bool, which.
    quarterly : (n,) bool, whether its periods are of three months, else of one.
    compounds : (n,) bool, whether the base rate compounds over the period, else it is set at its start.
    floor, margin : (n,) float64 [1/year].
    agreed : place of the loan whose coupon is fixed on the path, by a refinancing; -1 without one.
    """

    period_rate: Any
    accrual: Any
    index: Any
    discount: Any
    default_margin: Any
    bears_on_arrears: Any
    any_floats: bool
    floats: Any
    quarterly: Any
    compounds: Any
    floor: Any
    margin: Any
    agreed: int


@jit
def base_rate(terms: InterestTerms, i: int, month: int, rates: BaseRates) -> Any:
    """Base rate of a tranche for its period that ends in the month [1/year]."""
    if not terms.floats[i]:
        return like(rates.term_rate_1m, terms.index[i, month])
    if terms.quarterly[i]:
        return rates.compounded_3m if terms.compounds[i] else rates.term_rate_3m
    return rates.compounded_1m if terms.compounds[i] else rates.term_rate_1m


@routine
def set_coupons(
    terms: InterestTerms, month: int, curve: ShortRateTerms, short_rate: ShortRateState, book: Book
) -> None:
    """Write the floating coupons of the periods that end on this date, and what they discount to."""
    rates = observe_rates(curve, month, short_rate)
    for i in range(len(terms.floats)):
        if terms.floats[i]:
            index = base_rate(terms, i, month, rates)
            rate = floating_coupon(index, terms.floor[i], terms.margin[i]) * terms.accrual[i, month]
            write(book, tranche_cell(i, COUPON), rate)
            write(book, tranche_cell(i, DISCOUNT), read(book, tranche_cell(i, DISCOUNT)) / (1.0 + rate))


@jit
def coupon_of(terms: InterestTerms, i: int, month: int, book: Book) -> Any:
    """Coupon of the payment period that ends on this date [1]."""
    if terms.floats[i] or i == terms.agreed:
        return read(book, tranche_cell(i, COUPON))
    return like(book.template, terms.period_rate[i, month])


@jit
def discount_of(terms: InterestTerms, i: int, month: int, book: Book) -> Any:
    """Present value of a dollar on this date, at the coupon, when the loan was lent or at closing [1]."""
    if terms.floats[i] or i == terms.agreed:
        return read(book, tranche_cell(i, DISCOUNT))
    return like(book.template, terms.discount[i, month])


@jit
def gather_interest(i: int, interest: Any, on_own_date: bool, at_once: Any, book: Book) -> Any:
    """Interest that a tranche asks for: all since its own last date on the next one, or at once [USD].

    It is due at once where all principal is: in default, at maturity, where the units or the debt are gone.
    """
    gathered = read(book, tranche_cell(i, INTEREST_TO_COME)) + interest
    asked = gathered
    if not on_own_date:
        asked = where(at_once, gathered, 0.0)
    write(book, tranche_cell(i, INTEREST_TO_COME), gathered - asked)
    return asked

"""A debt tranche: what falls due on a payment date, and what of it stays unpaid."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, minimum, where
from spv_sim.spv.accounts import Balances


class TrancheTerms(NamedTuple):
    """Terms of one tranche.

    commitment : face drawn by the end of construction [USD].
    pays : (months + 1,) bool, the payment dates.
    payment_every : months between them.
    period_rate : coupon of one payment period [1].
    arrears_rate : what unpaid interest bears in one payment period; 0 where it bears none [1].
    maturity : month in which everything is due.
    grace : payment dates that arrears may last before an event of default.
    scheduled_principal : (months + 1,) float64 [USD].
    dsra_target : (months + 1,) float64, scheduled debt service of the reserve's months ahead [USD].
    lock_up : DSCR below which distributions are trapped; -inf without a test [x].
    discount : (months + 1,) float64, present value factor at the coupon, from closing [1].
    """

    commitment: float
    pays: Any
    payment_every: int
    period_rate: float
    arrears_rate: float
    maturity: int
    grace: int
    scheduled_principal: Any
    dsra_target: Any
    lock_up: float
    discount: Any


class Due(NamedTuple):
    """What a payment date asks for [USD]: current interest, interest with its arrears, principal."""

    current_interest: Any
    interest: Any
    principal: Any


@jit
def debt_due(terms: TrancheTerms, month: int, last_month: int, accelerated: Any, balances: Balances) -> Due:
    """Interest and principal due; all principal at maturity, on the last date and once accelerated."""
    current_interest = balances.debt * terms.period_rate
    interest = current_interest + balances.interest_arrears * (1.0 + terms.arrears_rate)
    if month >= terms.maturity or month == last_month:
        return Due(current_interest, interest, balances.debt)
    scheduled = minimum(terms.scheduled_principal[month] + balances.principal_arrears, balances.debt)
    return Due(current_interest, interest, where(accelerated, balances.debt, scheduled))


@jit
def dsra_target(terms: TrancheTerms, month: int, last_month: int, debt: Any, tolerance: float) -> Any:
    """Reserve to hold after the month's payments: nothing once the debt is repaid or on the last date."""
    if month == last_month:
        return like(debt, 0.0)
    return where(debt <= tolerance, 0.0, terms.dsra_target[month])

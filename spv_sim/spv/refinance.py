"""Refinancing: on one date a new loan repays an old one, as far as value, cash flow and shareholders go."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import any_of, like, maximum, minimum, where
from spv_sim.market.short_rate import ShortRateState, ShortRateTerms, bond
from spv_sim.spv.book import (
    CASH,
    COSTS_DUE,
    COSTS_PAID,
    DATES_IN_ARREARS,
    DEBT,
    EQUITY_CURE,
    FEES_DUE,
    HEDGE_DUE,
    INTEREST_ARREARS,
    INTEREST_DUE,
    NEW_EQUITY,
    NEW_FEE,
    NEW_PREMIUM,
    PREMIUM_SWEPT,
    PREPAID,
    PRINCIPAL_ARREARS,
    PRINCIPAL_DUE,
    REFINANCED,
    SHORTFALL,
    Book,
    add,
    cash_held,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.covenant_terms import Standing
from spv_sim.spv.new_loan import (
    BY_LENDERS,
    FAILED,
    NOT_OPEN,
    NOT_WORTH_IT,
    WITH_EQUITY,
    RefinanceTerms,
    lend,
)
from spv_sim.spv.tranche import TrancheTerms


@routine
def swap_rate(curve: ShortRateTerms, month: int, end: int, every: int, short_rate: ShortRateState) -> Any:
    """Par rate of a swap from a month to another on the path, exact under Hull and White [1/year].

    Source: model 7.6.
    """
    annuity, last = like(short_rate.deviation, 0.0), like(short_rate.deviation, 1.0)
    for date in range(month + every, end + 1, every):
        last = bond(curve, month, date, short_rate.deviation)
        annuity = annuity + last * (every / 12.0)
    return (1.0 - last) / annuity


@routine
def value_of_service(
    tranche: TrancheTerms, i: int, month: int, last_month: int, every: int, rate: Any, book: Book
) -> Any:
    """Present value, at a rate of one period, of what a tranche still has scheduled after a date [USD].

    Its interest is at the coupons known at closing.
    """
    debt = read(book, tranche_cell(i, DEBT)) - read(book, tranche_cell(i, PRINCIPAL_DUE))
    value, discount = like(debt, 0.0), like(debt, 1.0)
    for date in range(month + every, min(tranche.maturity[i], last_month) + 1, every):
        discount = discount / (1.0 + rate)
        principal = debt
        if date < tranche.maturity[i] and date != last_month:
            principal = minimum(like(debt, tranche.scheduled_principal[i, date]), debt)
        value = value + discount * (debt * tranche.interest.period_rate[i, date] + principal)
        debt = debt - principal
    return value


@routine
def what_is_asked_now(tranche: TrancheTerms, terms: RefinanceTerms, book: Book) -> Any:
    """What the date's cash has to pay before the shareholders, the maturing loan itself apart [USD]."""
    asked = maximum(read(book, COSTS_DUE) - read(book, COSTS_PAID), 0.0)
    for i in range(len(tranche.rank)):
        for claim in (INTEREST_DUE, FEES_DUE, HEDGE_DUE):
            asked = asked + maximum(
                read(book, tranche_cell(i, claim)) - read(book, tranche_cell(i, claim) + 1), 0.0
            )
        if i != terms.old or not terms.matures:
            asked = asked + read(book, tranche_cell(i, PRINCIPAL_DUE))
    return asked


@routine
def coupon_asked(
    terms: RefinanceTerms,
    tranche: TrancheTerms,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> Any:
    """Coupon of the new loan on the path, never below zero [1/year]. Source: model 7.12."""
    if terms.has_coupon:
        return like(book.template, terms.spread)
    base = like(book.template, terms.base_rate)
    if terms.on_curve:
        base = swap_rate(curve, terms.month, tranche.maturity[terms.new], terms.every, short_rate)
    return maximum(base + terms.spread, 0.0)


@routine
def premium_asked(
    terms: RefinanceTerms,
    tranche: TrancheTerms,
    last_month: int,
    owed: Any,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> Any:
    """What the old lender gets beyond what it is owed; nothing at maturity [USD]. Source: model 7.11."""
    if terms.matures:
        return like(owed, 0.0)
    if not terms.makes_whole:
        return tranche.premium[terms.old, terms.month] * owed
    safe = like(owed, terms.base_rate)
    if terms.on_curve:
        safe = swap_rate(curve, terms.month, tranche.maturity[terms.old], terms.every, short_rate)
    rate = (safe + terms.whole_spread) * (terms.every / 12.0)
    value = value_of_service(tranche, terms.old, terms.month, last_month, terms.every, rate, book)
    return maximum(value - owed, 0.0)


class Offer(NamedTuple):
    """What a new loan may come to.

    bound : what lenders lend at most, infinite without a limit [USD].
    worth : present value, at the new coupon, of the contract cash to come and of the sale of the units [USD].
    beside : what other tranches are owed after the date's payments [USD].
    """

    bound: Any
    worth: Any
    beside: Any


@routine
def offer(
    terms: RefinanceTerms, tranche: TrancheTerms, last_month: int, standing: Standing, rate: Any, book: Book
) -> Offer:
    """What lenders lend at a rate of one period on the appraisal and on the cash flow.

    Source: model 7.12, behind and beside other debt.
    """
    carried, discount = like(rate, 0.0), like(rate, 1.0)
    worth, beside, before, service = carried, carried, carried, carried
    for date in range(terms.month + terms.every, last_month + 1, terms.every):
        discount = discount / (1.0 + rate)
        cash = discount * terms.cash_flow[date]
        worth = worth + cash
        if date <= tranche.maturity[terms.new]:
            carried = carried + cash
        if date == terms.exit_date:
            worth = worth + discount * (terms.resale * (standing.units * standing.price))
    for i in range(terms.new):
        if i != terms.old:
            left = read(book, tranche_cell(i, DEBT)) - read(book, tranche_cell(i, PRINCIPAL_DUE))
            beside = beside + left
            if tranche.rank[i] <= tranche.rank[terms.old]:
                before = before + left
                own = value_of_service(tranche, i, terms.month, last_month, terms.every, rate, book)
                service = service + own
    bound = like(rate, math.inf)
    if terms.max_ltv < math.inf:
        appraised = standing.units * (terms.price_share * standing.price)
        bound = minimum(bound, terms.max_ltv * appraised - before)
    if terms.min_dscr > 0.0:
        bound = minimum(bound, carried / terms.min_dscr - service)
    return Offer(maximum(bound, 0.0), worth, beside)


@routine
def refinance(
    terms: RefinanceTerms,
    tranche: TrancheTerms,
    last_month: int,
    standing: Standing,
    tolerance: float,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> None:
    """Repay the old loan out of a new one, where lenders and shareholders make up what that takes.

    It comes before the date's payments: of the old loan, what is scheduled on the date stays due and is paid
    in its turn, at maturity nothing. The money goes from lender to lender and rests in no account; only what
    is lent beyond need joins the cash. Only a performing lease is lent on, and only a loan without arrears
    is refinanced. Lenders give no more than the highest loan to value on the appraisal, with the debt before
    and beside, and than the present value at the new coupon of the expected contract cash until maturity
    over the least cover, less the service of that debt. The shareholders pay the rest where their equity, of
    contract cash at the new coupon, the units' expected sale and all accounts less all that is owed, is
    worth more. Otherwise the old loan stands, and where it falls due it is not paid.

    Source: model 7.11, 7.12.
    """
    old = terms.old
    debt, due = read(book, tranche_cell(old, DEBT)), read(book, tranche_cell(old, PRINCIPAL_DUE))
    owed = debt if terms.matures else debt - due
    unpaid = read(book, tranche_cell(old, INTEREST_ARREARS))
    unpaid = unpaid + read(book, tranche_cell(old, PRINCIPAL_ARREARS))
    open_to = standing.performing & (standing.units > 0.0) & (owed > tolerance)
    open_to = open_to & (unpaid <= tolerance) & (read(book, DATES_IN_ARREARS) < 1.0)
    if not any_of(open_to):
        return
    coupon = coupon_asked(terms, tranche, curve, short_rate, book)
    rate = coupon * (terms.every / 12.0)
    bound, worth, beside = offer(terms, tranche, last_month, standing, rate, book)
    premium = premium_asked(terms, tranche, last_month, owed, curve, short_rate, book)
    paid_out = owed + premium
    needed = paid_out / (1.0 - terms.fee)
    lacks = bound < needed
    face = bound if terms.pays_out else minimum(bound, needed)
    fee = terms.fee * face
    if not terms.pays_out:
        fee = where(lacks, fee, needed - paid_out)
    shortfall = where(lacks, maximum(paid_out - (face - fee), 0.0), 0.0)
    surplus = where(lacks, 0.0, maximum(face - fee - paid_out, 0.0))
    equity = worth + cash_held(book) - what_is_asked_now(tranche, terms, book) - beside - face
    agreed = (face > tolerance) & ((shortfall <= tolerance) | (equity > shortfall))
    worth_it = book.template == book.template
    if terms.if_cheaper:
        goes_on = value_of_service(tranche, old, terms.month, last_month, terms.every, rate, book)
        worth_it = goes_on > paid_out + fee
    done = open_to & agreed & worth_it
    paid = where(shortfall > tolerance, 1.0 * WITH_EQUITY, 1.0 * BY_LENDERS)
    outcome = where(worth_it, where(agreed, paid, 1.0 * FAILED), 1.0 * NOT_WORTH_IT)
    write(book, REFINANCED, where(open_to, outcome, 1.0 * NOT_OPEN))
    write(book, SHORTFALL, where(open_to, shortfall, math.nan))
    repaid, contributed = where(done, owed, 0.0), where(done, shortfall, 0.0)
    write(book, tranche_cell(old, DEBT), debt - repaid)
    add(book, tranche_cell(old, PREPAID), repaid)
    if terms.matures:
        write(book, tranche_cell(old, PRINCIPAL_DUE), where(done, 0.0, due))
    premium, fee = where(done, premium, 0.0), where(done, fee, 0.0)
    write(book, NEW_PREMIUM, premium)
    write(book, NEW_FEE, fee)
    add(book, tranche_cell(old, PREMIUM_SWEPT), premium)
    add(book, tranche_cell(terms.new, PREMIUM_SWEPT), fee)
    write(book, NEW_EQUITY, contributed)
    add(book, EQUITY_CURE, contributed)
    add(book, CASH, where(done, surplus, 0.0))
    lend(terms, tranche, where(done, face, 0.0), where(done, coupon, 0.0), book)

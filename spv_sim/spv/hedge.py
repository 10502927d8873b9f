"""Hedges of floating tranches: what they settle on a date, what they are worth, and what their end costs."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, like, maximum, minimum, where
from spv_sim.market.short_rate import ShortRateState, ShortRateTerms, bond, observe_rates
from spv_sim.spv.book import (
    CASH,
    DEBT,
    EVENT_OF_DEFAULT,
    HEDGE_COST,
    HEDGE_DUE,
    HEDGE_PAID,
    HEDGE_RECEIVED,
    TERMINATION_DUE,
    TERMINATION_PAID,
    Book,
    add,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.floating_rate import cap_payoff, swap_settlement
from spv_sim.spv.interest import InterestTerms, base_rate

NO_HEDGE, SWAP, CAP = 0, 1, 2


class HedgeTerms(NamedTuple):
    """Hedges of n tranches.

    used : whether there is one.  kind : (n,) int64, NO_HEDGE, SWAP or CAP.
    notional : (n, months + 1) float64, of the payment period that ends in the month; no more than is owed
        counts [USD].
    rate : (n,) float64, what a swap pays, or the strike of a cap [1/year].
    every : (n,) int64, months of a payment period.
    """

    used: bool
    kind: Any
    notional: Any
    rate: Any
    every: Any


@routine
def value_of_swap(
    terms: HedgeTerms,
    interest: InterestTerms,
    i: int,
    month: int,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> Any:
    """What the periods to come of a swap are worth on a payment date to who pays the fixed rate [USD].

    Zero without a swap; as if it had not ended. The exact price of Hull and White, without volatility that of
    the forward curve. Source: model 7.6.
    """
    owed = read(book, tranche_cell(i, DEBT))
    value, before = like(owed, 0.0), like(owed, 1.0)
    every = terms.every[i] if terms.kind[i] == SWAP else terms.notional.shape[1]
    for end in range(month + every, terms.notional.shape[1], every):
        scheduled = terms.notional[i, end]
        if scheduled == 0.0:
            break
        after = bond(curve, month, end, short_rate.deviation)
        paid = 1.0 + terms.rate[i] * interest.accrual[i, end]
        value = value + minimum(scheduled, owed) * (before - after * paid)
        before = after
    return value


@jit
def end_swap(
    terms: HedgeTerms,
    interest: InterestTerms,
    i: int,
    month: int,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> Any:
    """Close the swap out on the date of an event of default: what the vehicle owes is a claim.

    Returns what it is paid instead where the swap is worth something [USD].
    """
    due, paid = tranche_cell(i, TERMINATION_DUE), tranche_cell(i, TERMINATION_PAID)
    ends = read(book, EVENT_OF_DEFAULT) == 1.0 * month
    value = like(book.template, 0.0)
    if any_of(ends):
        value = where(ends, value_of_swap(terms, interest, i, month, curve, short_rate, book), 0.0)
    write(book, due, maximum(read(book, due) - read(book, paid), 0.0) + maximum(-value, 0.0))
    write(book, paid, like(value, 0.0))
    return maximum(value, 0.0)


@routine
def settle_hedges(
    terms: HedgeTerms,
    interest: InterestTerms,
    month: int,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> Any:
    """Settle the periods that end on this date: the claims on the vehicle, and the cash that it gets [USD].

    A swap ends with an event of default, a cap, which is paid for, goes on.
    """
    received = like(book.template, 0.0)
    rates = observe_rates(curve, month, short_rate)
    for i in range(len(terms.kind)):
        if terms.kind[i] == NO_HEDGE:
            continue
        index, accrual = base_rate(interest, i, month, rates), interest.accrual[i, month]
        notional = minimum(terms.notional[i, month], read(book, tranche_cell(i, DEBT)))
        cost, ended = -cap_payoff(notional, accrual, terms.rate[i], index), like(notional, 0.0)
        if terms.kind[i] == SWAP:
            lives = read(book, EVENT_OF_DEFAULT) >= 1.0 * month
            cost = where(lives, swap_settlement(notional, accrual, terms.rate[i], index), 0.0)
            ended = end_swap(terms, interest, i, month, curve, short_rate, book)
        due, paid = tranche_cell(i, HEDGE_DUE), tranche_cell(i, HEDGE_PAID)
        write(book, due, maximum(read(book, due) - read(book, paid), 0.0) + maximum(cost, 0.0))
        write(book, paid, like(cost, 0.0))
        write(book, tranche_cell(i, HEDGE_COST), cost)
        gained = maximum(-cost, 0.0) + ended
        write(book, tranche_cell(i, HEDGE_RECEIVED), gained)
        received = received + gained
    add(book, CASH, received)
    return received

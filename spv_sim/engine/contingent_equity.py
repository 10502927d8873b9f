"""Paths whose interest up to completion follows their own rates: who pays the difference to the budget."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.layout import Layout
from spv_sim.engine.place import book_of, default_of
from spv_sim.engine.terms import Common
from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import like, load, store, where, width_of
from spv_sim.kernel.shelf import at
from spv_sim.market.market import MarketState
from spv_sim.market.short_rate import observe_rates
from spv_sim.spv.book import (
    CASH,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_VALUE,
    LENDER_VALUE,
    OUTSIDE_VALUE,
    TRAP,
    Book,
    add,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.contingent_equity import call_and_cash, interest_over_budget
from spv_sim.spv.deal import DealTerms


@routine
def realise_interest(
    common: Common, deals: Any, layout: Layout, month: int, state: MarketState, flows: Any, cells: Any
) -> None:
    """Pay the month's interest at the path's rates in the deals that are not complete.

    A default is met before the month's interest; what accrues from it to completion does so at forward rates.
    Source: model 2.5.
    """
    none = like(state.log_price_noise, 0.0)
    for d in range(len(layout.cells) - 1):
        deal = at(deals, d)
        if not deal.contingent.in_use or month > deal.completion:
            continue
        book, own = book_of(layout, d, cells, none), flows[layout.flows[d] * width_of(none) :]
        default_month = default_of(layout, d, cells, none)
        goes_on, over = default_month > 1.0 * month, none
        rates = observe_rates(common.market.short_rate, month, state.short_rate)
        for i in range(len(deal.tranche.rank)):
            if deal.contingent.owed[i, month] > 0.0:
                terms = deal.tranche.interest
                interest = interest_over_budget(deal.contingent, terms, i, month, rates, deal.tolerance)
                interest = where(goes_on, interest, 0.0)
                add_flow(deal, 1 + i, month, interest, own)
                over = over + interest
        call, cash = call_and_cash(deal.contingent, month, over, read(book, CASH))
        write(book, CASH, where(goes_on, cash, read(book, CASH)))
        add_flow(deal, 0, month, where(goes_on, deal.contingent.call[month] - call, 0.0), own)
        if month == deal.completion:
            count_differences(deal, default_month, own, book)


@jit
def add_flow(deal: DealTerms, investor: int, month: int, more: Any, flows: Any) -> None:
    """Add to the flow of an investor in a month [USD]."""
    place = (investor * (deal.last_month + 1) + month) * width_of(more)
    store(flows, place, load(flows, place, more) + more)


@routine
def count_differences(deal: DealTerms, default_month: Any, flows: Any, book: Book) -> None:
    """Bring the book at completion up to what has flowed, and hold the cash that was saved.

    The book of a default before completion counts what was planned up to it, as that of completion does.
    """
    lanes, months = width_of(default_month), deal.last_month + 1
    for month in range(1, deal.completion + 1):
        goes_on, worth = default_month > 1.0 * month, deal.discount[month]
        planned = deal.equity.net_flow[month]
        more = where(goes_on, load(flows, month * lanes, default_month) - planned, 0.0)
        add(book, EQUITY_PAID_IN, -more)
        add(book, EQUITY_NPV, deal.equity.discount[month] * more)
        add(book, EQUITY_VALUE, worth * more)
        outside = more
        for i in range(len(deal.tranche.rank)):
            paid = load(flows, ((1 + i) * months + month) * lanes, default_month)
            interest = where(goes_on, paid - deal.lender_flow[i, month], 0.0)
            add(book, tranche_cell(i, LENDER_VALUE), worth * interest)
            outside = outside + interest
        add(book, OUTSIDE_VALUE, worth * outside)
    add(book, TRAP, read(book, CASH))
    write(book, CASH, like(default_month, 0.0))

"""One path: the market moves, the deal runs on it, month after month, from its address alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.engine.columns import Columns, close_path
from spv_sim.engine.outcome import add_month, open_tally
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, store, width_of
from spv_sim.market.market import Market, MarketTerms, move_market, observe, open_market
from spv_sim.spv.deal import (
    DealState,
    DealTerms,
    Receipts,
    is_over,
    open_deal,
    run_month,
    settles_on_market,
)
from spv_sim.spv.waterfall import Payments


class Terms(NamedTuple):
    """All that a run needs beside its addresses: the market, the deal, the monthly hurdle rate."""

    market: MarketTerms
    deal: DealTerms
    hurdle: float


class LedgerRow(NamedTuple):
    """A month of a path, as the ledger keeps it."""

    price: Any
    lease_rate: Any
    default_month: Any
    rent: Any
    merchant: Any
    claim: Any
    sale: Any
    account_interest: Any
    opex: Any
    enforcement: Any
    costs_due: Any
    costs_paid: Any
    int_due: Any
    int_arrears_due: Any
    int_paid: Any
    prin_due: Any
    prin_paid: Any
    reserve_topped_up: Any
    dist: Any
    debt_service: Any
    dscr: Any
    locked: Any
    cfads: Any
    event_of_default_month: Any
    revenue: Any
    trap: Any
    dsra: Any
    D: Any
    cost_arrears: Any
    interest_arrears: Any
    principal_arrears: Any


@jit
def ledger_row(market: Market, state: DealState, got: Receipts, paid: Payments) -> LedgerRow:
    """The month as a row."""
    return LedgerRow(
        price=market.price,
        lease_rate=market.lease_rate,
        default_month=market.default_month,
        rent=got.rent,
        merchant=got.merchant,
        claim=got.claim,
        sale=got.sale,
        account_interest=got.account_interest,
        opex=got.opex,
        enforcement=got.enforcement,
        costs_due=paid.costs_due,
        costs_paid=paid.costs_paid,
        int_due=paid.current_interest,
        int_arrears_due=paid.interest_due - paid.current_interest,
        int_paid=paid.interest_paid,
        prin_due=paid.principal_due,
        prin_paid=paid.principal_paid,
        reserve_topped_up=paid.reserve_topped_up,
        dist=paid.distribution,
        debt_service=paid.current_interest + paid.principal_due,
        dscr=paid.dscr,
        locked=paid.locked,
        cfads=got.rent + got.merchant + got.account_interest - got.opex - got.enforcement,
        event_of_default_month=state.default_month,
        revenue=state.balances.revenue,
        trap=state.balances.trap,
        dsra=state.balances.dsra,
        D=state.balances.debt,
        cost_arrears=state.balances.cost_arrears,
        interest_arrears=state.balances.interest_arrears,
        principal_arrears=state.balances.principal_arrears,
    )


@jit
def run_path(
    terms: Terms, seed: Any, path: Any, equity_flows: Any, lender_flows: Any, ledger: Any, stride: int, offset: int
) -> Columns:
    """Run the paths of `path` (one, or a lane each) to their columns.

    `equity_flows` and `lender_flows` are scratch of (months + 1) x lanes; a `ledger` of length 0 is not kept.
    """
    deal = terms.deal
    market_state = open_market(terms.market, seed, path)
    none = like(market_state.log_price_noise, 0.0)
    lanes = width_of(none)
    state = open_deal(deal, none)
    tally = open_tally(deal, none)
    for month in range(deal.completion + 1):
        store(equity_flows, month * lanes, like(none, deal.equity.net_flow[month]))
        store(lender_flows, month * lanes, like(none, deal.lender_flow[month]))
    keeps = len(ledger) > 0
    for month in range(1, deal.last_month + 1):
        if month > deal.lease.last_month and not keeps:
            if is_over(deal, month, market_state.default_month, state):
                store(equity_flows, month * lanes, none)
                store(lender_flows, month * lanes, none)
                continue
        if month <= deal.lease.last_month or keeps or any_of(state.sold_in >= month):
            market_state = move_market(terms.market, month, seed, path, market_state)
        if month <= deal.completion:
            continue
        settles = keeps or settles_on_market(deal, month, market_state.default_month, state)
        market = observe(terms.market, month, market_state, settles)
        before = state
        state, got, paid = run_month(deal, month, market, before)
        tally = add_month(deal, month, before, state, got, paid, tally)
        store(equity_flows, month * lanes, paid.distribution)
        store(lender_flows, month * lanes, paid.interest_paid + paid.principal_paid)
        if keeps:
            row = ledger_row(market, state, got, paid)
            for column in range(len(row)):
                store(ledger, (month * len(row) + column) * stride + offset, row[column])
    return close_path(
        deal, equity_flows, lender_flows, terms.hurdle, market_state.default_month, state, tally
    )

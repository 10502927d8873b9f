"""One path: the market moves, the deal runs on it, month after month, from its address alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.engine.columns import Columns, close_path
from spv_sim.engine.outcome import Tally, add_month, open_tally
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, minimum, store, where, width_of
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market, MarketTerms, move_market, observe, open_market
from spv_sim.spv.assets import Receipts, first_market_month, operating_cash, settles_on_market
from spv_sim.spv.deal import (
    DealState,
    DealTerms,
    account_interest,
    is_over,
    open_deal,
    run_month,
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
    purchase: Any
    termination: Any
    guarantee: Any
    deposit: Any
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


class Trunk(NamedTuple):
    """The part of the month-by-month run that paths share, because nothing drawn has touched their deal yet.

    Up to the lessee's default or the first month in which the lease settles on the market, the deal takes no
    price, rate or default from it, so it stands the same on every path.
    """

    month: int
    state: DealState
    tally: Tally


@jit
def ledger_row(
    month: int, market: Market, state: DealState, got: Receipts, paid: Payments, interest: Any
) -> LedgerRow:
    """The month as a row."""
    return LedgerRow(
        price=market.price,
        lease_rate=market.lease_rate,
        default_month=where(market.default_month <= month, market.default_month, NEVER),
        rent=got.rent,
        merchant=got.merchant,
        claim=got.claim,
        sale=got.sale,
        purchase=got.purchase,
        termination=got.termination,
        guarantee=got.guarantee,
        deposit=got.deposit,
        account_interest=interest,
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
        cfads=operating_cash(got) + interest,
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
def first_own_month(terms: DealTerms, default_month: Any) -> Any:
    """Month from which the deal of a path is its own: the lessee's default, or the first market month."""
    return minimum(default_month, 1.0 * first_market_month(terms.assets))


@jit
def open_trunk(terms: DealTerms, template: Any, equity_flows: Any, lender_flows: Any) -> Trunk:
    """The trunk at completion; writes the flows up to it."""
    lanes = width_of(template)
    for month in range(terms.completion + 1):
        store(equity_flows, month * lanes, like(template, terms.equity.net_flow[month]))
        store(lender_flows, month * lanes, like(template, terms.lender_flow[month]))
    return Trunk(terms.completion, open_deal(terms, template), open_tally(terms, template))


@jit
def run_path(
    terms: Terms,
    seed: Any,
    path: Any,
    trunk: Trunk,
    fork: float,
    equity_flows: Any,
    lender_flows: Any,
    ledger: Any,
    stride: int,
    offset: int,
) -> tuple[Columns, Trunk]:
    """Run the paths of `path` (one, or a lane each) from the trunk to their columns, and grow the trunk.

    `fork` is the first month in which one of them leaves the trunk; no earlier than the trunk's own month.
    `equity_flows` and `lender_flows` are scratch of (months + 1) x lanes, which hold the trunk's flows; a
    `ledger` of length 0 is not kept.
    """
    deal = terms.deal
    market_state = open_market(terms.market, seed, path)
    none = like(market_state.log_price_noise, 0.0)
    lanes = width_of(none)
    state, tally = trunk.state, trunk.tally
    trunk_month, trunk_state, trunk_tally = trunk.month, trunk.state, trunk.tally
    keeps = len(ledger) > 0
    for month in range(1, deal.last_month + 1):
        after_lease = month > deal.assets.lease.last_month and not keeps
        if after_lease and is_over(deal, month, market_state.default_month, state):
            store(equity_flows, month * lanes, none)
            store(lender_flows, month * lanes, none)
            continue
        if month <= deal.assets.lease.last_month or keeps or any_of(state.assets.tenure.sold_in >= month):
            market_state = move_market(terms.market, month, seed, path, market_state)
        if month <= trunk.month:
            continue
        settles = keeps or settles_on_market(deal.assets, month, market_state.default_month, state.assets)
        market = observe(terms.market, month, market_state, settles)
        before = state
        state, got, paid = run_month(deal, month, market, before)
        tally = add_month(deal, month, before, state, got, paid, tally)
        store(equity_flows, month * lanes, paid.distribution)
        store(lender_flows, month * lanes, paid.interest_paid + paid.principal_paid)
        if month < fork:
            trunk_month, trunk_state, trunk_tally = month, state, tally
        if keeps:
            interest = account_interest(deal, before.balances)
            row = ledger_row(month, market, state, got, paid, interest)
            for column in range(len(row)):
                store(ledger, (month * len(row) + column) * stride + offset, row[column])
    columns = close_path(
        deal, equity_flows, lender_flows, terms.hurdle, market_state.default_month, state, tally
    )
    return columns, Trunk(trunk_month, trunk_state, trunk_tally)

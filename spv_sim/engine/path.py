"""One path: the market moves, the deals run on it, month after month, from its address alone."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.columns import close_path
from spv_sim.engine.contingent_equity import realise_interest
from spv_sim.engine.early_default import plan_flows, stop_draws
from spv_sim.engine.layout import Layout
from spv_sim.engine.ledger import write_row
from spv_sim.engine.outcome import count_month
from spv_sim.engine.place import (
    assets_of,
    book_of,
    clear_flows,
    default_of,
    keep_assets,
    meet_default_month,
    open_place,
    seen_by,
    write_flows,
)
from spv_sim.engine.sharing import share_cash
from spv_sim.engine.terms import Common
from spv_sim.engine.ties import close_programme, share_defaults
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, minimum, store, width_of
from spv_sim.kernel.shelf import at
from spv_sim.market.market import Market, move_market, observe, open_market
from spv_sim.market.short_rate import ShortRateTerms
from spv_sim.spv.asset_terms import AssetState
from spv_sim.spv.asset_watch import first_market_month, follows_market, settles_on_market
from spv_sim.spv.assets import open_assets
from spv_sim.spv.book import cash_held
from spv_sim.spv.deal import DealTerms, is_over, run_month


@jit
def first_own_month(deals: Any, layout: Layout, default_month: Any) -> Any:
    """Month from which the deals of a path are its own: the default, a floating coupon or a market month.

    Up to it they take no price, rate or default from the market, so they stand the same on every path: that
    part of the run, the trunk, is run once. Of two paths the one that defaults sooner has the sooner one, or
    both have the same.
    """
    month = default_month
    for d in range(len(layout.cells) - 1):
        deal = at(deals, d)
        of_contract = first_market_month(deal.assets)
        if deal.covenant.on_market:
            of_contract = min(of_contract, deal.completion + 1)
        if deal.refinance.in_use:
            of_contract = min(of_contract, deal.refinance.month)
        of_market = minimum(deal.first_rate_month, 1.0 * of_contract)
        month = minimum(month, of_market)
    return month


@jit
def leave_trunk(trunk: Any, cells: Any, template: Any) -> None:
    """Begin the cells of the lanes with what the trunk leaves, one number a cell."""
    for cell in range(len(trunk)):
        store(cells, cell * width_of(template), like(template, trunk[cell]))


@jit
def keep_trunk(cells: Any, trunk: Any, template: Any) -> None:
    """Keep what all lanes have in common before the first of them leaves the trunk."""
    for cell in range(len(trunk)):
        trunk[cell] = cells[cell * width_of(template)]


@jit
def open_trunk(deals: Any, layout: Layout, template: Any, flows: Any, cells: Any, trunk: Any) -> None:
    """Every deal at its completion, with the flows up to it."""
    for d in range(len(layout.cells) - 1):
        open_place(layout, d, at(deals, d), template, flows, cells)
    keep_trunk(cells, trunk, template)


@jit
def is_running(deal: DealTerms, month: int) -> bool:
    """Whether the month lies behind the deal's completion, and not behind its last month."""
    return deal.completion < month <= deal.last_month


@jit
def are_over(deals: Any, layout: Layout, month: int, cells: Any, none: Any, assets: AssetState) -> bool:
    """Whether nothing can happen to any deal on any lane."""
    over = True
    for d in range(len(layout.cells) - 1):
        own = assets_of(layout, d, cells, assets)
        book = book_of(layout, d, cells, none)
        deal = at(deals, d)
        over = over and (month > deal.last_month or is_over(deal, month, own, book))
    return over


@jit
def follow(deals: Any, layout: Layout, month: int, cells: Any, assets: AssetState) -> bool:
    """Whether any deal on any lane still has units, a rate to agree on, or debt that floats."""
    follows = False
    for d in range(len(layout.cells) - 1):
        deal, own = at(deals, d), assets_of(layout, d, cells, assets)
        has_units = any_of(follows_market(deal.assets, month, deal.last_month, own))
        follows = follows or has_units or deal.tranche.interest.any_floats
    return follows


@jit
def settle(deals: Any, layout: Layout, month: int, cells: Any, none: Any, assets: AssetState) -> bool:
    """Whether any deal takes a price or rate from the market in the month."""
    settles = False
    for d in range(len(layout.cells) - 1):
        own = assets_of(layout, d, cells, assets)
        default_month, deal = default_of(layout, d, cells, none), at(deals, d)
        if is_running(deal, month):
            settles = settles or settles_on_market(deal.assets, month, deal.last_month, default_month, own)
            if deal.covenant.on_market:
                settles = settles or deal.pays[month]
            if deal.refinance.in_use:
                settles = settles or month == deal.refinance.month
    return settles


@jit
def run_deal(
    deals: Any,
    layout: Layout,
    d: int,
    month: int,
    rates: ShortRateTerms,
    market: Market,
    flows: Any,
    cells: Any,
    ledger: Any,
    stride: int,
    offset: int,
    template: AssetState,
) -> None:
    """The month of one deal: run, counted, its flows booked."""
    deal, none = at(deals, d), like(template.units, 0.0)
    book = book_of(layout, d, cells, none)
    own = seen_by(deal, default_of(layout, d, cells, none), market)
    opening = cash_held(book)
    held = assets_of(layout, d, cells, template)
    assets, got, inflow, breach = run_month(deal, month, rates, own, held, opening, book)
    keep_assets(layout, d, cells, assets)
    count_month(deal, month, opening, inflow, got, breach, book)
    if deal.pays[month]:
        write_flows(deal, month, flows[layout.flows[d] * width_of(none) :], book)
    if len(ledger) > 0:
        interest = deal.account_rate * deal.falls[month] * opening
        rows_of_deal = ledger[layout.ledger[d] * stride :]
        write_row(rows_of_deal, deal, month, rates, own, got, interest, book, stride, offset)


@jit
def run_path(
    common: Common,
    deals: Any,
    layout: Layout,
    seed: Any,
    path: Any,
    default_month: Any,
    trunk_month: int,
    fork: float,
    trunk: Any,
    flows: Any,
    cells: Any,
    rows: Any,
    ledger: Any,
    stride: int,
    offset: int,
) -> tuple[int, int]:
    """Run the paths of `path` (one, or a lane each) from the trunk and write their columns.

    Returns the month up to which the trunk is run now, and the month from which on nothing flows.

    `fork` is the first month in which one of them leaves the trunk; no earlier than the trunk's own month.
    `flows` holds the trunk's, `trunk` its books at the end of `trunk_month`; `cells` is scratch; the
    columns go to rows[:, offset]; a `ledger` of length 0 is not kept.
    """
    market_state = open_market(common.market, seed, path, default_month)
    none = like(market_state.log_price_noise, 0.0)
    n, keeps = len(layout.cells) - 1, len(ledger) > 0
    template = open_assets(at(deals, 0).assets, none)
    if layout.last_stop > 0 or layout.last_contingent > 0:
        plan_flows(deals, layout, none, flows, cells)
    leave_trunk(trunk, cells, none)
    for d in range(n):
        meet_default_month(layout, d, at(deals, d), default_month, cells)
    begin, over = trunk_month, layout.last_month + 1
    for month in range(1, layout.last_month + 1):
        after_leases = month > layout.lease_end and not keeps
        if after_leases and are_over(deals, layout, month, cells, none, template):
            over = month
            break
        if not after_leases or follow(deals, layout, month, cells, template):
            market_state = move_market(common.market, month, seed, path, market_state)
        if month <= layout.last_stop:
            stop_draws(common, deals, layout, month, market_state, template, flows, cells)
        if month <= layout.last_contingent:
            realise_interest(common, deals, layout, month, market_state, flows, cells)
        if month <= begin:
            continue
        settles = keeps or settle(deals, layout, month, cells, none, template)
        market = observe(common.market, month, market_state, settles)
        for d in range(n):
            if is_running(at(deals, d), month):
                run_deal(
                    deals,
                    layout,
                    d,
                    month,
                    common.market.short_rate,
                    market,
                    flows,
                    cells,
                    ledger,
                    stride,
                    offset,
                    template,
                )
        if len(common.ties.cross_collateral) > 0:
            share_cash(common.ties, deals, layout, month, flows, cells, none, ledger, stride, offset)
        if n > 1:
            share_defaults(common.ties, layout, month, cells, none)
        if month < fork:
            trunk_month = month
            if month + 1.0 >= fork:
                keep_trunk(cells, trunk, none)
    for d in range(n):
        deal, own = at(deals, d), flows[layout.flows[d] * width_of(none) :]
        clear_flows(deal, over, own, none)
        book, columns = book_of(layout, d, cells, none), rows[layout.columns[d] :]
        close_path(deal, own, common.hurdle, default_of(layout, d, cells, none), book, columns, offset)
    if n > 1:
        close_programme(deals, layout, flows, cells, common.hurdle, none, rows, offset)
    return trunk_month, over

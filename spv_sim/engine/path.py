"""One path: the market moves, the deal runs on it, month after month, from its address alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.engine.classes import pay_classes
from spv_sim.engine.columns import close_path
from spv_sim.engine.ledger import write_row
from spv_sim.engine.outcome import count_month, count_tranche
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, minimum, store, width_of
from spv_sim.market.market import MarketTerms, move_market, observe, open_market
from spv_sim.spv.assets import AssetState, first_market_month, open_assets, settles_on_market
from spv_sim.spv.book import DISTRIBUTED, Book, cash_held, read
from spv_sim.spv.deal import DealTerms, is_over, open_book, run_month


class Terms(NamedTuple):
    """All that a run needs beside its addresses: the market, the deal, the monthly hurdle rate."""

    market: MarketTerms
    deal: DealTerms
    hurdle: float


class Trunk(NamedTuple):
    """The part of the month-by-month run that paths share, because nothing drawn has touched their deal yet.

    Up to the lessee's default, the first month in which the lease settles on the market or the first floating
    coupon, the deal takes no price, rate or default from it, so it stands the same on every path.

    cells : the book at the end of `month`.
    """

    month: int
    assets: AssetState
    cells: Any


@jit
def first_own_month(terms: DealTerms, default_month: Any) -> Any:
    """Month from which the deal of a path is its own: the lessee's default, or the first market month.

    Of two paths the one that defaults sooner has the sooner one, or both have the same.
    """
    of_market = minimum(terms.first_rate_month, 1.0 * first_market_month(terms.assets))
    return minimum(default_month, of_market)


@jit
def open_trunk(terms: DealTerms, template: Any, flows: Any, cells: Any) -> Trunk:
    """The trunk at completion; writes the flows up to it."""
    lanes, months = width_of(template), terms.last_month + 1
    for month in range(terms.completion + 1):
        store(flows, month * lanes, like(template, terms.equity.net_flow[month]))
        for i in range(len(terms.tranche.rank)):
            at = ((1 + i) * months + month) * lanes
            store(flows, at, like(template, terms.lender_flow[i, month]))
        for j in range(len(terms.classes.preferred)):
            at = ((1 + len(terms.tranche.rank) + j) * months + month) * lanes
            store(flows, at, like(template, terms.classes.flow[j, month]))
    book = Book(cells, template)
    open_book(terms, book)
    if len(terms.classes.preferred) > 0:
        pay_classes(terms, terms.completion, flows, book)
    return Trunk(terms.completion, open_assets(terms.assets, template), cells)


@jit
def write_flows(terms: DealTerms, month: int, flows: Any, book: Book) -> None:
    """Book the payment date's payments to the investors; nothing else ever flows to them after completion."""
    lanes, months = width_of(book.template), terms.last_month + 1
    store(flows, month * lanes, read(book, DISTRIBUTED))
    for i in range(len(terms.tranche.rank)):
        store(flows, ((1 + i) * months + month) * lanes, count_tranche(terms, month, i, book))
    if len(terms.classes.preferred) > 0:
        pay_classes(terms, month, flows, book)


@jit
def count_investors(terms: DealTerms) -> int:
    """Rows of the flows: the whole equity, each tranche, each class of equity."""
    return 1 + len(terms.tranche.rank) + len(terms.classes.preferred)


@jit
def clear_flows(terms: DealTerms, first_month: int, flows: Any, template: Any) -> None:
    """No payments on any date from a month on."""
    lanes, months = width_of(template), terms.last_month + 1
    for month in range(first_month, months):
        if terms.pays[month]:
            for investor in range(count_investors(terms)):
                store(flows, (investor * months + month) * lanes, template)


@jit
def copy(source: Any, target: Any) -> None:
    """Copy one array into another of the same length."""
    for i in range(len(source)):
        target[i] = source[i]


@jit
def run_path(
    terms: Terms,
    seed: Any,
    path: Any,
    default_month: Any,
    trunk: Trunk,
    fork: float,
    flows: Any,
    cells: Any,
    rows: Any,
    ledger: Any,
    stride: int,
    offset: int,
) -> tuple[Trunk, int]:
    """Run the paths of `path` (one, or a lane each) from the trunk and write their columns.

    Returns the trunk, grown, and the month from which on nothing flows.

    `fork` is the first month in which one of them leaves the trunk; no earlier than the trunk's own month.
    `flows`, (1 + n + m) x (months + 1) x lanes, holds the trunk's; `cells` is scratch for the book; the
    columns go to rows[:, offset]; a `ledger` of length 0 is not kept.
    """
    deal = terms.deal
    market_state = open_market(terms.market, seed, path, default_month)
    none = like(market_state.log_price_noise, 0.0)
    book = Book(cells, none)
    copy(trunk.cells, cells)
    assets = trunk.assets
    trunk_month, trunk_assets = trunk.month, trunk.assets
    keeps = len(ledger) > 0
    over = deal.last_month + 1
    for month in range(1, deal.last_month + 1):
        after_lease = month > deal.assets.lease.last_month and not keeps
        if after_lease and is_over(deal, month, assets, book):
            over = month
            break
        moves = month <= deal.assets.lease.last_month or keeps or deal.tranche.interest.any_floats
        if moves or any_of(assets.tenure.sold_in >= month):
            market_state = move_market(terms.market, month, seed, path, market_state)
        if month <= trunk.month:
            continue
        settles = keeps or settles_on_market(deal.assets, month, market_state.default_month, assets)
        market = observe(terms.market, month, market_state, settles)
        opening = cash_held(book)
        assets, got, inflow, breach = run_month(deal, month, terms.market.short_rate, market, assets, book)
        count_month(deal, month, opening, inflow, got, breach, book)
        if deal.pays[month]:
            write_flows(deal, month, flows, book)
        if month < fork:
            trunk_month, trunk_assets = month, assets
            if month + 1.0 >= fork:
                copy(cells, trunk.cells)
        if keeps:
            interest = deal.account_rate * deal.falls[month] * opening
            curve = terms.market.short_rate
            write_row(ledger, deal, month, curve, market, got, interest, book, stride, offset)
    clear_flows(deal, over, flows, none)
    close_path(deal, flows, terms.hurdle, market_state.default_month, book, rows, offset)
    return Trunk(trunk_month, trunk_assets, trunk.cells), over

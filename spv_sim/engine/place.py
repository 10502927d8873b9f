"""One deal's place on a path: its book, what is remembered of its assets, and its flows to the investors."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.classes import pay_classes
from spv_sim.engine.layout import Layout
from spv_sim.engine.outcome import count_tranche
from spv_sim.engine.terms import count_investors
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, load, store, where, width_of
from spv_sim.kernel.records import read_record, write_record
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.asset_terms import AssetState
from spv_sim.spv.assets import open_assets
from spv_sim.spv.book import DISTRIBUTED, EQUITY_CURE, Book, read
from spv_sim.spv.deal import DealTerms, open_book


@jit
def book_of(layout: Layout, d: int, cells: Any, template: Any) -> Book:
    """The book of deal `d`."""
    return Book(cells[layout.cells[d] * width_of(template) :], template)


@jit
def assets_of(layout: Layout, d: int, cells: Any, template: AssetState) -> AssetState:
    """What is remembered of its assets."""
    return read_record(cells, layout.assets[d] * width_of(template.units), template)


@jit
def keep_assets(layout: Layout, d: int, cells: Any, assets: AssetState) -> None:
    """Remember it."""
    write_record(cells, layout.assets[d] * width_of(assets.units), assets)


@jit
def default_of(layout: Layout, d: int, cells: Any, template: Any) -> Any:
    """Month of the lessee's default as the deal meets it: its own next rent date."""
    return load(cells, (layout.cells[d + 1] - 1) * width_of(template), template)


@jit
def meet_default_month(layout: Layout, d: int, deal: DealTerms, default_month: Any, cells: Any) -> None:
    """Keep the deal's first unpaid rent date for a default of the lessee in a month."""
    unpaid = default_month
    if len(layout.cells) > 2:
        unpaid = like(default_month, NEVER)
        for month in range(len(deal.rent_dates) - 1, 0, -1):
            if deal.rent_dates[month]:
                unpaid = where(default_month <= month, 1.0 * month, unpaid)
    store(cells, (layout.cells[d + 1] - 1) * width_of(default_month), unpaid)


@jit
def seen_by(deal: DealTerms, default_month: Any, market: Market) -> Market:
    """The market as a deal sees it: the price of its own units, the default on its own lease."""
    return Market(
        market.price * deal.price_scale,
        market.lease_rate,
        market.log_lease_rate,
        market.utilisation,
        default_month,
        market.short_rate,
        market.contract,
        market.failures,
    )


@jit
def open_place(layout: Layout, d: int, deal: DealTerms, template: Any, flows: Any, cells: Any) -> None:
    """The deal at its completion, with the flows up to it."""
    lanes, months = width_of(template), deal.last_month + 1
    own = flows[layout.flows[d] * lanes :]
    for month in range(deal.completion + 1):
        store(own, month * lanes, like(template, deal.equity.net_flow[month]))
        for i in range(len(deal.tranche.rank)):
            at = ((1 + i) * months + month) * lanes
            store(own, at, like(template, deal.lender_flow[i, month]))
        for j in range(len(deal.classes.preferred)):
            at = ((1 + len(deal.tranche.rank) + j) * months + month) * lanes
            store(own, at, like(template, deal.classes.flow[j, month]))
    book = book_of(layout, d, cells, template)
    open_book(deal, book)
    if len(deal.classes.preferred) > 0:
        pay_classes(deal, deal.completion, own, book)
    keep_assets(layout, d, cells, open_assets(deal.assets, template))


@jit
def write_flows(deal: DealTerms, month: int, flows: Any, book: Book) -> None:
    """Book the payment date's payments to the investors; nothing else ever flows to them after completion."""
    lanes, months = width_of(book.template), deal.last_month + 1
    store(flows, month * lanes, read(book, DISTRIBUTED) - read(book, EQUITY_CURE))
    for i in range(len(deal.tranche.rank)):
        store(flows, ((1 + i) * months + month) * lanes, count_tranche(deal, month, i, book))
    if len(deal.classes.preferred) > 0:
        pay_classes(deal, month, flows, book)


@jit
def clear_flows(deal: DealTerms, first_month: int, flows: Any, template: Any) -> None:
    """No payments on any date from a month on."""
    lanes, months = width_of(template), deal.last_month + 1
    for month in range(max(first_month, deal.completion + 1), months):
        if deal.pays[month]:
            for investor in range(count_investors(deal)):
                store(flows, (investor * months + month) * lanes, template)

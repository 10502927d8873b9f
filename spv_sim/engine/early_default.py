"""Paths on which the lessee defaults before a deal's completion leave the trunk in that month."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.layout import Layout
from spv_sim.engine.place import assets_of, book_of, default_of, keep_assets, open_place, seen_by
from spv_sim.engine.terms import Common
from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, load, store, where, width_of
from spv_sim.kernel.shelf import at
from spv_sim.market.market import MarketState, observe
from spv_sim.spv.asset_terms import AssetState
from spv_sim.spv.draw_stop import enter_workout, stop_book


@jit
def plan_flows(deals: Any, layout: Layout, template: Any, flows: Any, cells: Any) -> None:
    """Put back the flows up to completion that earlier paths may have changed; `cells` is scratch."""
    for d in range(len(layout.cells) - 1):
        if at(deals, d).stop.in_use or at(deals, d).contingent.in_use:
            open_place(layout, d, at(deals, d), template, flows, cells)


@routine
def stop_draws(
    common: Common,
    deals: Any,
    layout: Layout,
    month: int,
    state: MarketState,
    template: AssetState,
    flows: Any,
    cells: Any,
) -> None:
    """Stop the draws of the deals that are not complete, where the lessee defaults in the month.

    Source: model 1.6.
    """
    lanes = width_of(template.units)
    for d in range(len(layout.cells) - 1):
        deal = at(deals, d)
        default_month = default_of(layout, d, cells, template.units)
        now = default_month == 1.0 * month
        if not deal.stop.in_use or month > deal.completion or not any_of(now):
            continue
        book, own = book_of(layout, d, cells, template.units), flows[layout.flows[d] * lanes :]
        stop_book(deal.stop, month, now, book)
        for investor in range(deal.stop.flow.shape[1]):
            for later in range(month, deal.completion + 1):
                place = (investor * (deal.last_month + 1) + later) * lanes
                planned = load(own, place, template.units)
                store(own, place, where(now, deal.stop.flow[month, investor, later], planned))
        market = seen_by(deal, default_month, observe(common.market, month, state, True))
        held = assets_of(layout, d, cells, template)
        keep_assets(
            layout,
            d,
            cells,
            enter_workout(
                deal.assets,
                deal.stop,
                month,
                deal.last_month,
                deal.discount[month],
                now,
                market,
                held,
                book,
            ),
        )

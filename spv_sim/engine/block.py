"""A block of paths: lanes after lanes, columns side by side, flows summed in an order no width changes."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.engine.layout import Layout
from spv_sim.engine.path import first_own_month, open_trunk, run_path
from spv_sim.engine.summing import SLOTS
from spv_sim.engine.terms import Common
from spv_sim.kernel.jit import jit, kernel, routine
from spv_sim.kernel.lanes import like, paths, store, with_lane
from spv_sim.kernel.references import refer
from spv_sim.kernel.shelf import at
from spv_sim.market.market import draw_default_month


class Scratch(NamedTuple):
    """Working memory of a block, for n_paths rounded up to SLOTS.

    flows : (n_flows * lanes,) float64, of the paths under way; zero but on payment dates.
    cells : (n_cells * lanes,) float64, what the deals remember on them.
    trunk : (n_cells,) float64, the same of the months that all paths share.
    rows : (n_columns, more) float64, the columns in the order in which the paths run; more by a line of the
        cache, without which one place of all columns would meet in the same few lines of it.
    default_months, own_months : (as many,) float64, month of each path's default, and its first own month.
    order : (as many,) uint64, positions of the paths in the block, those that leave the trunk first in front.
    begins : (months + 2,) int64, where in `order` the next path of a month goes.
    """

    flows: Any
    cells: Any
    trunk: Any
    rows: Any
    default_months: Any
    own_months: Any
    order: Any
    begins: Any


@routine
def sort_paths(default_months: Any, n_paths: int, order: Any, begins: Any) -> None:
    """Order the paths by their month of default, equals by number; the last one fills up the lanes behind.

    Their first own months, of which none rises as another default comes sooner, are in order then too.
    """
    last = len(begins) - 2.0
    for month in range(len(begins)):
        begins[month] = 0
    for position in range(n_paths):
        begins[int(min(default_months[position], last)) + 1] += 1
    for month in range(1, len(begins)):
        begins[month] += begins[month - 1]
    for position in range(n_paths):
        month = int(min(default_months[position], last))
        order[begins[month]] = position
        begins[month] += 1
    for place in range(n_paths, len(order)):
        order[place] = order[n_paths - 1]


@jit
def arrange(
    width: Any,
    common: Common,
    deals: Any,
    layout: Layout,
    seed: Any,
    first_path: Any,
    n_paths: int,
    scratch: Scratch,
) -> None:
    """Lay paths that default together side by side, so that lanes leave the trunk and are over together."""
    lanes = len(width)
    for offset in range(0, n_paths, lanes):
        default_month = draw_default_month(common.market, seed, paths(width, first_path + offset))
        store(scratch.default_months, offset, default_month)
        store(scratch.own_months, offset, first_own_month(deals, layout, default_month))
    sort_paths(scratch.default_months, n_paths, scratch.order, scratch.begins)


@jit
def add_month(
    flows: Any, sums: Any, month: int, order: Any, own_months: Any, lanes: int, offset: int, counted: int
) -> None:
    """Add an investor's flow of a month to the slots of those lanes that have left the trunk by then."""
    for lane in range(counted):
        place = order[offset + lane]
        if own_months[place] <= month:
            sums[month, place % SLOTS] += flows[month * lanes + lane]


@routine
def add_own_flows(
    dates: Any,
    completion: int,
    flows: Any,
    scratch: Scratch,
    over: int,
    lanes: int,
    flow_sums: Any,
    offset: int,
    counted: int,
) -> None:
    """Add a deal's flows on the lanes, from each path's own first month to `over`, to the sums of its slot.

    flows : those of the deal.  flow_sums : (its investors, months + 1, SLOTS).
    Lanes beyond `counted` do not exist. After completion nothing flows but on payment dates; a path may leave
    the trunk before this deal is complete, where another deal is sooner.
    """
    months = len(flows) // (flow_sums.shape[0] * lanes)
    order, own_months = scratch.order, scratch.own_months
    first = int(own_months[order[offset]])
    for investor in range(flow_sums.shape[0]):
        own, sums = flows[investor * months * lanes :], flow_sums[investor]
        for month in range(first, completion + 1):
            add_month(own, sums, month, order, own_months, lanes, offset, counted)
        for date in range(len(dates)):
            if first <= dates[date] < over:
                add_month(own, sums, dates[date], order, own_months, lanes, offset, counted)


@routine
def add_shared_flows(flows: Any, scratch: Scratch, lanes: int, n_paths: int, flow_sums: Any) -> None:
    """Add the flows of a deal in the months that paths share, as often as a slot's paths share them.

    The last path in order shares the most months, and its flows are the last ones in the scratch.
    """
    months = len(flows) // (flow_sums.shape[0] * lanes)
    lane = (n_paths - 1) % lanes
    for slot in range(SLOTS):
        begins = scratch.begins
        for month in range(len(begins)):
            begins[month] = 0
        sharing = 0
        for place in range(slot, n_paths, SLOTS):
            begins[int(scratch.own_months[place])] += 1
            sharing += 1
        for month in range(months):
            sharing -= begins[month]
            if sharing == 0:
                break
            for investor in range(flow_sums.shape[0]):
                flow = flows[(investor * months + month) * lanes + lane]
                flow_sums[investor, month, slot] += sharing * flow


@routine
def scatter(rows: Any, order: Any, columns: Any, begin: int, n_paths: int) -> None:
    """Write the columns where their paths belong: one after the other, so that each stays in the cache."""
    for column in range(columns.shape[0]):
        here, there = rows[column], columns[column, begin:]
        for place in range(n_paths):
            there[order[place]] = here[place]


@kernel
def run_block(
    width: Any,
    common: Common,
    deals: Any,
    layout: Layout,
    seed: Any,
    first_path: Any,
    n_paths: int,
    columns: Any,
    begin: int,
    flow_sums: Any,
    scratch: Scratch,
    ledger: Any,
    stride: int,
) -> None:
    """Run `n_paths` from `first_path`, as many at a time as `width` has lanes.

    deals : a shelf of closed deals.
    columns : (n, at least begin + n_paths) float64, written from `begin` on.
    flow_sums : (investors, months + 1, SLOTS) float64, flows of every deal's equity and tranches, added to;
        not where a ledger is kept.
    ledger : () or (rows of every deal, stride) float64 flattened, written; its paths run in their own order.
    """
    common, layout, scratch = refer(common), refer(layout), refer(scratch)
    lanes, n = len(width), len(layout.cells) - 1
    keeps = len(ledger) > 0
    path = paths(width, first_path)
    open_trunk(deals, layout, like(path, 0.0), scratch.flows, scratch.cells, scratch.trunk)
    trunk_month = layout.first_month
    arrange(width, common, deals, layout, seed, first_path, n_paths, scratch)
    if keeps:
        for place in range(len(scratch.order)):
            scratch.order[place] = place
    default_month = like(path, 0.0)
    for offset in range(0, n_paths, lanes):
        for lane in range(lanes):
            place = scratch.order[offset + lane]
            path = with_lane(path, lane, first_path + place)
            default_month = with_lane(default_month, lane, scratch.default_months[place])
        fork = 0.0 if keeps else scratch.own_months[scratch.order[offset]]
        trunk_month, over = run_path(
            common,
            deals,
            layout,
            seed,
            path,
            default_month,
            trunk_month,
            fork,
            scratch.trunk,
            scratch.flows,
            scratch.cells,
            scratch.rows,
            ledger,
            stride,
            offset,
        )
        if not keeps:
            counted = min(lanes, n_paths - offset)
            for d in range(n):
                own = scratch.flows[layout.flows[d] * lanes : layout.flows[d + 1] * lanes]
                sums = flow_sums[layout.investors[d] : layout.investors[d + 1]]
                dates, completion = at(deals, d).dates, at(deals, d).completion
                add_own_flows(dates, completion, own, scratch, over, lanes, sums, offset, counted)
    scatter(scratch.rows, scratch.order, columns, begin, n_paths)
    if not keeps:
        for d in range(n):
            own = scratch.flows[layout.flows[d] * lanes : layout.flows[d + 1] * lanes]
            sums = flow_sums[layout.investors[d] : layout.investors[d + 1]]
            add_shared_flows(own, scratch, lanes, n_paths, sums)

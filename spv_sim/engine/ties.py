"""What ties deals of one programme together: the default of one is a default of all, equity is one sum."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.layout import Layout
from spv_sim.engine.place import book_of
from spv_sim.engine.terms import Ties
from spv_sim.kernel.irr import irr
from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import like, load, minimum, store, where, width_of
from spv_sim.kernel.shelf import at
from spv_sim.market.credit import NEVER
from spv_sim.spv.book import CAUSE_OF_DEFAULT, EVENT_OF_DEFAULT, SHARED, read, write
from spv_sim.spv.event_of_default import CROSS_DEFAULT

PROGRAMME_COLUMNS = ("programme.equity_irr", "programme.equity_irr_flag", "programme.cash_shared")
"""What a path of several deals leaves beside the columns of each."""


@routine
def share_defaults(ties: Ties, layout: Layout, month: int, cells: Any, none: Any) -> None:
    """Begin an event of default next month in every tied deal, where one of them is in one now.

    Source: model 9.6: flags raised at k act at k + 1, so that no order among the deals matters.
    """
    first = like(none, NEVER)
    for d in range(len(layout.cells) - 1):
        if ties.cross_default[d]:
            first = minimum(first, read(book_of(layout, d, cells, none), EVENT_OF_DEFAULT))
    for d in range(len(layout.cells) - 1):
        if ties.cross_default[d]:
            book = book_of(layout, d, cells, none)
            own = read(book, EVENT_OF_DEFAULT)
            cause = where(own > first + 1.0, 1.0 * CROSS_DEFAULT, read(book, CAUSE_OF_DEFAULT))
            write(book, CAUSE_OF_DEFAULT, cause)
            write(book, EVENT_OF_DEFAULT, minimum(own, first + 1.0))


@routine
def close_programme(
    deals: Any, layout: Layout, flows: Any, cells: Any, hurdle: float, none: Any, rows: Any, place: int
) -> None:
    """Write the internal rate of the equity of all deals together, its flag, and what the deals shared."""
    lanes, last_call = width_of(none), 0
    shared = none
    whole = flows[layout.flows[len(layout.flows) - 1] * lanes :]
    for month in range(layout.last_month + 1):
        store(whole, month * lanes, none)
    for d in range(len(layout.cells) - 1):
        deal, begin = at(deals, d), layout.flows[d] * lanes
        last_call = max(last_call, deal.equity.last_call)
        shared = shared + read(book_of(layout, d, cells, none), SHARED)
        for month in range(deal.last_month + 1):
            held = load(whole, month * lanes, none) + load(flows, begin + month * lanes, none)
            store(whole, month * lanes, held)
    rate, flag = irr(whole, layout.last_month + 1, last_call, none, hurdle, 1)
    first = layout.columns[len(layout.columns) - 1]
    store(rows[first], place, rate)
    store(rows[first + 1], place, flag)
    store(rows[first + 2], place, shared)

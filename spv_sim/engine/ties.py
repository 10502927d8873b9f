"""What ties deals of one programme together: the default of one is a default of all, a month later."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.layout import Layout
from spv_sim.engine.place import book_of
from spv_sim.engine.terms import Ties
from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import like, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.spv.book import CAUSE_OF_DEFAULT, EVENT_OF_DEFAULT, read, write
from spv_sim.spv.deal import CROSS_DEFAULT


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

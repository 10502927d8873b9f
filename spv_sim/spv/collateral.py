"""The collateral: the units that the vehicle still owns after a month, and who pays for them."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import invert, maximum, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.spv.asset_terms import AssetState, AssetTerms
from spv_sim.spv.book import CURED_IN, WORKING_SHARE, Book, read
from spv_sim.spv.covenant_terms import Standing


@routine
def units_left(terms: AssetTerms, month: int, state: AssetState) -> Any:
    """Units still owned after the month's sales [1].

    Those of a performing lease go when it ends; a forced sale takes its equal parts after the downtime.
    """
    lease, workout = terms.lease, terms.workout
    performing = lease.units[min(month + 1, len(lease.units) - 1)]
    left = state.units
    if not workout.remarkets:
        months_sold = month + 1.0 - (state.rejected_in + workout.downtime)
        parts = minimum(maximum(months_sold, 0.0), 1.0 * workout.liquidation_months)
        sold = where(state.tenure.relet_from < NEVER, 0.0, parts / workout.liquidation_months)
        left = left * (1.0 - sold)
    left = where(state.rejected_in > month, performing, left)
    return where(state.tenure.sold_in > month, left, 0.0)


@jit
def stand(
    terms: AssetTerms, month: int, in_default: Any, state: AssetState, price: Any, book: Book
) -> Standing:
    """What the covenants must know of the assets on a date; a default of the lessee that is cured is none."""
    cured = (read(book, CURED_IN) <= month) & (state.rejected_in > month)
    performing = invert(in_default) & ((state.default_month > month) | cured)
    units = units_left(terms, month, state) * read(book, WORKING_SHARE)
    return Standing(in_default, performing, units, price)

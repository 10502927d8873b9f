"""What the engine must know of the assets ahead: does a month need the market, is cash to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of
from spv_sim.market.credit import NEVER
from spv_sim.spv.book import CURED_IN, Book, read
from spv_sim.spv.casualty import claims_open
from spv_sim.spv.workout import is_forced

if TYPE_CHECKING:
    from spv_sim.spv.asset_terms import AssetState, AssetTerms


@jit
def first_market_month(terms: AssetTerms) -> int:
    """First month in which the deal of a performing lease takes a price or rate from the market."""
    return terms.lease.first_market_month


@jit
def settles_on_market(terms: AssetTerms, month: int, default_month: Any, state: AssetState) -> bool:
    """Whether the month needs the market: by contract, or for a default, letting or sale on any lane."""
    if terms.lease.needs_market[month]:
        return True
    relet = (state.tenure.relet_from <= month) & (state.tenure.sold_in >= month)
    forced = is_forced(terms.workout, month, state.rejected_in)
    needs = (default_month == month) | relet | forced | (state.tenure.sold_in == month)
    if terms.default.renegotiated > terms.default.assumed or terms.default.by_rent:
        needs = needs | (state.default_month + terms.default.talk_months == month)
    return any_of(needs)


@jit
def cash_to_come(terms: AssetTerms, month: int, state: AssetState, book: Book) -> Any:
    """Whether the units are still owned, a claim or insurance is open, or a default is still to be cured."""
    claim_open = (state.rejected_in < NEVER) & (state.rejected_in + terms.workout.claim_lag >= month)
    if terms.fleet.suffers:
        claim_open = claim_open | claims_open(terms.insurance, book)
    cured_in = read(book, CURED_IN)
    return claim_open | ((cured_in < NEVER) & (cured_in >= month)) | (state.tenure.sold_in >= month)


@jit
def is_disposed_of(state: AssetState, month: int) -> Any:
    """Whether the units are gone without a rejection: bought, or sold when the lease has ended."""
    return (state.tenure.sold_in <= month) & (state.rejected_in >= NEVER)

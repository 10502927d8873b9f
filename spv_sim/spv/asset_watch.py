"""What the engine must know of the assets ahead: does a month need the market, is cash to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, minimum, where
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
def may_talk(terms: AssetTerms) -> bool:
    """Whether a default may lead to talks about the rate."""
    return terms.default.renegotiated > terms.default.assumed or terms.default.by_rent


@jit
def talks_end(terms: AssetTerms, last_month: int, state: AssetState) -> Any:
    """Month in which talks about the rate would end after the default, at the month's market rate."""
    ends = state.default_month + terms.default.talk_months
    if terms.default.values_open:
        ends = where(state.default_month < NEVER, minimum(ends, 1.0 * last_month), NEVER)
    return ends


@jit
def follows_market(terms: AssetTerms, month: int, last_month: int, state: AssetState) -> Any:
    """Whether the market still matters: units are owned, or talks about the rate go on after their sale."""
    follows = state.tenure.sold_in >= month
    if may_talk(terms):
        follows = follows | ((state.default_month < NEVER) & (talks_end(terms, last_month, state) >= month))
    return follows


@jit
def settles_on_market(
    terms: AssetTerms, month: int, last_month: int, default_month: Any, state: AssetState
) -> bool:
    """Whether the month needs the market: by contract, or for a default, letting or sale on any lane."""
    if terms.lease.needs_market[month]:
        return True
    relet = (state.tenure.relet_from <= month) & (state.tenure.sold_in >= month)
    forced = is_forced(terms.workout, month, state.rejected_in)
    needs = (default_month == month) | relet | forced | (state.tenure.sold_in == month)
    if may_talk(terms):
        needs = needs | (talks_end(terms, last_month, state) == month)
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

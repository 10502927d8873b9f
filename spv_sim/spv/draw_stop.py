"""A lessee that defaults before completion: the draws stop, and what has been delivered enters workout."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, minimum, where
from spv_sim.market.market import Market
from spv_sim.spv.asset_terms import AssetState, AssetTerms
from spv_sim.spv.book import CASH, LESSEE_PAID, OUTSIDE_VALUE, TRAP, Book, add, read, write
from spv_sim.spv.choice import Tenure
from spv_sim.spv.workout import claim_at_default, relet_month, sale_month


class StopTerms(NamedTuple):
    """What is known at closing of a default in each month up to completion; row d is one in month d.

    in_use : whether such a default stops the draws, and can happen.
    book : (completion + 1, n_cells) float64, the book after completion.
    flow : (completion + 1, investors, completion + 1) float64, flows of equity, tranches and classes [USD].
    share : (completion + 1,) float64, share of the contract's units that are delivered all the same [1].
    units : (completion + 1,) float64, those of them that the vehicle gets hold of [1].
    rejected_in : (completion + 1,) float64, month from which downtime and claim count.
    """

    in_use: bool
    book: Any
    flow: Any
    share: Any
    units: Any
    rejected_in: Any


@jit
def stop_book(terms: StopTerms, month: int, now: Any, book: Book) -> None:
    """Put the book after completion in place where the lessee defaults in the month.

    Cash in hand stays, the first cell: interest that has cost less than its budget.
    """
    for cell in range(CASH + 1, terms.book.shape[1]):
        write(book, cell, where(now, terms.book[month, cell], read(book, cell)))


@jit
def enter_workout(
    terms: AssetTerms,
    stop: StopTerms,
    month: int,
    last_month: int,
    worth: float,
    now: Any,
    market: Market,
    before: AssetState,
    book: Book,
) -> AssetState:
    """The assets where the lessee defaults in the month; its deposit is held for the first payment date.

    worth : value at closing of a dollar of the month [1].

    Limits: the claim is the whole contract's in proportion to the units delivered; the lease is rejected,
    whatever the outcomes of a default after completion.
    """
    none = like(before.units, 0.0)
    whole, _ = claim_at_default(terms.workout, month, like(none, terms.lease.units[month]), 0.0, market)
    owed = stop.share[month] * whole
    drawn = where(now, minimum(owed, like(none, terms.lease.deposit)), 0.0)
    add(book, TRAP, drawn)
    add(book, LESSEE_PAID, worth * drawn)
    add(book, OUTSIDE_VALUE, -worth * drawn)
    rejected = like(none, stop.rejected_in[month])
    sold_in = sale_month(terms.workout, terms.lease.last_month, last_month, rejected)
    if stop.units[month] == 0.0:
        sold_in = like(none, 1.0 * month)  # there is nothing to sell
    tenure = Tenure(
        sold_in=where(now, sold_in, before.tenure.sold_in),
        relet_from=where(
            now, relet_month(terms.workout, terms.lease.last_month, rejected), before.tenure.relet_from
        ),
        renewed_until=before.tenure.renewed_until,
        renewal_rate=before.tenure.renewal_rate,
    )
    return AssetState(
        default_month=where(now, 1.0 * month, before.default_month),
        rejected_in=where(now, rejected, before.rejected_in),
        tenure=tenure,
        units=where(now, stop.units[month], before.units),
        claim=where(now, owed - drawn, before.claim),
        index_rates=before.index_rates,
    )

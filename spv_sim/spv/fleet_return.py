"""The units that a lease or a sale finds: those that work, and those that a lessee cannot return."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import invert, like, where
from spv_sim.spv.book import RETURNED_SHARE, SPARES, UNITS_MISSING, WORKING_SHARE, Book, read
from spv_sim.spv.choice import Choice, Tenure, ends_now
from spv_sim.spv.fleet import FleetTerms
from spv_sim.spv.lease import LeaseTerms


class UnitsAtWork(NamedTuple):
    """Units that work in the month: of all held, of leases that end in it, and spares.

    share : of those held, the part that works [1].
    """

    held: Any
    returned: Any
    spares: Any
    share: Any


@jit
def units_at_work(fleet: FleetTerms, held: Any, returned: float, book: Book) -> UnitsAtWork:
    """The units that work, of those that would be held and returned if none had failed."""
    if not fleet.active:
        return UnitsAtWork(held, like(held, returned), like(held, 0.0), like(held, 1.0))
    share = read(book, WORKING_SHARE)
    return UnitsAtWork(
        held=held * share,
        returned=returned * read(book, RETURNED_SHARE),
        spares=read(book, SPARES),
        share=share,
    )


@jit
def pay_for_missing(
    fleet: FleetTerms,
    lease: LeaseTerms,
    month: int,
    performing: Any,
    choice: Choice,
    before: Tenure,
    book: Book,
) -> Any:
    """What a lessee whose lease is over pays for the units that it cannot return [USD].

    Source: model 5.5 (return condition at the stipulated loss value).
    """
    if fleet.missing_value == 0.0 or not lease.ends[month]:
        return like(book.template, 0.0)
    over = ends_now(lease, month, performing, before) & invert(choice.renews | choice.terminates)
    return where(over, fleet.missing_value * read(book, UNITS_MISSING), 0.0)

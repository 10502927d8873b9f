"""The phases of a lease after a default, and the only ways from one to another."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, invert, maximum, where
from spv_sim.market.credit import NEVER
from spv_sim.spv.book import BREACH, CURED_IN, OUTCOME, PHASE, Book, read, write
from spv_sim.spv.lessee_default import ASSUMED

PERFORMING, CURE, STAY, DOWNTIME, RELET, LIQUIDATING, SOLD = 0, 1, 2, 3, 4, 5, 6
"""Before a default and after its cure; rent is owed or talked about; bankruptcy; units idle, let again, sold
by force over months, gone."""

ILLEGAL = 1e18
"""Breach of a phase that may not follow the one before; above any amount [USD]."""


@jit
def is_legal(before: Any, after: Any, defaults: Any, cures: Any) -> Any:
    """Whether a phase may follow another; a lessee defaults once and keeps what it has cured.

    Source: model 9.5, I16.
    """
    stays = before == after
    falls = (before == 1.0 * PERFORMING) & defaults
    recovers = ((before == 1.0 * CURE) | (before == 1.0 * STAY)) & (after == 1.0 * PERFORMING) & cures
    is_let_or_sold = (before == 1.0 * DOWNTIME) & (after > 1.0 * DOWNTIME)
    ends = ((before == 1.0 * RELET) | (before == 1.0 * LIQUIDATING)) & (after == 1.0 * SOLD)
    return stays | falls | recovers | is_let_or_sold | ends


@jit
def follow_phase(
    month: int, default_month: Any, rejected_in: Any, down: Any, forced: Any, relet: Any, book: Book
) -> None:
    """Write the month's phase, and a breach where it may not follow the last one.

    down, forced, relet : whether the units stand idle, are sold by force, earn the market rate.
    """
    was, cured_in = read(book, PHASE), read(book, CURED_IN)
    waits = where(read(book, OUTCOME) == 1.0 * ASSUMED, 1.0 * STAY, 1.0 * CURE)
    phase = where((default_month <= month) & (cured_in > month), waits, 1.0 * PERFORMING)
    units = where(relet, 1.0 * RELET, 1.0 * SOLD)
    units = where(down, 1.0 * DOWNTIME, where(forced, 1.0 * LIQUIDATING, units))
    phase = where(rejected_in < NEVER, units, phase)
    if any_of(phase != was):
        legal = is_legal(was, phase, default_month == month, cured_in == month)
        write(book, PHASE, phase)
        write(book, BREACH, maximum(read(book, BREACH), where(invert(legal), ILLEGAL, 0.0)))

"""Reserves beside that for debt service: what they are to hold after a payment date."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import like, maximum, where
from spv_sim.spv.asset_terms import AssetState
from spv_sim.spv.book import (
    CASH,
    CONTRIBUTION,
    MAINTAINED,
    MAINTENANCE,
    MAINTENANCE_TARGET,
    WORKING_CAPITAL,
    WORKING_CAPITAL_PAID_IN,
    WORKING_CAPITAL_TARGET,
    Book,
    add,
    read,
    write,
)


class ReserveTerms(NamedTuple):
    """What the reserves for maintenance and for operating cost hold.

    in_use : whether the deal has either.
    maintenance : for each unit; infinite where only contributions are agreed, 0 without one [USD].
    contribution : put in for each unit on a date at most; infinite where there is no such limit [USD].
    working_capital : (months + 1,) float64, operating cost ahead after the month's payments [USD].
    """

    in_use: bool
    maintenance: float
    contribution: float
    working_capital: Any


@routine
def open_reserves(terms: ReserveTerms, month: int, is_last: bool, assets: AssetState, book: Book) -> None:
    """Write what each is to hold and to be given on the date: nothing once the units are gone.

    What lies above a target is cash of the date, for whoever is first in line.
    """
    owned = assets.tenure.sold_in > month
    units = where(owned, assets.units, 0.0)
    if is_last:
        units = like(units, 0.0)
    upkeep = where(units > 0.0, terms.maintenance * units, 0.0)
    costs = where(owned, terms.working_capital[month], 0.0)
    release_above(MAINTENANCE, upkeep, book)
    release_above(WORKING_CAPITAL, costs, book)
    write(book, MAINTENANCE_TARGET, upkeep)
    write(book, CONTRIBUTION, where(units > 0.0, terms.contribution * units, 0.0))
    write(book, MAINTAINED, like(units, 0.0))
    write(book, WORKING_CAPITAL_TARGET, costs)
    write(book, WORKING_CAPITAL_PAID_IN, like(units, 0.0))


@routine
def release_above(reserve: int, target: Any, book: Book) -> None:
    """Move what a reserve holds above its target into cash."""
    above = maximum(read(book, reserve) - target, 0.0)
    add(book, CASH, above)
    add(book, reserve, -above)

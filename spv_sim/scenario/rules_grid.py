"""Rules of a yearly grid: every date is a whole number of years from closing, and all is due once a year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from spv_sim.scenario import units
from spv_sim.scenario.capital import Capital
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.credit import Credit
from spv_sim.scenario.default_outcome import DefaultOutcome
from spv_sim.scenario.fleet import Fleet
from spv_sim.scenario.grid import MONTHS_A_YEAR, Grid
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.locate import Path
from spv_sim.scenario.quantities import Unit
from spv_sim.scenario.table import Table
from spv_sim.scenario.workout import Workout

DATED = ("grid", "fleet", "lease", "workout", "capital")
"""Tables whose months are dates or intervals of the cash flow."""

FREE = ("dsra", "liquidation_months", "payment_every")
"""Months that need not be whole years here: a reserve may cover part of a year's debt service, and the others
have rules of their own."""


def check_grid(tables: Tables) -> Iterator[Breach]:
    """On a yearly grid, whole years everywhere, and nothing that needs dates between them."""
    grid = tables.take("grid", Grid)
    if grid is None or grid.periods_per_year != 1:
        return
    for name in DATED:
        table = tables.tables.get(name)
        if table is not None:
            yield from _check_years(table, (name,))
    lease, workout = tables.take("lease", Lease), tables.take("workout", Workout)
    capital = tables.take("capital", Capital)
    if lease and lease.end_of_term.renewal_months:
        yield _refuse(("lease", "end_of_term", "renewal_months"), "a renewal pays its rent by the month")
    if lease and lease.early_termination is not None:
        yield _refuse(("lease", "early_termination"), "the lessee may end the lease in any month")
    if workout and workout.liquidation_months > 1:
        yield _refuse(("workout", "liquidation_months"), "a sale spread over months has dates between years")
    fleet = tables.take("fleet", Fleet)
    if fleet and fleet.failures is not None:
        yield _refuse(("fleet", "failures"), "units fail and are replaced by the month")
    if fleet and fleet.casualty is not None:
        yield _refuse(("fleet", "casualty"), "casualties happen in any month")
    if lease and lease.ramp:
        yield _refuse(("lease", "ramp"), "a ramp is counted in months")
    credit = tables.take("credit", Credit)
    if credit and credit.outcome != DefaultOutcome():
        yield _refuse(("credit", "outcome"), "what follows a default is counted in months")
    for name, tranche in capital.tranche.items() if capital else ():
        if tranche.base_rate is not None:
            yield _refuse(("capital", "tranche", name, "base_rate"), "a base rate is set by the month")


def _refuse(at: Path, why: str) -> Breach:
    key = ".".join(map(str, at))
    return Breach(at, f"{key} does not go with grid.periods_per_year = 1: {why}", key=True)


def _is_date(name: str, value: Any, field: FieldInfo) -> bool:
    """Whether a setting is a date or an interval in whole months, and is said."""
    inside = [mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ())]
    counts = any(isinstance(mark, Unit) and mark.kind is units.MONTHS for mark in (*field.metadata, *inside))
    return counts and value is not None and name not in FREE


def _check_years(table: Table, at: Path) -> Iterator[Breach]:
    for name, field in type(table).model_fields.items():
        value, here = getattr(table, name), (*at, name)
        if isinstance(value, Table):
            yield from _check_years(value, here)
        elif isinstance(value, dict):
            for key, each in value.items():
                if isinstance(each, Table):
                    yield from _check_years(each, (*here, key))
        elif _is_date(name, value, field) and value % MONTHS_A_YEAR:
            months = f"{value} month{'s' if value != 1 else ''}"
            said = "" if name in table.model_fields_set else ", its default,"
            message = f"{'.'.join(map(str, here))}: {months}{said} on a grid of years"
            yield Breach(here, message, help='write whole years, such as "1 year"')

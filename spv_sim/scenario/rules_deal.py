"""Rules between the terms of a deal: periods that fit, dates inside the lease, tables it cannot miss."""

from __future__ import annotations

import math
from collections.abc import Iterator

from spv_sim.scenario.capital import Capital
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.fleet import Fleet
from spv_sim.scenario.gpu_price import GpuPrice
from spv_sim.scenario.grid import LONGEST_GRID, Grid
from spv_sim.scenario.lease import Holiday, Lease
from spv_sim.scenario.lease_dates import contract_end
from spv_sim.scenario.locate import Path
from spv_sim.scenario.workout import Workout

PAYMENT_INTERVALS = {12: (1, 3), 1: (12,)}
"""Months between payment dates that are allowed, by periods a year of the grid."""

LEAST_SHAPE = 0.05
"""Of a Beta distribution of recoveries, which is all but two-valued below it."""


def check_periods(tables: Tables) -> Iterator[Breach]:
    """Rent and debt are due every 1 or 3 months, or every year; lease and tail are whole such periods."""
    lease, grid = tables.take("lease", Lease), tables.take("grid", Grid)
    capital = tables.take("capital", Capital)
    intervals: list[tuple[str, Path, int]] = []
    allowed = PAYMENT_INTERVALS[grid.periods_per_year if grid else 12]
    if lease:
        intervals.append(("rent", ("lease",), lease.payment_every))
    for name, tranche in capital.tranche.items() if capital else ():
        intervals.append(("debt", ("capital", "tranche", name), tranche.payment_every))
    for what, at, every in intervals:
        if every not in allowed:
            key, choice = ".".join((*map(str, at), "payment_every")), " or ".join(map(str, allowed))
            found = f"{key}: {every} month{'s' if every != 1 else ''}"
            help = None if len(allowed) > 1 else 'write payment_every = "1 year", as the grid has years'
            message = f"{found}; {choice} are allowed"
            yield Breach((*at, "payment_every"), message, "range", help)
            continue
        for table, name, months in (
            ("lease", "term", lease.term if lease else 0),
            ("grid", "tail", grid.tail if grid else 0),
        ):
            if months % every:
                message = (
                    f"{table}.{name}: {months} months are not a whole number of {what} periods of {every}"
                )
                yield Breach((table, name), message)


def lease_length(tables: Tables) -> int | None:
    """Months from COD to the end of the last lease, where the tables that say it are sound."""
    lease, grid, fleet = tables.take("lease", Lease), tables.take("grid", Grid), tables.take("fleet", Fleet)
    if lease and lease.rent_start == "common":
        return lease.term
    return contract_end(lease, fleet, grid) - grid.construction if lease and grid and fleet else None


def months_let_again(tables: Tables) -> int:
    """Months for which returned units are let at the market rate."""
    lease = tables.take("lease", Lease)
    return lease.end_of_term.re_let if lease else 0


def _end(tables: Tables) -> int | None:
    """Month in which the last lease ends."""
    grid, length = tables.take("grid", Grid), lease_length(tables)
    return grid.construction + length if grid and length is not None else None


def check_fleet(tables: Tables) -> Iterator[Breach]:
    """Every batch is delivered before the end of construction."""
    fleet, grid = tables.take("fleet", Fleet), tables.take("grid", Grid)
    for name, batch in fleet.batch.items() if fleet else ():
        at: Path = ("fleet", "batch", name)
        if grid and batch.delivery > grid.construction:
            message = (
                f"fleet.batch.{name}.delivery: month {batch.delivery} lies after the end of construction, "
                f"month {grid.construction}"
            )
            yield Breach((*at, "delivery"), message, help="deliver earlier or lengthen grid.construction")
        if batch.deposit > 0 and batch.deposit_lead > batch.delivery:
            message = (
                f"fleet.batch.{name}.deposit_lead: the deposit would fall due before closing "
                "and is paid at closing"
            )
            yield Breach((*at, "deposit_lead"), message, None)


def check_holidays(tables: Tables) -> Iterator[Breach]:
    """Rent holidays lie inside the lease and apart from each other."""
    lease, grid, end = tables.take("lease", Lease), tables.take("grid", Grid), _end(tables)
    if lease is None:
        return
    taken: list[tuple[int, int, str]] = []
    for name, holiday in lease.holiday.items():
        at: Path = ("lease", "holiday", name)
        key = f"lease.holiday.{name}"
        if holiday.end < holiday.start:
            message = f"{key}.end: month {holiday.end} is before the start, month {holiday.start}"
            yield Breach((*at, "end"), message, "range")
            continue
        if grid and end is not None:
            first = 0 if lease.rent_start == "per_batch" else grid.construction
            yield from _check_inside(at, holiday, first, end)
        for start, end, other in taken:
            if holiday.start <= end and start <= holiday.end:
                yield Breach((*at, "start"), f"{key}: the months overlap with those of lease.holiday.{other}")
                break
        taken.append((holiday.start, holiday.end, name))


def _check_inside(at: Path, holiday: Holiday, first: int, last: int) -> Iterator[Breach]:
    for edge, month in (("start", holiday.start), ("end", holiday.end)):
        if not first <= month <= last:
            key = ".".join(map(str, (*at, edge)))
            message = f"{key}: month {month} is outside the lease, months {first} to {last}"
            yield Breach((*at, edge), message, "range")


def check_workout(tables: Tables) -> Iterator[Breach]:
    """Letting again needs a market, and a rate to choose by a choice."""
    workout = tables.take("workout", Workout)
    if workout and workout.mode != "liquidate" and tables.lacks("lease_rate"):
        message = (
            f'workout.mode: "{workout.mode}" needs a table [lease_rate], '
            "the market where the fleet is let again"
        )
        yield Breach(("workout", "mode"), message, "missing-table")
    if workout and workout.claim_recovery_sd > 0:
        yield from _check_spread(workout.claim_recovery, workout.claim_recovery_sd)
    if workout and workout.mode != "best" and workout.choice_rate is not None:
        message = f'workout.choice_rate: has no effect, as nothing is chosen where mode is "{workout.mode}"'
        yield Breach(("workout", "choice_rate"), message, key=True)


def _check_spread(mean: float, sd: float) -> Iterator[Breach]:
    """A Beta distribution has room for its standard deviation and both of its shapes above the least."""
    narrow = min(mean, 1 - mean)
    widest = math.sqrt(mean * (1 - mean) / (1 + LEAST_SHAPE / narrow)) if narrow > 0 else 0.0
    if sd > widest:
        message = (
            f"workout.claim_recovery_sd: {sd:.4g} is above {widest:.4g}, the most that a share with a mean "
            f"of {mean:g} may spread"
        )
        yield Breach(("workout", "claim_recovery_sd"), message, "range")


def check_horizon(tables: Tables) -> Iterator[Breach]:
    """The deal is not absurdly long, and the depreciation curve is known as long as it lasts."""
    grid, price, end = tables.take("grid", Grid), tables.take("gpu_price", GpuPrice), _end(tables)
    if not (grid and end is not None):
        return
    lease = tables.take("lease", Lease)
    right = lease.end_of_term if lease else None
    kept = right.re_let + right.renewal_months * right.renewals if right else 0
    months = end + kept + grid.tail
    if months > LONGEST_GRID:
        message = f"lease.term: construction, term and tail are {months} months; {LONGEST_GRID} are allowed"
        yield Breach(("lease", "term"), message, "range")
    for caution in price.curve.cautions(months) if price else ():
        yield Breach(("gpu_price", "curve"), f"gpu_price.curve: {caution}", None)

"""Contract rent by month: what the lease says, laid out on payment dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.fleet import h100_equivalents, hardware_cost, unit_count
from spv_sim.closing.periods import compounding
from spv_sim.scenario.lease_dates import rent_start

if TYPE_CHECKING:
    from spv_sim.scenario.fleet import Batch, Fleet
    from spv_sim.scenario.lease import Lease

HOURS_PER_MONTH = 8760 / 12

Array = NDArray[np.float64]


def level_rate_factor(
    implicit_rate: float, months: int, residual: float, advance: bool, period: int = 1
) -> float:
    """Monthly rent per USD of cost that earns the lessor an implicit rate.

    Parameters
    ----------
    implicit_rate : nominal, compounded once a period [1/year].
    months : for which rent is due.
    residual : value left at the end, as a share of cost [1].
    advance : whether each rent is due at the start of its period.
    period : months between level rents.

    Source: model 6.1.
    """
    rate = implicit_rate * period / 12
    if rate == 0:
        return (1 - residual) / months
    present = (1 + rate) ** -(months // period)
    factor = (1 - residual * present) * rate / (1 - present) / period
    return factor / (1 + rate) if advance else factor


def hourly_rate(cost: float, rate_factor: float, commitment: float) -> float:
    """Rent per GPU-hour that a rate factor on cost amounts to [USD/GPU-hour]."""
    return cost * rate_factor / (HOURS_PER_MONTH * commitment)


def rent_levels(lease: Lease) -> Array:
    """Rent of each rental month as a multiple of the first, by step table or yearly step, (term,) float64."""
    months = np.arange(lease.term)
    if lease.steps:
        starts, levels = (np.array(column) for column in zip(*lease.levels, strict=True))
        return np.asarray(levels[np.searchsorted(starts, months, side="right") - 1], dtype=np.float64)
    return np.asarray((1 + lease.escalation) ** np.floor(months / 12))


def hours_billed(lease: Lease) -> float:
    """Share of the hours that the schedule counts: the committed ones, or all where use decides [1]."""
    return 1.0 if lease.billing == "used" else lease.commitment


def first_rent(lease: Lease, units: float, cost: float) -> float:
    """Fixed rent of the first rental month, had all hours paid it [USD]; 0 where every hour is indexed."""
    if lease.rate is not None:
        return units * lease.rate * HOURS_PER_MONTH * hours_billed(lease)
    if lease.rate_factor is not None:
        return cost * lease.rate_factor
    if lease.implicit_rate is not None:
        advance = lease.timing == "advance"
        residual, period = lease.implicit_residual, compounding(lease.payment_every)
        return cost * level_rate_factor(lease.implicit_rate, lease.term, residual, advance, period)
    return 0.0


def monthly_rents(lease: Lease, fleet: Fleet) -> Array:
    """Fixed rent of each rental month of the whole fleet before any holiday, (term,) float64 [USD]."""
    weight = 1 - lease.index.weight if lease.index else 1.0
    units = unit_count(fleet) if lease.rate_per == "unit" else h100_equivalents(fleet)
    return weight * first_rent(lease, units, hardware_cost(fleet)) * rent_levels(lease)


def ramp_of(lease: Lease, batch: Batch, start: int) -> Array:
    """Share of a batch that is billable in each rental month, by its months since acceptance, (term,).

    Source: model 1.3.
    """
    share = np.ones(lease.term)
    since = start - (batch.delivery + batch.acceptance_lag)
    reached = lease.ramp[since : since + lease.term]
    share[: len(reached)] = reached
    return share


def rent_months(lease: Lease, start: int) -> NDArray[np.int64]:
    """Months in which the rents of a term that begins at `start` are due, (term / payment_every,) int64."""
    shift = 0 if lease.timing == "advance" else lease.payment_every
    return start + shift + np.arange(0, lease.term, lease.payment_every)


def lay_out(amounts: Array, lease: Lease, start: int, last_month: int) -> Array:
    """What rental months from `start` on amount to, on payment dates, (last_month + 1,) float64.

    Each payment date carries the rental months since the one before (arrears) or up to the next (advance).
    """
    sums = amounts.reshape(-1, lease.payment_every).sum(axis=1)
    due = np.zeros(last_month + 1)
    due[rent_months(lease, start)] = sums
    return due


def rent_due(lease: Lease, fleet: Fleet, completion: int, last_month: int) -> Array:
    """Fixed contract rent by month from closing, (last_month + 1,) float64 [USD].

    Source: model 1.2, 6.1.
    """
    if lease.rent_start == "common" and not lease.ramp:
        return lay_out(monthly_rents(lease, fleet), lease, completion, last_month)
    due = np.zeros(last_month + 1)
    for batch in fleet.batch.values():
        start = rent_start(lease, batch, completion)
        rents = monthly_rents(lease, fleet.model_copy(update={"batch": {"own": batch}}))
        due += lay_out(rents * ramp_of(lease, batch, start), lease, start, last_month)
    return due


def hours_due(lease: Lease, fleet: Fleet, completion: int, last_month: int) -> Array:
    """Hours that each rent date's rent pays for, as of an H100, (last_month + 1,) float64 [GPU-hour]."""
    hours = np.zeros(last_month + 1)
    monthly = hours_billed(lease) * HOURS_PER_MONTH
    for batch in fleet.batch.values():
        start = rent_start(lease, batch, completion)
        amounts = batch.units * fleet.weight(batch) * monthly * ramp_of(lease, batch, start)
        hours += lay_out(amounts, lease, start, last_month)
    return hours


def index_hours(lease: Lease, fleet: Fleet, completion: int, last_month: int) -> Array:
    """Hours that pay the index rate on each rent date, (last_month + 1,) float64 [GPU-hour]."""
    if lease.index is None:
        return np.zeros(last_month + 1)
    return lease.index.weight * hours_due(lease, fleet, completion, last_month)


def prepay_last(due: Array, lease: Lease, completion: int) -> Array:
    """Rent with that of the last months moved to completion, where the lease says so [USD].

    Last months without rent count too: nothing is paid ahead for them. Source: model 6.3.
    """
    if lease.deposit is None or lease.deposit.kind != "prepaid_last":
        return due
    last = rent_months(lease, completion)[-(lease.deposit.months // lease.payment_every) :]
    moved = due.copy()
    moved[last] = 0.0
    moved[completion] += due[last].sum()
    return moved


def payable_share(lease: Lease, last_month: int) -> Array:
    """Share of the contract rent that scheduled holidays leave payable, (last_month + 1,) float64."""
    share = np.ones(last_month + 1)
    for holiday in lease.holiday.values():
        share[holiday.start : holiday.end + 1] = holiday.paid
    return share

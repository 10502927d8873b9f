"""Contract rent by month: what the lease says, laid out on payment dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.fleet import hardware_cost, unit_count

if TYPE_CHECKING:
    from spv_sim.scenario.fleet import Fleet
    from spv_sim.scenario.lease import Lease

HOURS_PER_MONTH = 8760 / 12

Array = NDArray[np.float64]


def level_rate_factor(implicit_rate: float, months: int, residual: float, advance: bool) -> float:
    """Monthly rent per USD of cost that earns the lessor an implicit rate.

    Parameters
    ----------
    implicit_rate : nominal, compounded monthly [1/year].
    months : number of level rents.
    residual : value left at the end, as a share of cost [1].
    advance : whether each rent is due at the start of its month.

    Source: model 6.1.
    """
    monthly = implicit_rate / 12
    if monthly == 0:
        return (1 - residual) / months
    present = (1 + monthly) ** -months
    factor = (1 - residual * present) * monthly / (1 - present)
    return factor / (1 + monthly) if advance else factor


def hourly_rate(cost: float, rate_factor: float, commitment: float) -> float:
    """Rent per GPU-hour that a rate factor on cost amounts to [USD/GPU-hour]."""
    return cost * rate_factor / (HOURS_PER_MONTH * commitment)


def monthly_rents(lease: Lease, fleet: Fleet) -> Array:
    """Rent of each rental month before any holiday, (term,) float64 [USD]."""
    units, cost = unit_count(fleet), hardware_cost(fleet)
    if lease.rate is not None:
        first = units * lease.rate * HOURS_PER_MONTH * lease.commitment
    elif lease.rate_factor is not None:
        first = cost * lease.rate_factor
    else:
        assert lease.implicit_rate is not None  # noqa: S101 - one of the three is validated to be there
        advance = lease.timing == "advance"
        first = cost * level_rate_factor(lease.implicit_rate, lease.term, lease.implicit_residual, advance)
    years = np.floor(np.arange(lease.term) / 12)
    return np.asarray(first * (1 + lease.escalation) ** years)


def rent_due(lease: Lease, fleet: Fleet, completion: int, last_month: int) -> Array:
    """Contract rent by month from closing, (last_month + 1,) float64 [USD].

    Each payment date carries the rental months since the one before (arrears) or up to the next (advance).
    """
    rents = monthly_rents(lease, fleet).reshape(-1, lease.payment_every).sum(axis=1)
    shift = 0 if lease.timing == "advance" else lease.payment_every
    due = np.zeros(last_month + 1)
    due[completion + shift + lease.payment_every * np.arange(len(rents))] = rents
    return due


def payable_share(lease: Lease, last_month: int) -> Array:
    """Share of the contract rent that scheduled holidays leave payable, (last_month + 1,) float64."""
    share = np.ones(last_month + 1)
    for holiday in lease.holiday.values():
        share[holiday.start : holiday.end + 1] = holiday.paid
    return share

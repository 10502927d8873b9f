"""The base case with the lessee's default: every factor at its mean, the rent unpaid from one month on."""

from __future__ import annotations

import numpy as np

from spv_sim.analysis.enumerate_defaults import Outcome, run_alone, with_default
from spv_sim.closing.close import Closed
from spv_sim.closing.market_terms import base_case_market


def rent_months(closed: Closed) -> list[int]:
    """Months after completion in which contract rent falls due, any of which may be the first unpaid one."""
    due = np.asarray(closed.terms.deal.assets.lease.rent_due)
    months = np.flatnonzero(due > 0)
    return [int(month) for month in months if month > closed.terms.deal.completion]


def run_default_case(closed: Closed, month: int) -> Outcome:
    """The base case with a default; between two rent dates, the later one is the first unpaid.

    Parameters
    ----------
    month : of the default [months from closing].

    Raises
    ------
    ValueError : no rent falls due from that month on.
    IdentityError : where an identity of the cash does not hold.
    """
    unpaid = next((rent for rent in rent_months(closed) if rent >= month), None)
    if unpaid is None:
        raise ValueError(f"no rent falls due from month {month} on")
    market = base_case_market(closed.scenario, closed.terms.deal.last_month)
    return run_alone(closed, with_default(market, unpaid))


def worst_month(closed: Closed, tranche: str) -> int:
    """The month of default that costs a tranche the most; of equals, the first."""
    losses = {
        month: run_default_case(closed, month).values[f"{tranche}.loss"] for month in rent_months(closed)
    }
    return max(losses, key=lambda month: (losses[month], -month))

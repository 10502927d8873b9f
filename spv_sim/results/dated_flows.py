"""Present value and internal rate of return of flows on calendar dates, as a spreadsheet's XNPV and XIRR."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from spv_sim.kernel.irr_roots import Rates, roots_at

DAYS_A_YEAR = 365.0


def years_after_first(dates: Sequence[date]) -> npt.NDArray[np.float64]:
    """Days after the earliest date, over 365 [years]."""
    first = min(dates)
    return np.array([(day - first).days / DAYS_A_YEAR for day in dates], dtype=np.float64)


def xnpv(rate: float, flows: npt.ArrayLike, dates: Sequence[date]) -> float:
    """Value at the earliest date of dated flows, discounted at an effective annual rate.

    Parameters
    ----------
    rate : effective annual rate above -1 [1/year].
    flows : (n,) float64 [USD].
    dates : the n days of the flows, in any order.

    Returns
    -------
    Present value, days counted actual/365 [USD].

    Raises
    ------
    ValueError : no flows, not as many dates as flows, or a rate of -1 or less.
    """
    row = matched(flows, dates)
    if rate <= -1.0:
        raise ValueError(f"rate {rate} is not above -1")
    return float(np.sum(row * (1.0 + rate) ** -years_after_first(dates)))


def xirr(flows: npt.ArrayLike, dates: Sequence[date], hurdle: float = 0.12) -> Rates:
    """Effective annual rate at which dated flows are worth nothing, with its flag and every root.

    Parameters
    ----------
    flows : (n,) float64 [USD].
    dates : the n days of the flows, in any order.
    hurdle : effective annual rate of the MIRR that chooses among several roots [1/year].

    Raises
    ------
    ValueError : no flows, or not as many dates as flows.

    Limits
    ------
    Those of irr_roots.
    """
    row = matched(flows, dates)
    times = years_after_first(dates)
    order = np.argsort(times, kind="stable")
    return roots_at(row[order], times[order], hurdle)


def matched(flows: npt.ArrayLike, dates: Sequence[date]) -> npt.NDArray[np.float64]:
    """The flows as an array, one for each date."""
    row = np.asarray(flows, dtype=np.float64)
    if row.ndim != 1 or row.size == 0 or row.size != len(dates):
        raise ValueError(f"{row.size} flows and {len(dates)} dates: one date for each flow is needed")
    return row

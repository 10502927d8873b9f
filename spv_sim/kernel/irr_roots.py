"""All rates at which a row of flows is worth nothing, for reports and tests: numpy, any pattern of signs."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Row = npt.NDArray[np.float64]

OK = 0.0
TOTAL_LOSS = 1.0
UNDEFINED = 2.0
MULTIPLE = 3.0
NO_ROOT = 4.0

# Log-rates per period that are looked at: dense near 0 (0.0003 apart), sparse where no deal lives (3 apart).
POINTS = 400
REACH = 60.0
DENSITY = 10.0


class Rates(NamedTuple):
    """A rate per period, why it may be none, and every root found, ascending."""

    rate: float
    flag: float
    roots: tuple[float, ...]


def scan_points() -> Row:
    """The log-rates of the scan, ascending and symmetric about 0, which is not among them."""
    return np.asarray(REACH / np.sinh(DENSITY) * np.sinh(np.linspace(-DENSITY, DENSITY, POINTS)))


def worth(flows: Row, times: Row, x: float) -> float:
    """Value at log-rate x, seen from the first flow where x >= 0, from the last where x < 0: no overflow."""
    return float(np.sum(flows * np.exp(x * (times[0] - times) if x >= 0.0 else x * (times[-1] - times))))


def bisect(flows: Row, times: Row, low: float, high: float) -> float:
    """The root between two log-rates of opposite sign, to the last bit."""
    positive = worth(flows, times, low) > 0.0
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            return middle
        left = worth(flows, times, middle)
        if left == 0.0:
            return middle
        if (left > 0.0) == positive:
            low = middle
        else:
            high = middle


def mirr(flows: npt.ArrayLike, finance: float, reinvest: float) -> float:
    """Modified internal rate of return per period.

    Parameters
    ----------
    flows : (K+1,) float64, calls below 0, distributions above [USD].
    finance, reinvest : rates per period at which calls are funded and distributions reinvested [1/period].

    Returns
    -------
    Rate per period; nan where one sign is missing or there is one flow only.
    """
    row = np.asarray(flows, dtype=np.float64)
    return mirr_at(row, np.arange(row.size, dtype=np.float64), finance, reinvest)


def mirr_at(flows: Row, times: Row, finance: float, reinvest: float) -> float:
    """`mirr` of flows at any ascending times from 0 [periods]."""
    put_in = -float(np.sum(np.minimum(flows, 0.0) * (1.0 + finance) ** -times))
    got_out = float(np.sum(np.maximum(flows, 0.0) * (1.0 + reinvest) ** (times[-1] - times)))
    if put_in <= 0.0 or got_out <= 0.0 or times[-1] <= 0.0:
        return float("nan")
    return float((got_out / put_in) ** (1.0 / times[-1]) - 1.0)


def irr_roots(flows: npt.ArrayLike, hurdle: float = 0.01) -> Rates:
    """Internal rate of return per period of one row of flows, with every root.

    Parameters
    ----------
    flows : (K+1,) float64, flow of period 0, 1, … [USD].
    hurdle : rate per period of the MIRR that chooses among several roots [1/period].

    Returns
    -------
    Rates : no flow below 0 gives nan (UNDEFINED), none above 0 gives -1 (TOTAL_LOSS); one root is the rate
    (OK); of several that where the value falls through 0 nearest to the MIRR (MULTIPLE); none: nan (NO_ROOT).

    Limits
    ------
    Two roots closer together than the scan's points (0.0003 in log-rate near 0, more beyond) are not seen.
    Log-rates per period beyond ±60 are not looked at.
    """
    row = np.asarray(flows, dtype=np.float64)
    return roots_at(row, np.arange(row.size, dtype=np.float64), hurdle)


def roots_at(flows: Row, times: Row, hurdle: float) -> Rates:
    """`irr_roots` of flows at any ascending times from 0 [periods]."""
    if not np.any(flows < 0.0):
        return Rates(float("nan"), UNDEFINED, ())
    if not np.any(flows > 0.0):
        return Rates(-1.0, TOTAL_LOSS, ())
    flown = flows != 0.0
    row, at = flows[flown], times[flown]
    scanned = [(x, left) for x in scan_points() if (left := worth(row, at, x)) != 0.0]
    found = [
        (float(np.expm1(bisect(row, at, low, high))), before > 0.0)
        for (low, before), (high, after) in pairwise(scanned)
        if (before > 0.0) != (after > 0.0)
    ]
    roots = tuple(root for root, _ in found)
    if not roots:
        return Rates(float("nan"), NO_ROOT, ())
    if len(roots) == 1:
        return Rates(roots[0], OK, roots)
    aim = mirr_at(flows, times, hurdle, hurdle)
    falling = [root for root, falls in found if falls]
    return Rates(min(falling, key=lambda root: abs(root - aim)), MULTIPLE, roots)

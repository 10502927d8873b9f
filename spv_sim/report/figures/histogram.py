"""Draws histograms as one outline each, with shares of paths on the vertical axis."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from spv_sim.report.material import Floats
from spv_sim.report.style import BLUE

_BINS = 48


def draw_shares(
    axes: Axes, values: Floats, of: int, *, low: float, high: float, bins: int = _BINS, color: str = BLUE
) -> float:
    """Draw the share of paths [%] in equal bins from low to high; what lies outside goes to the end bins.

    Parameters
    ----------
    axes : where to draw.
    values : (n,) finite values, in the unit of the horizontal axis.
    of : number of paths that make 100 %.
    low, high : ends of the horizontal range.
    bins : number of bins.
    color : fill.

    Returns
    -------
    Height of the tallest bin [%].
    """
    counts, edges = np.histogram(np.clip(values, low, high), bins=bins, range=(low, high))
    shares = 100.0 * counts / max(of, 1)
    axes.stairs(shares, edges, fill=True, color=color, alpha=0.65, lw=0)
    axes.stairs(shares, edges, color=color, lw=0.9)
    axes.set_ylim(0.0, 1.08 * max(float(shares.max()), 1e-9))
    return float(shares.max())


def sensible_range(values: Floats, *, floor: float, tail: float = 0.002) -> tuple[float, float]:
    """Range that leaves out at most `tail` of the values on top, widened when all are nearly equal."""
    if not values.size:
        return floor, floor + 1.0
    low, high = max(float(values.min()), floor), float(np.quantile(values, 1.0 - tail))
    spread = high - low
    if spread < 1e-6 * max(abs(high), 1.0):
        spread = max(abs(high), 1.0) * 0.1
        return low - spread, high + spread
    return low, high + 0.02 * spread

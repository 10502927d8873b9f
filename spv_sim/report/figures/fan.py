"""Draws percentiles over time: bands, median and a few paths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from spv_sim.report.material import Floats, quantiles
from spv_sim.report.style import BLUE, GREY, SKY

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
_SAMPLES = 5


def draw_fan(axes: Axes, months: Floats, values: Floats, *, samples: int = _SAMPLES) -> dict[float, Floats]:
    """Draw P5 to P95, P25 to P75, the median and the first few paths; return level -> (months,) percentiles.

    Parameters
    ----------
    axes : where to draw.
    months : (months,) time axis.
    values : (months, paths) in the unit of the vertical axis; NaN are left out month by month.
    samples : number of single paths drawn.
    """
    found = dict(zip(LEVELS, quantiles(values, LEVELS), strict=True))
    kept = np.isfinite(found[0.50])
    axes.fill_between(
        months[kept], found[0.05][kept], found[0.95][kept], color=SKY, alpha=0.35, lw=0, label="P5 to P95"
    )
    axes.fill_between(
        months[kept], found[0.25][kept], found[0.75][kept], color=BLUE, alpha=0.40, lw=0, label="P25 to P75"
    )
    for index in range(min(samples, values.shape[1])):
        name = "single paths" if index == 0 else ""
        axes.plot(months, values[:, index], color=GREY, lw=0.6, alpha=0.8, label=name or "_nolegend_")
    axes.plot(months[kept], found[0.50][kept], color=BLUE, lw=2.0, label="median")
    return found


def first_month(months: Floats, below: NDArray[np.bool_]) -> float:
    """First month at which a condition holds; NaN if never."""
    return float(months[np.argmax(below)]) if bool(below.any()) else float("nan")


def month_text(month: float) -> str:
    """`month 27`, or `never`."""
    return f"month {month:.0f}" if np.isfinite(month) else "never"


def chosen_rows(count: int, wanted: int = 8) -> Sequence[int]:
    """Evenly spread row numbers for a table, first and last included."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, wanted))})

"""Interpolation between points that neither overshoots nor turns: a monotone piecewise cubic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]


def interpolate_monotone(x: Values, y: Values, at: Values) -> Values:
    """Monotone piecewise cubic through the knots, and the last segment's mean slope after the last knot.

    Parameters
    ----------
    x : (n,) float64, increasing, n >= 2.
    y : (n,) float64.
    at : (m,) float64, >= x[0].

    Returns
    -------
    (m,) float64.

    Source
    ------
    Fritsch and Butland (1984), "A method for constructing local monotone piecewise cubic
    interpolants": weighted harmonic mean of the neighbouring slopes inside, a three-point formula
    limited for shape at the ends.
    """
    import numpy as np

    width, slope = np.diff(x), np.diff(y) / np.diff(x)
    tangent = np.zeros_like(y)
    if len(x) == 2:
        tangent[:] = slope[0]
    else:
        before, after = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
        same = slope[1:] * slope[:-1] > 0
        inner = np.zeros_like(before)
        inner[same] = ((before + after)[same]) / (
            (before / np.where(slope[:-1] == 0, 1, slope[:-1]))[same]
            + (after / np.where(slope[1:] == 0, 1, slope[1:]))[same]
        )
        tangent[1:-1] = inner
        tangent[0] = _end_slope(width[0], width[1], slope[0], slope[1])
        tangent[-1] = _end_slope(width[-1], width[-2], slope[-1], slope[-2])
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    part = (at - x[left]) / width[left]
    rest = 1 - part
    curve = (
        y[left] * (1 + 2 * part) * rest**2
        + width[left] * tangent[left] * part * rest**2
        + y[left + 1] * (3 - 2 * part) * part**2
        - width[left] * tangent[left + 1] * part**2 * rest
    )
    return np.where(at > x[-1], y[-1] + slope[-1] * (at - x[-1]), curve)


def _end_slope(near: float, next_: float, slope: float, next_slope: float) -> float:
    tangent = ((2 * near + next_) * slope - near * next_slope) / (near + next_)
    if tangent * slope <= 0:
        return 0.0
    if slope * next_slope <= 0 and abs(tangent) > 3 * abs(slope):
        return 3 * slope
    return tangent

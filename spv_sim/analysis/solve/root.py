"""All values within a domain at which a costly function is zero, or the news that there is none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from spv_sim.analysis.solve.expand import (
    FLAT,
    SHARE_OF_ERROR,
    Domain,
    Point,
    Sampler,
    expand,
    settled,
)

MONOTONICITY_POINTS = 9
POLISHING_STEPS = 25
POLISHED = 1e-4
SLOPE_STEP = 0.01
FINEST = 1e-12
JUMP = 1e-3
"""Share of the bracket's own rise that a function without a jump does not cover within the tolerance."""


@dataclass(frozen=True)
class Crossing:
    """A zero of the function.

    Parameters
    ----------
    at : where.  value, error : what the function and its standard error are there.
    slope : of the function there; NaN where it was not asked for.
    jump : function to the left and to the right, where it jumps across zero; else None.
    flat : ends of the range in which the function was found to be zero throughout; else None.
    """

    at: float
    value: float
    error: float
    slope: float = math.nan
    jump: tuple[float, float] | None = None
    flat: tuple[float, float] | None = None


@dataclass(frozen=True)
class Search:
    """What was found.

    Parameters
    ----------
    crossings : in order of the variable; empty where there is no solution.
    best : the point nearest to zero; None where the function is defined nowhere.
    points : all that was looked at before closing in, in order, undefined ones among them.
    direction : 1 increasing, -1 decreasing, 0 neither, over the points at which it is defined.
    """

    crossings: tuple[Crossing, ...]
    best: Point | None
    points: tuple[Point, ...]
    direction: int


def search(
    function: Callable[[float], tuple[float, float]],
    domain: Domain,
    start: float,
    relative: float,
    with_slope: bool = False,
) -> Search:
    """Look outward from a start until the sign changes, at nine points between, and close in on every change.

    Parameters
    ----------
    function : variable to (value, standard error); NaN where it is not defined.
    relative : width to which a crossing is closed in, as a share of it.
    with_slope : whether the slope at a crossing is wanted.

    Limits
    ------
    Crossings beyond the range that was looked at, or two of them between neighbouring points, are not seen.
    Source: model 14.2.
    """
    look = Sampler(function)
    low, high = expand(look, domain, start)
    for at in np.linspace(low, high, MONOTONICITY_POINTS):
        look(float(at))
    if not changes(look.points) and not any(settled(point) for point in look.points):
        polish(look)
    points = tuple(look.points)
    crossings = [*flats(points, start)]
    crossings += [close_in(look, left, right, relative) for left, right in changes(points)]
    best = min(
        (point for point in look.points if point.is_defined),
        key=lambda point: (abs(point.value), abs(point.at - start)),
        default=None,
    )
    if best and settled(best) and not crossings:
        crossings = [Crossing(best.at, best.value, best.error)]
    crossings.sort(key=lambda crossing: crossing.at)
    if with_slope:
        crossings = [replace(own, slope=slope_at(look, domain, own.at)) for own in crossings]
    return Search(tuple(crossings), best, points, direction(points))


def changes(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Neighbours between which the sign changes, with nothing undefined between them."""
    return [
        (left, right)
        for left, right in pairwise(points)
        if left.value * right.value < 0  # False for NaN
    ]


def flats(points: Sequence[Point], start: float) -> list[Crossing]:
    """A crossing for each run of points at which the function is zero: the point nearest to the start."""
    found: list[Crossing] = []
    run: list[Point] = []
    for point in [*points, Point(math.inf, math.nan, math.nan)]:
        if point.value == 0.0:
            run.append(point)
        elif run:
            near = min(run, key=lambda zero: abs(zero.at - start))
            ends = (run[0].at, run[-1].at) if len(run) > 1 else None
            found.append(Crossing(near.at, 0.0, near.error, flat=ends))
            run = []
    return found


def close_in(look: Sampler, left: Point, right: Point, relative: float) -> Crossing:
    """Brent's method between two points of opposite sign."""

    def value(at: float) -> float:
        point = look(at)
        if not point.is_defined:
            raise ArithmeticError
        return 0.0 if settled(point) else point.value

    try:
        width = relative * max(abs(left.at), abs(right.at)) * 1e-3
        at = float(brentq(value, left.at, right.at, xtol=max(width, 1e-300), rtol=max(relative, FINEST)))
    except ArithmeticError:
        inner = [point for point in look.points if left.at <= point.at <= right.at and point.is_defined]
        at = min(inner, key=lambda point: abs(point.value)).at
    point = look(at)
    before = [other for other in look.points if other.at <= at and other.value * left.value > 0]
    after = [other for other in look.points if other.at >= at and other.value * right.value > 0]
    rise = abs(right.value - left.value)
    sides = (before[-1].value, after[0].value)
    jumps = not settled(point) and abs(point.value) > JUMP * rise
    return Crossing(at, point.value, point.error, jump=sides if jumps else None)


def polish(look: Sampler) -> None:
    """Where no sign changes, walk to the top of the hump nearest to zero, which may reach it."""
    points = [point for point in look.points if point.is_defined]
    best = min(range(len(points)), key=lambda number: abs(points[number].value), default=0)
    if not 0 < best < len(points) - 1:
        return
    if points[best - 1].value == points[best].value == points[best + 1].value:
        return
    sign = math.copysign(1.0, points[best].value)
    low, high = points[best - 1].at, points[best + 1].at

    def height(at: float) -> float:
        point = look(at)
        return point.value * sign if point.is_defined else math.inf

    minimize_scalar(
        height,
        bounds=(low, high),
        method="bounded",
        options={"xatol": POLISHED * (high - low), "maxiter": POLISHING_STEPS},
    )


def slope_at(look: Sampler, domain: Domain, at: float) -> float:
    """Slope over one per cent to either side, inside the domain. Source: model 14.4."""
    step = SLOPE_STEP * (abs(at) or 1.0)
    low = look(at - step if at - step > domain.low else at)
    high = look(at + step if at + step < domain.high else at)
    return (high.value - low.value) / (high.at - low.at) if high.at > low.at else math.nan


def direction(points: Sequence[Point]) -> int:
    """Whether the values rise or fall throughout, but for what rounding and sampling errors explain."""
    defined = [point for point in points if point.is_defined]
    rounding = FLAT * max((abs(point.value) for point in defined), default=0.0)
    rises = falls = False
    for left, right in pairwise(defined):
        slack = max(rounding, SHARE_OF_ERROR * max(left.error, right.error, 0.0))
        rises = rises or right.value - left.value > slack
        falls = falls or right.value - left.value < -slack
    return int(rises) - int(falls)

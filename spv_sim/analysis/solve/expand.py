"""A costly function looked at point by point, outward from a start, within the domain of its variable."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field

ROUNDS = 12
EDGE_STEPS = 6
FIRST_STEP = 0.01
FLAT = 1e-10
"""Difference of two values that rounding explains, as a share of the largest."""

SHARE_OF_ERROR = 0.1
"""Share of its standard error within which a value counts as zero. Source: model 14.2."""


@dataclass(frozen=True)
class Domain:
    """Where a variable may lie; an end that is not `has_` belongs to the outside."""

    low: float = -math.inf
    high: float = math.inf
    has_low: bool = False
    has_high: bool = False


@dataclass(frozen=True, order=True)
class Point:
    """A value of the function with its standard error, zero where it is exact; NaN where not defined."""

    at: float
    value: float = field(compare=False)
    error: float = field(compare=False)

    @property
    def is_defined(self) -> bool:
        """Whether the function has a value here."""
        return math.isfinite(self.value)


def settled(point: Point) -> bool:
    """Whether a value is as near to zero as its error can tell."""
    return point.value == 0.0 or abs(point.value) <= SHARE_OF_ERROR * point.error  # False for NaN


class Sampler:
    """Calls the function once for each point and keeps what it said, in order."""

    def __init__(self, function: Callable[[float], tuple[float, float]]) -> None:
        self.function = function
        self.known: dict[float, Point] = {}
        self.points: list[Point] = []

    def __call__(self, at: float) -> Point:
        """The point at a value of the variable."""
        at = float(at)  # of whatever float type a library asks with
        if at not in self.known:
            self.known[at] = Point(at, *self.function(at))
            insort(self.points, self.known[at])
        return self.known[at]

    @property
    def changes_sign(self) -> bool:
        """Whether two defined points have opposite signs, or one is zero."""
        values = [point.value for point in self.points if point.is_defined]
        return bool(values) and min(values) <= 0.0 <= max(values)


@dataclass
class Side:
    """The outward walk to one side: where it stands, its next step, whether it has come to an end."""

    sign: int
    end: float
    step: float
    ended: bool = False


def next_at(side: Side, domain: Domain) -> float:
    """The next point outward: steps that double, at most half the way to an end that cannot be reached."""
    edge, has_edge = (domain.high, domain.has_high) if side.sign > 0 else (domain.low, domain.has_low)
    wanted = side.end + side.sign * side.step
    if math.isinf(edge):
        return wanted
    left = abs(edge - side.end)
    if has_edge and side.step >= left:
        return edge
    return side.end + side.sign * min(side.step, left / 2)


def walk(look: Sampler, domain: Domain, side: Side) -> None:
    """One step outward; where the function stops being defined, close in on the border from inside."""
    at = next_at(side, domain)
    if at == side.end:
        side.ended = True
        return
    was_defined = look(side.end).is_defined
    point = look(at)
    if was_defined and not point.is_defined:
        inside, outside = side.end, at
        for _ in range(EDGE_STEPS):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if look(middle).is_defined else (inside, middle)
        side.end, side.ended = inside, True
        return
    side.end, side.step = at, 2 * side.step
    side.ended = at == (domain.high if side.sign > 0 else domain.low)


def expand(look: Sampler, domain: Domain, start: float) -> tuple[float, float]:
    """Look outward to both sides until the sign changes, one step beyond, and give the range looked at.

    A domain with two ends of its own, such as that of a share, is looked at whole.
    """
    look(start)
    step = max(abs(start) / 2, FIRST_STEP)
    sides = (Side(-1, start, step), Side(1, start, step))
    is_whole = domain.has_low and domain.has_high
    beyond = 1
    for _ in range(ROUNDS):
        if look.changes_sign and not is_whole:
            if beyond == 0:
                break
            beyond -= 1
        for side in sides:
            if not side.ended:
                walk(look, domain, side)
        if all(side.ended for side in sides):
            break
    return sides[0].end, sides[1].end

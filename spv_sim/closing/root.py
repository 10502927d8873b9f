"""A root that is bracketed, found by Newton's steps where they stay inside and by halves where not."""

from __future__ import annotations

from collections.abc import Callable

MOST_STEPS = 100
RESOLUTION = 1e-14
"""Relative step of Newton below which only rounding is left: the error falls with its square.

A function of many roundings, such as a sum of discounted payments, needs a coarser one."""


class NoRootError(ArithmeticError):
    """Raised where the steps run out before the root is found."""


def falling_root(
    function: Callable[[float], float],
    low: float,
    high: float,
    resolution: float = RESOLUTION,
    least: float = 0.0,
) -> float:
    """Where a function that falls from `low` to `high` crosses zero, to a relative resolution.

    least : distance that is never told apart, however near zero the root lies.

    Raises
    ------
    NoRootError : after 100 steps without one.
    """
    at = low
    for _ in range(MOST_STEPS):
        value = function(at)
        if value == 0:
            return at
        low, high = (at, high) if value > 0 else (low, at)
        step = 1e-6 * max(abs(at), 1e-300)
        slope = (function(at + step) - value) / step
        newton = at - value / slope if slope < 0 else high
        nearer = newton if low <= newton <= high else (low + high) / 2
        step_told, bracket_told = max(resolution * abs(at), least), max(resolution * abs(high), least)
        if abs(nearer - at) <= step_told or high - low <= bracket_told:
            return nearer
        at = nearer
    raise NoRootError(f"no root within {MOST_STEPS} steps")

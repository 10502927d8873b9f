"""Closes the points of a sweep and puts those side by side that leave the market alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spv_sim.analysis.sweep.axes import Axis, combinations, overrides_of
from spv_sim.closing.close import Closed, close
from spv_sim.errors import UserError
from spv_sim.scenario.read import Loaded

MOST_TOGETHER = 16
"""Deals on one simulated market; more of them save little, and take more memory."""

ROOM = 1 << 30
"""Bytes that the kept values of deals on one market may take."""


@dataclass(frozen=True)
class Point:
    """A point of the grid.

    at : the number of the step of each axis.  closed : None where it cannot be closed.
    fault : why.
    """

    at: tuple[int, ...]
    closed: Closed | None = None
    fault: UserError | None = None


def close_point(loaded: Loaded, axes: Sequence[Axis], at: tuple[int, ...]) -> Point:
    """Read and close a point, as if its settings stood in the file."""
    try:
        return Point(at, close(loaded.override(overrides_of(axes, at)).scenario))
    except UserError as fault:
        return Point(at, fault=fault)


def market_key(closed: Closed) -> bytes:
    """Equal for deals that may run on one market: the same draws, clocks, curves and months."""
    seen = hashlib.sha256()

    def look(part: object) -> None:
        if isinstance(part, tuple):
            seen.update(f"({len(part)}".encode())
            for inner in part:
                look(inner)
        else:
            values = np.asarray(part)
            seen.update(f"{values.dtype.str}{values.shape}".encode())
            seen.update(np.ascontiguousarray(values).tobytes())

    look((closed.terms.market, closed.terms.hurdle, closed.terms.deal.last_month))
    return seen.digest()


def moves_market(loaded: Loaded, axes: Sequence[Axis]) -> tuple[bool, ...]:
    """Of each axis, whether its last step has another market than its first, the others at their first.

    Limits
    ------
    A guess that decides the order of work alone, not its results.
    """
    first = close_point(loaded, axes, (0,) * len(axes))
    found = []
    for number, own in enumerate(axes):
        end = tuple((len(own.steps) - 1) * (other == number) for other in range(len(axes)))
        last = close_point(loaded, axes, end)
        known = first.closed is not None and last.closed is not None
        found.append(known and market_key(first.closed) != market_key(last.closed))  # type: ignore[arg-type]
    return tuple(found)


def in_order(loaded: Loaded, axes: Sequence[Axis]) -> Iterator[tuple[int, ...]]:
    """All points, those that share a market one after the other as far as one can tell."""
    moves = moves_market(loaded, axes)
    order = sorted(range(len(axes)), key=lambda number: not moves[number])
    for turned in combinations([axes[number] for number in order]):
        yield tuple(turned[order.index(number)] for number in range(len(axes)))


def groups(loaded: Loaded, axes: Sequence[Axis], most: int = MOST_TOGETHER) -> Iterator[list[Point]]:
    """All points, closed: each group has one market, or is one point that cannot be closed.

    Closing goes on as groups are taken, so that no more than one group is held.
    """
    group: list[Point] = []
    key = b""
    for at in in_order(loaded, axes):
        point = close_point(loaded, axes, at)
        if point.closed is None:
            yield [point]
            continue
        own = market_key(point.closed)
        if group and (own != key or len(group) == most):
            yield group
            group = []
        key = own
        group.append(point)
    if group:
        yield group


def most_together(columns: int, paths: int, keep: int) -> int:
    """How many deals fit into the room for kept values."""
    return max(1, min(MOST_TOGETHER, ROOM // (8 * columns * max(1, min(paths, keep)))))

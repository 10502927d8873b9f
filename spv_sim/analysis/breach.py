"""Stops a run on which an identity of the cash is violated, and says on which path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from spv_sim.spv.tolerance import CASH_TOLERANCE


class IdentityError(Exception):
    """Dollars in are not dollars out, or another identity of the model does not hold: a fault of the program.

    Parameters
    ----------
    path : number of the path; None for the base case.
    violation : as a share of the total uses; NaN where it is not defined.
    vehicle : of a programme, whose identity it is.
    """

    def __init__(self, path: int | None, violation: float, vehicle: str | None = None) -> None:
        self.path = path
        self.violation = violation
        self.vehicle = vehicle
        super().__init__(path, violation, vehicle)

    def __str__(self) -> str:
        where = "the base case" if self.path is None else f"path {self.path}"
        size = "not defined" if np.isnan(self.violation) else f"{self.violation:.1e} of the total uses"
        return f"an identity of the cash flows does not hold on {where}: {size}, allowed {CASH_TOLERANCE:.0e}"


@contextmanager
def of_vehicle(name: str) -> Iterator[None]:
    """Say of a broken identity which vehicle's it is.

    Raises
    ------
    IdentityError
    """
    try:
        yield
    except IdentityError as breach:
        raise IdentityError(breach.path, breach.violation, name) from breach


def refuse_breach(violations: NDArray[np.float64], first_path: int | None) -> None:
    """Pass only paths on which every identity holds.

    Parameters
    ----------
    violations : (n,) float64, largest violation on each path [share of the total uses].
    first_path : number of the first of them; None for the base case.

    Raises
    ------
    IdentityError : naming the first path that violates one.
    """
    held = violations <= CASH_TOLERANCE  # False for NaN
    if not held.all():
        row = int(np.argmin(held))
        raise IdentityError(None if first_path is None else first_path + row, float(violations[row]))

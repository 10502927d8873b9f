"""Classes of equity at closing: who pays which part of each call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spv_sim.scenario.equity import EquityClass

Array = NDArray[np.float64]

ONLY_CLASS = "equity"
"""Name of the one class of common equity where the scenario names none."""


@dataclass(frozen=True)
class EquityClosing:
    """A class of equity.

    share : of every call [1].  kind : "common" or "preferred".  rate : preferred return [1/year].
    vendor : whether the hardware's seller holds it.  calls : (completion + 1,) float64 [USD].
    """

    name: str
    share: float
    kind: str
    rate: float
    vendor: bool
    calls: Array


def close_equity(classes: dict[str, EquityClass], calls: Array) -> tuple[EquityClosing, ...]:
    """Each class pays its share of every call."""
    if not classes:
        return (EquityClosing(ONLY_CLASS, 1.0, "common", 0.0, False, calls),)
    return tuple(
        EquityClosing(name, held.share, held.kind, held.rate or 0.0, held.vendor, held.share * calls)
        for name, held in classes.items()
    )

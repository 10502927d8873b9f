"""Who has a stake in a deal, and what of it a path takes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stakeholder:
    """One who bears a part of the deal's loss.

    Parameters
    ----------
    name : as in the results.
    parts : column name -> weight; the sum of weight x column is the present value of its flows [USD].
    base : that sum in the base case [USD].
    """

    name: str
    parts: Mapping[str, float]
    base: float

    def lost_value(self, columns: Mapping[str, Array]) -> Array:
        """(paths,) float64, value in the base case less value on the path; negative where it gains [USD]."""
        held = sum((weight * columns[name] for name, weight in self.parts.items()), start=np.zeros(()))
        return np.asarray(self.base - held)

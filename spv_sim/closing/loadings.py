"""How the drivers' normals are mixed at closing: loadings of a step's drivers on independent normals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUNDING = 1e-14
"""A variance left over that is smaller than this is none [1]."""


def loadings(correlation: Array) -> Array:
    """Lower triangle L with L L' the correlation matrix, zero columns where it is singular (Cholesky).

    Parameters
    ----------
    correlation : (n, n) float64, positive semidefinite, the driver that the others load on first [1].

    Limits: the order of the drivers is kept, without pivots, so that each keeps its own draws; what rounding
    leaves below zero on the diagonal counts as zero.

    Source: model 3.0.
    """
    size = len(correlation)
    lower = np.zeros((size, size))
    for row in range(size):
        for column in range(row):
            rest = correlation[row, column] - float(lower[row, :column] @ lower[column, :column])
            lower[row, column] = rest / lower[column, column] if lower[column, column] > 0 else 0.0
        rest = correlation[row, row] - float(lower[row, :row] @ lower[row, :row])
        lower[row, row] = math.sqrt(rest) if rest > ROUNDING else 0.0
    return lower

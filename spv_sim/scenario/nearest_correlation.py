"""The correlation matrix nearest to one that no random drivers can have; offered, never applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

MOST_PROJECTIONS = 10_000
CLOSE = 1e-12


def nearest_correlation(matrix: Matrix) -> Matrix:
    """Nearest positive semidefinite matrix of unit diagonal, in the Frobenius norm.

    Parameters
    ----------
    matrix : (n, n) float64, symmetric, unit diagonal [1].

    Source: Higham (2002), alternating projections with Dykstra's correction.
    """
    import numpy as np

    nearest, correction = np.array(matrix, dtype=np.float64), np.zeros_like(matrix, dtype=np.float64)
    for _ in range(MOST_PROJECTIONS):
        before = nearest
        shifted = before - correction
        values, vectors = np.linalg.eigh(shifted)
        projected = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = projected - shifted
        nearest = (projected + projected.T) / 2
        np.fill_diagonal(nearest, 1.0)
        if np.abs(nearest - before).max() < CLOSE:
            break
    return nearest

"""The deal's book as it stands after completion."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spv_sim.spv.book import (
    CURED_IN,
    EVENT_OF_DEFAULT,
    MIN_DSCR,
    N_CLASS_CELLS,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    NEW_RATE,
    PAYBACK_MONTH,
)

Array = NDArray[np.float64]


def opening_book(
    deal: Mapping[int, float],
    tranches: Mapping[int, Array],
    classes: Mapping[int, Array],
    covenants: Array,
) -> Array:
    """(n_cells,) float64: what the cells of deal, tranches and classes of equity begin with [USD], else 0.

    Months in which a thing has not happened yet are infinite, and so is the least of no DSCR.

    Parameters
    ----------
    deal : by cell.  tranches : (n,) float64 by cell of a tranche.  classes : (m,) float64 by cell of a class.
    covenants : all their cells.
    """
    end = N_DEAL_CELLS + len(next(iter(tranches.values()))) * N_TRANCHE_CELLS
    book = np.zeros(end + len(next(iter(classes.values()))) * N_CLASS_CELLS)
    book[list(deal)] = list(deal.values())
    book[[EVENT_OF_DEFAULT, MIN_DSCR, PAYBACK_MONTH, CURED_IN, NEW_RATE]] = math.inf
    for cell, values in tranches.items():
        book[N_DEAL_CELLS + cell : end : N_TRANCHE_CELLS] = values
    for cell, values in classes.items():
        book[end + cell :: N_CLASS_CELLS] = values
    return np.concatenate((book, covenants))

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
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    NEW_RATE,
    PAYBACK_MONTH,
)

Array = NDArray[np.float64]


def opening_book(deal: Mapping[int, float], tranches: Mapping[int, Array]) -> Array:
    """(n_cells,) float64: what the deal's cells and those of each tranche begin with [USD], else 0.

    Months in which a thing has not happened yet are infinite, and so is the least of no DSCR.

    Parameters
    ----------
    deal : by cell.  tranches : (n,) float64 by cell of a tranche.
    """
    count = len(next(iter(tranches.values())))
    book = np.zeros(N_DEAL_CELLS + count * N_TRANCHE_CELLS)
    book[list(deal)] = list(deal.values())
    book[[EVENT_OF_DEFAULT, MIN_DSCR, PAYBACK_MONTH, CURED_IN, NEW_RATE]] = math.inf
    for cell, values in tranches.items():
        book[N_DEAL_CELLS + cell :: N_TRANCHE_CELLS] = values
    return book

"""The deal's book as it stands after completion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spv_sim.spv.book import (
    COSTS_DUE,
    DEBT,
    DSRA,
    EQUITY_NPV,
    EQUITY_RECEIVED,
    EVENT_OF_DEFAULT,
    MIN_DSCR,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    PAYBACK_MONTH,
    TRAP,
)

Array = NDArray[np.float64]


def opening_book(
    trap: float, dsra: float, cost_arrears: float, received: float, npv: float, commitments: Sequence[float]
) -> Array:
    """(n_cells,) float64: balances, what the shareholders have received and its value [USD], else 0.

    Months in which a thing has not happened yet are infinite, and so is the least of no DSCR.
    """
    book = np.zeros(N_DEAL_CELLS + len(commitments) * N_TRANCHE_CELLS)
    book[[TRAP, DSRA, COSTS_DUE, EQUITY_RECEIVED, EQUITY_NPV]] = trap, dsra, cost_arrears, received, npv
    book[[EVENT_OF_DEFAULT, MIN_DSCR, PAYBACK_MONTH]] = math.inf
    book[N_DEAL_CELLS + DEBT :: N_TRANCHE_CELLS] = commitments
    return book

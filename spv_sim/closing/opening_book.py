"""The deal's book as it stands after completion."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.fleet import hardware_cost
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

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Opening:
    """Balances after completion and the cash that equity gets at once [USD]."""

    trap: float
    cost_arrears: float
    distribution: float


def open_accounts(scenario: Scenario, early_rent: Array, opex: Array) -> Opening:
    """The month of completion: rent due by then pays opex, the rest is held; a first payment goes its way.

    Source: model R6, 6.1.
    """
    completion = scenario.grid.construction
    held_rent = float(early_rent.sum()) if scenario.lease.early_rent_to == "trap" else 0.0
    cash = held_rent - opex[completion]
    first = scenario.lease.first_payment.amount(hardware_cost(scenario.fleet))
    destination = scenario.lease.first_payment_to
    held = first if destination == "trap" else 0.0
    trap = held + cash
    return Opening(
        trap=max(trap, 0.0),
        cost_arrears=max(-trap, 0.0),
        distribution=first if destination == "equity" else 0.0,
    )


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

"""The month of completion of a replay: what the path begins with, and rent that comes in advance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.close import Closed
from spv_sim.results.metric import COVENANT_PREFIX
from spv_sim.spv.book import (
    COSTS_DUE,
    DEBT,
    DSRA,
    INTEREST_ARREARS,
    OUTCOME,
    PHASE,
    TRAP,
    UNITS_WORKING,
    WORKING_CAPITAL,
    tranche_cell,
)

Array = NDArray[np.float64]


def row_of_stop(closed: Closed, default_months: Array) -> NDArray[np.int_]:
    """(paths,) int, month in which a default stops the draws of each path; 0 where none does."""
    deal = closed.terms.deal
    stopped = deal.stop.in_use & (default_months <= deal.completion)
    return np.where(stopped, default_months, 0).astype(int)


def completion_books(closed: Closed, default_months: Array) -> Array:
    """(paths, n_cells) float64, the book after completion of each path, by the month of its default [USD]."""
    rows = row_of_stop(closed, default_months)
    opening = np.tile(closed.terms.deal.opening, (len(rows), 1))
    opening[rows > 0] = closed.terms.deal.stop.book[rows[rows > 0]]
    return opening


def delivered_share(closed: Closed, default_months: Array) -> Array:
    """(paths,) float64, share of the contract's units that is delivered [1]."""
    rows = row_of_stop(closed, default_months)
    return np.where(rows > 0, closed.terms.deal.stop.share[rows], 1.0)


def with_completion(
    closed: Closed, months: dict[str, Array], flows: dict[str, Array], default_month: float
) -> dict[str, Array]:
    """The months with that of completion before them, in which rent in advance arrives (model R6)."""
    deal, lessee = closed.terms.deal, np.array([default_month])
    book, stopped = completion_books(closed, lessee)[0], bool(row_of_stop(closed, lessee)[0])
    rent = 0.0 if stopped else float(deal.assets.lease.rent_payable[deal.completion])
    cost_arrears = float(book[COSTS_DUE])
    costs = cost_arrears if stopped else float(deal.assets.opex_performing[deal.completion])
    debts, arrears = (
        [float(book[tranche_cell(i, cell)]) for i in range(len(closed.tranches))]
        for cell in (DEBT, INTEREST_ARREARS)
    )
    known = {
        "k": float(deal.completion),
        "rent": rent,
        "rent_due": rent,
        "inflow": rent,
        "costs_due": costs,
        "costs_paid": costs - cost_arrears,
        "trap": float(book[TRAP]),
        "dsra": float(book[DSRA]),
        "working_capital": float(book[WORKING_CAPITAL]),
        "letter_of_credit": float(deal.letters.face[:, deal.completion].sum()),
        "D": debts[0],
        "Q": debts[1] if len(debts) > 1 else 0.0,
        "cost_arrears": cost_arrears,
        "interest_arrears": arrears[0],
        "lessee_defaulted": float(stopped),
        "lease_phase": float(book[PHASE]),
        "outcome": float(book[OUTCOME]),
        "price": np.nan,
        "lease_rate": np.nan,
        "dscr": np.nan,
        **{name: np.nan for name in months if name.startswith(COVENANT_PREFIX)},
        "units": float(book[UNITS_WORKING]),
        "working_share": 1.0,
    }
    for name, debt, unpaid in zip(closed.tranches, debts, arrears, strict=True):
        known |= {f"{name}.debt": debt, f"{name}.interest_arrears": unpaid}
    for row, name in enumerate(closed.classes):
        paid = 0.0 if stopped else flows[name][deal.completion] - deal.classes.flow[row, deal.completion]
        known |= {f"{name}.dist": float(paid), f"{name}.capital": np.nan, f"{name}.return_due": np.nan}
    return {name: np.concatenate(([known.get(name, 0.0)], values)) for name, values in months.items()}

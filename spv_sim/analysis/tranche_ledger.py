"""The month by month record of some paths, with the rows of every tranche under its own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.close import Closed
from spv_sim.engine.cpu import LANES, ledgers
from spv_sim.engine.path import Terms

Array = NDArray[np.float64]

SINGLE = {
    "debt": "D",
    "interest_due": "int_due",
    "interest_paid": "int_paid",
    "principal_due": "prin_due",
    "principal_paid": "prin_paid",
    "interest_arrears": "interest_arrears",
    "principal_arrears": "principal_arrears",
}
"""Rows of a tranche, and what the engine calls them where a deal has only one."""


def tranche_ledgers(
    closed: Closed, terms: Terms, seed: int, first_path: int, n_paths: int, lanes: int = LANES
) -> dict[str, Array]:
    """(months + 1, n_paths) float64 by name: the engine's rows, and `<tranche>.debt` and the like."""
    return with_tranche_rows(ledgers(terms, seed, first_path, n_paths, lanes), closed.tranches)


def with_tranche_rows(rows: Mapping[str, Array], tranches: Sequence[str]) -> dict[str, Array]:
    """The rows with those of the only tranche under its name, where the engine does not name them itself."""
    if len(tranches) != 1 or f"{tranches[0]}.debt" in rows:
        return dict(rows)
    return dict(rows) | {f"{tranches[0]}.{name}": rows[row] for name, row in SINGLE.items()}


def total(rows: Mapping[str, Array], tranches: Sequence[str], name: str) -> Array:
    """A row summed over tranches, such as the `debt` of all of them; an array of rows' shape [USD]."""
    return np.asarray(sum(rows[f"{tranche}.{name}"] for tranche in tranches))

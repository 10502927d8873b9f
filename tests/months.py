"""The engine's ledger with the senior tranche under the names of the reference deals (model R12)."""

from __future__ import annotations

import numpy as np

from spv_sim.closing.close import Closed
from spv_sim.engine.cpu import LANES, ledgers


def months_of(
    closed: Closed, seed: int, first_path: int, n_paths: int, lanes: int = LANES
) -> dict[str, np.ndarray]:
    """(months + 1, n_paths) by name; the other tranches' rows keep the engine's names."""
    rows = ledgers(closed.terms, closed.ledger_rows, seed, first_path, n_paths, lanes)
    senior = {
        name.split(".")[1]: row for name, row in rows.items() if name.startswith(closed.tranches[0] + ".")
    }
    return rows | {
        "D": senior["debt"],
        "int_due": senior["interest_current"],
        "int_arrears_due": senior["interest_due"] - senior["interest_current"],
        "int_paid": senior["interest_paid"],
        "prin_due": senior["principal_due"],
        "prin_paid": senior["principal_paid"] + senior["prepaid"],
        "interest_arrears": senior["interest_arrears"],
        "principal_arrears": senior["principal_arrears"],
    }

"""Paths whose lessee defaults before completion, when draws stop and batches are cancelled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.paths import Paths


def defaults_early(paths: Paths) -> NDArray[np.bool_]:
    """Whether the lessee defaults before completion, and the deal meets it then, by path."""
    if not paths.closed.scenario.credit.draw_stop:
        return np.zeros(paths.ledger["rent"].shape[1], dtype=bool)
    return paths.ledger["default_month"][-1] <= paths.closed.scenario.grid.construction


def as_planned(paths: Paths) -> Paths | None:
    """The paths that are built as closing plans, of which alone the identities can be told from it.

    None where there are no such paths: none where interest up to completion follows the rates of each. The
    flows stay those of all paths.
    """
    kept = ~defaults_early(paths) & (not paths.closed.terms.deal.contingent.in_use)
    if kept.all():
        return paths
    if not kept.any():
        return None
    ledger = {name: values[:, kept] for name, values in paths.ledger.items()}
    return replace(paths, ledger=ledger, columns={name: row[kept] for name, row in paths.columns.items()})

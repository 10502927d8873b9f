"""Fixtures of the results room."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from spv_sim.kernel.irr_roots import OK, TOTAL_LOSS, UNDEFINED, Rates


def solve(flows, hurdle):
    """Monthly rate of flows with one change of sign, by scipy."""
    months = np.arange(len(flows))
    if not (flows < 0.0).any():
        return Rates(np.nan, UNDEFINED, ())
    if not (flows > 0.0).any():
        return Rates(-1.0, TOTAL_LOSS, ())
    rate = float(
        brentq(lambda rate: float(flows @ (1.0 + rate) ** -months), -0.5, 2.0, xtol=1e-15, rtol=1e-14)
    )
    return Rates(rate, OK, (rate,))


@pytest.fixture(scope="session")
def solver():
    """A solver independent of the kernel's."""
    return solve

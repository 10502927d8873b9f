"""The default of the lessee's guarantor: its own curve, and its joint default with the lessee."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.closing.default_copula import joint_default
from spv_sim.market.lessee_guarantor import guarantor_month, lessee_rank
from spv_sim.market.market import draw_default_month
from tests.closing.deals import base

PATHS = 4_000
HORIZON = 60
SETS = ("credit.hazard=10 %/year", "credit.clock=closing", "credit.guarantor.hazard=6 %/year")


def near(share: float, probability: float) -> bool:
    return abs(share - probability) <= 4 * math.sqrt(probability * (1 - probability) / PATHS)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.6, 1.0])
def test_guarantor_and_lessee_default_together_as_the_copula_says(correlation: float) -> None:
    """Both by month 60: Φ2 of the two quantiles; each alone by its curve."""
    market = close(base("x-base", *SETS, f"credit.guarantor.correlation={correlation}")).terms.market
    parent = market.contract.lessee_guarantor
    months = [draw_default_month(market, 3, path) for path in range(PATHS)]
    lessee = np.array(months) <= HORIZON
    failed = [guarantor_month(parent, 3, path, month) for path, month in enumerate(months)]
    guarantor = np.array(failed) <= HORIZON
    alone = -math.expm1(-0.06 * HORIZON / 12)
    first = float(parent.lessee_defaulted[HORIZON])
    assert near(float(guarantor.mean()), alone)
    assert near(float((guarantor & lessee).mean()), joint_default(first, alone, correlation))


def test_the_rank_of_a_default_is_uniform_whatever_its_month() -> None:
    """Each month fills its own part of (0, 1), and survival the rest: for a certain default, all of it."""
    defaulted = np.array([0.0, 0.1, 0.1, 0.4])
    for month, (low, high) in {1: (0.0, 0.1), 3: (0.1, 0.4), math.inf: (0.4, 1.0)}.items():
        for uniform in (0.25, 0.5):
            rank = lessee_rank(defaulted, month, uniform)
            assert rank == pytest.approx(low + uniform * (high - low), rel=1e-15)
    assert lessee_rank(np.array([0.0, 0.0, 1.0, 1.0]), 2, 0.7) == 0.7


def test_a_guarantor_without_a_hazard_never_fails_and_draws_nothing() -> None:
    market = close(base("x-base", "credit.guarantor.cap=1 bn USD")).terms.market
    assert len(market.contract.lessee_guarantor.levels) == 0
    assert not market.contract.draws

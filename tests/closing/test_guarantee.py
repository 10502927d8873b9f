"""The guarantee's fair premium: the given value, the sum over jumps, and what a run pays on average."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.closing.gpu_price_terms import log_mean_price
from spv_sim.closing.guarantee import fair_premium
from spv_sim.engine.cpu import LANES
from spv_sim.kernel.jit import PLAIN
from tests.closing.deals import base
from tests.given import agrees, given
from tests.months import months_of

PATHS = 200 if PLAIN else 20_000
WIDTH = 1 if PLAIN else LANES
PRICE = (
    "gpu_price.volatility=35 %/sqrt(year)",
    "gpu_price.jump.intensity=0.6 /year",
    "gpu_price.jump.mean_log=-0.12",
    "gpu_price.jump.sd_log=0.10",
)
PROMISE = "lease.residual_value_guarantee.amount=5_200 USD"


def test_rvg_premium_given() -> None:
    inputs, expected, tolerance = given("rvg_premium_given")
    got = fair_premium(
        units=inputs["units"],
        amount=inputs["G"],
        forward=inputs["F"],
        deviation=inputs["vol"] * math.sqrt(inputs["T"]),
        years=inputs["T"],
        rate=inputs["rf"],
        survival=math.exp(-inputs["hazard"] * inputs["T"]),
    )
    assert agrees(got, expected, tolerance)


def test_a_guarantee_beyond_every_price_is_worth_the_shortfall_of_the_mean() -> None:
    """The jumps leave the mean alone, so a promise that always pays is worth amount less mean."""
    got = fair_premium(1, 1e9, 6_000.0, 0.5, 0.0, 0.0, jumps=3.0, jump_mean=-0.2, jump_sd=0.1)
    assert got == pytest.approx(1e9 - 6_000.0, rel=1e-12)


@pytest.mark.parametrize("hazard", [0.0, 0.2])
def test_a_run_pays_what_the_premium_is_for(hazard: float) -> None:
    """Mean payment over paths, within 4 standard errors, of a guarantor that may fail."""
    sets = (*PRICE, PROMISE, f"lease.residual_value_guarantee.hazard={100 * hazard} %/year")
    scenario = base("x-base", *sets)
    paid = np.nansum(months_of(close(scenario), 3, 0, PATHS, WIDTH)["guarantee"], axis=0)
    years = 64 / 12
    expected = fair_premium(
        units=500_000,
        amount=5_200.0,
        forward=float(np.exp(log_mean_price(scenario.gpu_price, 40_000.0, np.array([years])))[0]),
        deviation=0.35 * math.sqrt(years),
        years=years,
        rate=0.0,
        survival=math.exp(-hazard * years),
        jumps=0.6 * years,
        jump_mean=-0.12,
        jump_sd=0.10,
    )
    assert abs(paid.mean() - expected) <= 4 * paid.std(ddof=1) / math.sqrt(PATHS)
    if hazard:
        assert (paid == 0).mean() > 0.5

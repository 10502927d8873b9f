"""What a contract draws, by its frequency over paths, and the use of the machines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.closing.close import close
from spv_sim.closing.utilisation_terms import mean_utilisation
from spv_sim.engine.cpu import LANES
from spv_sim.kernel.jit import PLAIN
from tests.closing.deals import base
from tests.months import months_of

PATHS = 200 if PLAIN else 20_000
WIDTH = 1 if PLAIN else LANES
SMALL = ("lease.term=24 months", "capital.tranche.senior.tenor=24 months", "capital.debt_share=20 %")
END = "lease.end_of_term"


def flows(name: str, *sets: str) -> NDArray[np.float64]:
    """A cash flow by month and path."""
    return months_of(close(base("x-base", *SMALL, *sets)), 8, 0, PATHS, WIDTH)[name]


def near(share: float, probability: float) -> bool:
    return abs(share - probability) <= 4 * math.sqrt(probability * (1 - probability) / PATHS)


def test_a_guarantor_fails_at_its_hazard() -> None:
    promise = "lease.residual_value_guarantee"
    paid = flows("guarantee", f"{promise}.amount=30_000 USD", f"{promise}.hazard=10 %/year")
    assert near(float((paid[28] > 0).mean()), math.exp(-0.1 * 28 / 12))


def test_a_lessee_buys_at_fair_market_value_with_its_probability() -> None:
    paid = flows("purchase", f"{END}.option=fair_market_value", f"{END}.probability=30 %")
    assert near(float((paid[28] > 0).mean()), 0.30)


@pytest.mark.parametrize("price", [8_000, 11_000])
def test_a_lessee_buys_by_its_curve(price: int) -> None:
    sets = (f"{END}.option=fixed_price", f"{END}.price={price} USD", f"{END}.exercise=behavioural")
    paid = flows("purchase", *sets, f"{END}.intercept=0.2", f"{END}.slope=4")
    value = 1.1 * 40_000 * 0.62 * math.exp(-0.40 * 28 / 12)
    chance = 1 / (1 + math.exp(-0.2 - 4 * math.log(value / price)))
    assert near(float((paid[28] > 0).mean()), chance)


def test_a_lessee_ends_its_lease_at_its_hazard() -> None:
    """From month 4 + 12 on; the rent of the month is paid, and nothing after it."""
    right = "lease.early_termination"
    sets = (f"{right}.hazard=20 %/year", f"{right}.first_month=12 months", f"{right}.fee=1 USD")
    paid = flows("termination", *sets, f"{right}.discount_rate=10 %")
    months = np.nonzero(paid > 0)[0]
    assert months.min() == 16
    assert months.max() == 27
    assert near(len(months) / PATHS, -math.expm1(-0.2 * 12 / 12))
    rent = flows("rent", *sets, f"{right}.discount_rate=10 %")
    ended = (paid > 0).argmax(axis=0)
    for path in np.flatnonzero((paid > 0).any(axis=0))[:50]:
        assert rent[ended[path], path] > 0
        assert not rent[ended[path] + 1 :, path].any()


def test_a_default_after_the_lease_has_ended_is_none_of_the_vehicles_business() -> None:
    right = "lease.early_termination.month=16 months"
    sets = (right, "lease.early_termination.discount_rate=10 %", "credit.default_month=20 months")
    assert not np.nansum(flows("claim", *sets)[:, 0])
    assert not np.nansum(flows("enforcement", *sets)[:, 0])


def test_use_has_its_mean_and_keeps_its_bounds() -> None:
    use = (
        "utilisation.lowest=20 %",
        "utilisation.initial=90 %",
        "utilisation.mean_level=60 %",
        "utilisation.half_life=6 months",
        "utilisation.volatility=90 %/sqrt(year)",
    )
    scenario = base("x-base", *SMALL, *use)
    rent = flows("rent", *use, "lease.billing=used", "lease.commitment=0 %")
    used = rent[5:29] / (500_000 * 730 * 1.30)
    assert used.min() > 0.2
    assert used.max() < 1.0
    mean = mean_utilisation(scenario.utilisation, 28)[5:29]
    assert (np.abs(used.mean(axis=1) - mean) <= 4 * used.std(axis=1, ddof=1) / math.sqrt(PATHS)).all()


def test_the_estate_pays_a_share_that_is_drawn() -> None:
    """A Beta distribution of mean 40 % and deviation 20 %, against the certain share."""
    sets = ("credit.default_month=10 months", "workout.claim_recovery=40 %")
    certain = flows("claim", *sets)[28, 0]
    share = flows("claim", *sets, "workout.claim_recovery_sd=20 %")[28] / certain * 0.40
    assert abs(share.mean() - 0.40) <= 4 * 0.20 / math.sqrt(PATHS)
    fourth = float(((share - share.mean()) ** 4).mean())
    error = math.sqrt((fourth - share.var() ** 2) / PATHS)
    assert abs(share.var() - 0.04) <= 4 * error + 1e-3 * 0.04
    assert share.max() <= 1

"""Every credit engine: survival is that of its curve, defaults keep company with prices, bits with no one."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numba import typeof

from spv_sim.closing.close import close
from spv_sim.closing.credit_terms import black_cox
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.kernel.jit import PLAIN
from tests.closing.deals import base
from tests.given import given
from tests.market.engines import ENGINES, default_months, market_rows, terms_of

PATHS = 1 << (9 if PLAIN else 18)
MONTHS = (5, 6, 12, 24, 36, 48, 60)


def z(sample: np.ndarray, expected: float) -> float:
    return float(abs(sample.mean() - expected) / (sample.std(ddof=1) / math.sqrt(len(sample))))


def given_walk() -> str:
    inputs, _, _ = given("blackcox_pd_given")
    walk = 'credit.black_cox={ distance = %r, distance_drift = "%r %%", volatility = "%r %%/sqrt(year)" }'
    return walk % (inputs["x0"], 100 * inputs["m"], 100 * inputs["s"])


@pytest.mark.parametrize("name", ENGINES)
def test_survival_is_that_of_the_curve(name: str) -> None:
    terms = terms_of(name).market
    defaults = default_months(terms, PATHS)
    for month in MONTHS:
        expected = math.exp(-terms.credit.cumulative_hazard[month])
        error = math.sqrt(expected * (1 - expected) / PATHS)
        assert abs((defaults > month).mean() - expected) <= 4 * error, (month, expected)
    rent_dates = set(terms.credit.rent_dates) if name != "hazard" else set(range(5, 65))
    assert set(np.unique(defaults)) <= rent_dates | {math.inf}


def test_survival_of_shocks_on_top_is_the_given_one() -> None:
    inputs, expected, _ = given("shot_noise_survival_given")
    half_life = 12 * math.log(2) / inputs["kappa"]
    shocks = (
        f'credit.regulatory={{ events = "{inputs["nu"]} /year", severity = "{100 * inputs["mu"]} %", '
        f'half_life = "{half_life!r} months", curve_includes = false }}'
    )
    scenario = base("e4", f"credit.hazard={100 * inputs['lbar']} %", shocks, "credit.clock=closing")
    defaults = default_months(close(scenario).terms.market, PATHS)
    for years, survival in expected.items():
        error = math.sqrt(survival * (1 - survival) / PATHS)
        assert abs((defaults > 12 * int(years)).mean() - survival) <= 4 * error


@pytest.mark.parametrize("rho", ["0.0", "0.6"])
def test_wrongway_residual_given_default_by_simulation(rho: str) -> None:
    inputs, expected, _ = given(f"wrongway_residual_given_default_given_rho{rho}")
    assert inputs["sv"] == 0.35  # the volatility of the deal
    scenario = base("e5a", given_walk(), "credit.clock=closing", f"correlation.lessee_credit.gpu_price={rho}")
    defaults, price, *_ = market_rows(close(scenario).terms.market, PATHS, 60)
    ratio = price / (40_000 * 0.62 * math.exp(-0.40 * 5))
    defaulted = defaults <= 60
    assert z(ratio, 1.0) <= 4
    assert z(defaulted.astype(float), expected["pd"]) <= 4
    assert z(ratio * defaulted, expected["joint"]) <= 4
    assert z((ratio - expected["cond"])[defaulted], 0.0) <= 4


def test_tcfp_given_joint_law_of_price_and_default() -> None:
    inputs, expected, _ = given("tcfp_given")
    assert inputs["sv"] == 0.35
    assert inputs["hazards"] == [0.06, 0.09, 0.11, 0.12, 0.12]
    wrong_way = ("credit.clock=closing", f"correlation.lessee_credit.gpu_price={inputs['rho']}")
    scenario = base("e4", "credit.engine=first_passage", *wrong_way)
    defaults, price, *_ = market_rows(close(scenario).terms.market, PATHS, 60)
    ratio = price / (40_000 * 0.62 * math.exp(-0.40 * 5))
    defaulted = defaults <= 60
    assert z(defaulted.astype(float), expected["PD"]["60"]) <= 4
    assert z(ratio * defaulted, expected["joint"]["60"]) <= 4
    assert z((ratio - expected["cond"]["60"])[defaulted], 0.0) <= 4


def test_the_lease_rate_falls_with_the_credit_as_the_price_does() -> None:
    """Under weights of a rate that hardly reverts the walk drifts by rho sigma sigma_R exp(-kappa (T - s)).

    Girsanov's theorem: the largest and the smallest of these drifts bound the mean in default.
    """
    rate = (
        'lease_rate={ initial = "2 USD/GPU-hour", mean_level = "2 USD/GPU-hour", decline = "0 %", '
        'half_life = "100 years", volatility = "35 %/sqrt(year)" }'
    )
    scenario = base(
        "e5a",
        given_walk(),
        rate,
        "credit.clock=closing",
        "correlation.lessee_credit.lease_rate=0.6",
        "correlation.gpu_price.lease_rate=0.5",
    )
    defaults, price, lease_rate, _ = market_rows(close(scenario).terms.market, PATHS, 60)
    assert scenario.lease_rate is not None
    mean, variance = (float(value[0]) for value in log_moments(scenario.lease_rate, np.array([5.0])))
    ratio = lease_rate / math.exp(mean + variance / 2)
    weighted = ratio * (defaults <= 60)
    years, walk, faded = np.array([5.0]), black_cox(scenario.credit), math.exp(-math.log(2) * 5 / 100)
    low, high = (
        float(walk.weighted_by_price(0.6 * left, 0.35).default_probability(years)[0]) for left in (1, faded)
    )
    error = 4 * weighted.std(ddof=1) / math.sqrt(PATHS)
    assert low - error <= weighted.mean() <= high + error
    assert high < float(walk.default_probability(years)[0]) - error
    found = np.corrcoef(np.log(price), np.log(lease_rate))[0, 1]
    assert abs(found - 0.5) <= 4 * (1 - 0.5**2) / math.sqrt(PATHS)


def test_the_short_rate_moves_with_the_credit() -> None:
    """E[x_T 1{default}] is the score of a drift of the walk, fading with the mean reversion of the rate."""
    rho, volatility, reversion = -0.5, 0.01, 0.01
    _, *sets = ENGINES["black cox, short rate"]
    scenario = base("e5a", given_walk(), "credit.clock=closing", *sets)
    defaults, _, _, deviation = market_rows(close(scenario).terms.market, PATHS, 60)
    walk, years, bump = black_cox(scenario.credit), np.array([5.0]), 1e-5
    up, down = (
        float(replace(walk, drift=walk.drift + change).default_probability(years)[0])
        for change in (bump, -bump)
    )
    whole = rho * volatility * walk.volatility * (up - down) / (2 * bump)
    faded = whole * math.exp(-5 * reversion)
    together = deviation * (defaults <= 60)
    error = 4 * together.std(ddof=1) / math.sqrt(PATHS)
    assert min(whole, faded) - error <= together.mean() <= max(whole, faded) + error
    assert abs(whole) > 5 * error


@pytest.mark.parametrize("name", ENGINES)
def test_any_width_of_lanes_gives_the_same_bytes(name: str) -> None:
    terms = terms_of(name).market
    alone = market_rows(terms, 512, 60, 1)
    assert np.array_equal(alone[0], default_months(terms, 512, 8))
    for lanes in (8, 16):
        assert np.array_equal(market_rows(terms, 512, 60, lanes), alone)


def test_plain_python_is_the_same_market() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.market.engines"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    plain = json.loads(done.stdout)
    for name in ENGINES:
        compiled = market_rows(terms_of(name).market, 48, 60, 8)
        assert np.array_equal(compiled[0], plain[name][0]), name
        assert np.allclose(compiled[1:], plain[name][1:], rtol=1e-12, atol=1e-14), name


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_all_engines_share_one_compilation() -> None:
    assert len({typeof(terms_of(name)) for name in ENGINES}) == 1

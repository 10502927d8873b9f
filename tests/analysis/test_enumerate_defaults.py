"""Exact expectations over the month of default: deal E1 from its text, derivatives, and what is not exact."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.enumerate_defaults import (
    Enumeration,
    default_weights,
    enumerate_defaults,
    hazard_scores,
    is_certain,
)
from spv_sim.analysis.expectations import (
    expectations,
    weighted_mean,
    weighted_quantile,
    weighted_shortfall,
)
from spv_sim.analysis.simulation import run_simulation
from spv_sim.closing.close import close
from tests.closing.deals import base
from tests.given import agrees, given

ENGINES = ("hazard", "first_passage")

E1 = {
    "lessee.default_probability": "prob_default",
    "senior.probability_of_loss": "prob_senior_loss",
    "senior.expected_loss": "EL_senior_frac_C",
    "senior.expected_loss_pv": "EL_senior_pv",
    "senior.loss_given_default": "LGD_senior",
    "equity.irr": "mean_equity_irr",
    "equity.irr_of_mean_cash_flow": "irr_of_mean_cf",
    "equity.moic": "mean_moic",
    "equity.probability_of_loss": "prob_equity_loss",
    "equity.expected_shortfall_95": "equity_loss_CVaR95",
    "equity.expected_shortfall_99": "equity_loss_CVaR99",
    "senior.yield": "mean_senior_irr",
    "senior.yield_of_mean_cash_flow": "senior_irr_of_mean_cf",
}


@pytest.fixture(scope="module")
def e1() -> Enumeration:
    return enumerate_defaults(close(base("e1")))


def test_E1_enumerate_X_remarket(e1: Enumeration) -> None:
    _, exact, tolerance = given("E1_enumerate_X_remarket")
    found = expectations(e1)
    wrong = {
        ours: (found[ours], exact[theirs])
        for ours, theirs in E1.items()
        if not agrees(found[ours], exact[theirs], tolerance["rel"])
    }
    assert not wrong
    usd, wanted = found["senior.expected_loss_usd"], exact["EL_senior_nominal"]
    assert abs(usd - wanted) <= tolerance["rel"] * wanted
    q05 = weighted_quantile(e1.columns["equity.irr"], e1.weights, 0.05)
    assert agrees(q05, exact["irr_q05"], tolerance["rel"])


def test_every_metric_has_an_exact_expectation_that_the_simulation_meets(e1: Enumeration) -> None:
    """Paths draw the same months, so that each estimate lies within four of its standard errors."""
    found = expectations(e1)
    closed = close(base("e1"))
    done = run_simulation(closed, 65_536, 3, 65_536, base=run_base_case(closed).values)
    assert found.keys() == done.estimates.keys()
    for name, estimate in done.estimates.items():
        if estimate.standard_error > 0:
            assert abs(estimate.value - found[name]) <= 4 * estimate.standard_error, name


def test_the_weights_are_the_survival_curve(e1: Enumeration) -> None:
    assert e1.weights.sum() == pytest.approx(1.0, abs=1e-14)
    assert list(e1.months) == [*range(5, 65), math.inf]
    first_year = e1.weights[:12].sum()  # 6 % in the first year from COD
    assert first_year == pytest.approx(-math.expm1(-0.06), rel=1e-13)


def test_a_scheduled_default_is_one_path() -> None:
    months, weights = default_weights(np.array([0.0, 0.0, math.inf, math.inf]))
    assert list(months) == [2, math.inf]
    assert list(weights) == [1, 0]
    alone = enumerate_defaults(close(base("x2")))
    _, expected, _ = given("X2_default_m29_remarket")
    assert alone.weights @ alone.columns["senior.loss"] == pytest.approx(expected["senior_loss"], rel=1e-8)


def test_dEL_dlog_hazard_given(e1: Enumeration) -> None:
    _, expected, tolerance = given("dEL_dlog_hazard_given")
    losses = e1.weights * e1.columns["senior.loss"]
    assert abs(losses.sum() - expected["EL"]) <= 1e-8 * expected["EL"]
    assert abs(losses @ hazard_scores(e1) - expected["dEL"]) <= tolerance * expected["dEL"]


def test_scores_have_mean_zero(e1: Enumeration) -> None:
    """Probabilities add up to one whatever the hazard."""
    assert e1.weights @ hazard_scores(e1) == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("name", ["e4", "vci-h100"])
def test_random_prices_cannot_be_enumerated(name: str) -> None:
    closed = close(base(name))
    assert not is_certain(closed.terms.market)
    with pytest.raises(ValueError, match="cannot be enumerated"):
        enumerate_defaults(closed)


def test_weighted_statistics_by_hand() -> None:
    values, weights = np.array([3.0, 1.0, math.nan, 2.0]), np.array([0.2, 0.5, 0.2, 0.1])
    assert weighted_mean(values, weights) == pytest.approx((0.6 + 0.5 + 0.2) / 0.8)
    assert weighted_quantile(values, weights, 0.5) == 1.0
    assert weighted_quantile(values, weights, 0.7) == 2.0
    assert weighted_quantile(values, weights, 1.0) == 3.0
    # The worst half of 0.8: 0.2 at 3, 0.1 at 2, and 0.1 of the atom at 1.
    assert weighted_shortfall(values, weights, 0.5) == pytest.approx((0.6 + 0.2 + 0.1) / 0.4)
    assert math.isnan(weighted_mean(np.array([math.nan]), np.ones(1)))
    assert math.isnan(weighted_quantile(np.array([math.nan]), np.ones(1), 0.5))
    assert math.isnan(weighted_shortfall(np.array([math.inf]), np.ones(1), 0.5))


def test_an_engine_with_the_same_curve_has_the_same_expectation() -> None:
    """Where prices are certain, how the month of default is drawn does not matter."""
    plain, walk = (enumerate_defaults(close(base("e1", f"credit.engine={engine}"))) for engine in ENGINES)
    assert np.array_equal(plain.weights, walk.weights)
    for name, column in plain.columns.items():
        assert np.array_equal(column, walk.columns[name], equal_nan=True), name


OUTCOMES = ("credit.outcome.reinstate=20 %", "credit.outcome.assume=10 %", "credit.outcome.renegotiate=15 %")
CURED = ("credit.outcome.stay_months=6 months", "credit.outcome.market_premium=-20 %")


def test_outcomes_are_enumerated_with_their_probabilities() -> None:
    """Each expectation over all is the mean of those under one outcome alone, by their chances."""
    mixed = enumerate_defaults(close(base("e1", *OUTCOMES, *CURED)))
    assert mixed.weights.sum() == pytest.approx(1, rel=1e-12)
    chances = {"reinstate": 0.20, "assume": 0.10, "renegotiate": 0.15, "reject": 0.55}
    for name in ("equity.npv", "senior.loss", "spv.sale", "spv.average_dscr"):
        parts = 0.0
        for outcome, chance in chances.items():
            alone = enumerate_defaults(close(base("e1", f"credit.outcome.{outcome}=100 %", *CURED)))
            parts += chance * float(alone.weights @ alone.columns[name])
        assert float(mixed.weights @ mixed.columns[name]) == pytest.approx(parts, rel=1e-12), name


def test_outcomes_are_simulated_as_they_are_enumerated() -> None:
    """Every metric of what follows a default, and what it does to the deal, within four standard errors."""
    closed = close(base("e1", *OUTCOMES, *CURED))
    exact = expectations(enumerate_defaults(closed))
    met = run_simulation(closed, 20_000, 5, 20_000).estimates
    names = [name for name in met if name.startswith("lessee.")]
    assert {"lessee.probability_assumed", "lessee.recovery_renegotiated"} <= set(names)
    for name in (*names, "equity.npv", "equity.moic", "senior.expected_loss", "senior.yield"):
        assert abs(met[name].value - exact[name]) <= 4 * met[name].standard_error + 1e-12, name


@pytest.mark.parametrize(
    "sets", [("credit.guarantor.hazard=5 %/year",), ("workout.claim_recovery_sd=10 %",)], ids=str
)
def test_what_else_a_contract_draws_is_not_enumerated(sets: tuple[str, ...]) -> None:
    assert not is_certain(close(base("e1", *sets)).terms.market)
    assert is_certain(close(base("e1", *OUTCOMES)).terms.market)

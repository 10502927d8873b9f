"""Solving a scenario: the given answers, solving and then running, no answer, several, and what cannot be."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.default_case import run_default_case
from spv_sim.analysis.simulation import run_simulation
from spv_sim.analysis.solve.derivative import derivative
from spv_sim.analysis.solve.knob import knob
from spv_sim.analysis.solve.solution import NO_SOLUTION, SEVERAL, SOLVED, Solution, solve
from spv_sim.analysis.solve.target import Measured, Sampling, aim
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.results.intervals import Z95
from spv_sim.scenario.read import Loaded, read
from tests.given import agrees, given

GOLDEN = Path(__file__).parents[2] / "golden"
FEW = Sampling(paths=16_384, seed=7, keep=16_384)


def golden(name: str, *sets: str) -> Loaded:
    return read(GOLDEN / f"{name}.toml", sets)


def found(
    loaded: Loaded, key: str, metric: str, value: float, rate: float = 0.0, simulate: bool = False
) -> Solution:
    target = aim(close(loaded.scenario), metric, value, "--for", discount_rate=rate, simulate=simulate)
    return solve(loaded, knob(loaded, key, "--vary"), target, FEW)


def test_breakeven_rate_X_irr15() -> None:
    _, expected, tolerance = given("breakeven_rate_X_irr15")
    solution = found(golden("x1"), "lease.rate", "base.equity.irr", 0.15)
    assert (solution.status, solution.direction) == (SOLVED, 1)
    assert agrees(solution.answers[0].value, expected, tolerance)


def test_max_gearing_dscr140_X() -> None:
    _, expected, tolerance = given("max_gearing_dscr140_X")
    solution = found(golden("x1"), "capital.debt_share", "base.spv.min_dscr", 1.40)
    assert (solution.status, solution.direction) == (SOLVED, -1)
    assert agrees(solution.answers[0].value, expected, tolerance)


def par_deal(*sets: str) -> Loaded:
    """Deal XR of the check: more debt, forced sale, nothing from the claim."""
    inputs, _, _ = given("par_rate_senior_X")
    hazards = ", ".join(f'"{100 * rate:g} %/year"' for rate in inputs["hazards"])
    return golden(
        "x1",
        "capital.debt_share=80 %",
        "workout.mode=liquidate",
        "workout.claim_recovery=0 %",
        f"credit.hazard=[{hazards}]",
        *sets,
    )


def test_par_rate_senior_X() -> None:
    inputs, expected, tolerance = given("par_rate_senior_X")
    solution = found(par_deal(), "capital.tranche.senior.coupon", "senior.npv", 0.0, inputs["rf"])
    assert solution.target.method == "enumeration"
    assert agrees(solution.answers[0].value, expected, tolerance)


def test_the_sampled_par_rate_has_the_exact_one_in_its_interval() -> None:
    """The interval of 95 % widened to four standard errors; the same draws for every coupon."""
    inputs, expected, _ = given("par_rate_senior_X")
    solution = found(par_deal(), "capital.tranche.coupon", "senior.npv", 0.0, inputs["rf"], simulate=True)
    (answer,) = solution.answers
    assert 0 < answer.half_width < 0.01
    assert abs(answer.value - expected) <= 4 / Z95 * answer.half_width
    assert abs(answer.reached) <= 0.1 * answer.error


def test_a_riskless_lender_asks_for_the_discount_rate() -> None:
    """No default, no fee, no discount: par is 12 (e^(r/12) − 1), which compounds to the flat rate."""
    plain = ("upfront_fee=0 %", "oid=0 %", "commitment_fee=0 %")
    loaded = golden("x1", *(f"capital.tranche.senior.{fee}" for fee in plain))
    solution = found(loaded, "capital.tranche.senior.coupon", "senior.npv", 0.0, 0.05)
    assert solution.answers[0].value == pytest.approx(12 * math.expm1(0.05 / 12), rel=1e-8)


def test_dEL_dlog_price_given() -> None:
    inputs, expected, tolerance = given("dEL_dlog_price_given")
    loaded = golden("e1")
    target = aim(close(loaded.scenario), "senior.expected_loss_usd", 0.0, "")
    slope = derivative(loaded, knob(loaded, "residual-haircut", ""), target, FEW, inputs["bump"])
    assert abs(-slope - expected) <= tolerance * abs(expected)


def test_the_derivative_to_the_hazard_is_that_of_the_scores() -> None:
    _, expected, _ = given("dEL_dlog_hazard_given")
    loaded = golden("e1")
    target = aim(close(loaded.scenario), "senior.expected_loss_usd", 0.0, "")
    slope = derivative(loaded, knob(loaded, "hazard-multiple", ""), target, FEW)
    assert abs(slope - expected["dEL"]) <= 1e-6 * expected["dEL"]
    sampled = aim(close(loaded.scenario), "senior.expected_loss", 0.0, "", simulate=True)
    with pytest.raises(ValueError, match="is sampled"):
        derivative(loaded, knob(loaded, "hazard-multiple", ""), sampled, FEW)


@pytest.mark.parametrize(
    ("key", "metric", "value"),
    [
        ("lease.rate", "base_case.equity.moic", 1.5),
        ("capital.tranche.senior.coupon", "base.senior.yield", 0.11),
        ("opex.per_month", "base.spv.average_dscr", 1.5),
        ("gpu_price.curve.decay", "base.equity.moic", 1.7),
        ("opex.per_month", "base.equity.npv", 0.0),
        ("lease.escalation", "base.equity.irr", 0.20),
    ],
)
def test_solving_then_running_gives_the_target_back(key: str, metric: str, value: float) -> None:
    loaded = golden("x1")
    solution = found(loaded, key, metric, value)
    (answer,) = solution.answers
    again = close(loaded.override(solution.knob.overrides(answer.value)).scenario)
    got = run_base_case(again).values[metric.split(".", 1)[1]]
    scale = max(abs(value), 1.0) if "npv" not in metric else again.terms.deal.total_uses
    assert abs(got - value) <= 1e-8 * scale
    assert got == pytest.approx(answer.reached, abs=1e-12 * scale)


def test_a_sampled_target_is_met_by_a_run_of_the_same_paths() -> None:
    loaded = golden("e4", "monte_carlo.paths=16384")
    solution = found(loaded, "lease.rate", "equity.irr_of_mean_cash_flow", 0.12)
    (answer,) = solution.answers
    again = close(loaded.override(solution.knob.overrides(answer.value)).scenario)
    run = run_simulation(again, FEW.paths, FEW.seed, FEW.keep)
    estimate = run.estimates["equity.irr_of_mean_cash_flow"]
    assert estimate.value == answer.reached
    assert abs(estimate.value - 0.12) <= 0.1 * estimate.standard_error


def test_no_solution_is_an_answer() -> None:
    """A coupon of nothing lifts the lowest DSCR to that of repaying principal alone, and no further."""
    solution = found(golden("x1"), "capital.tranche.senior.coupon", "base.spv.min_dscr", 9.0)
    assert (solution.status, solution.answers) == (NO_SOLUTION, ())
    assert solution.best is not None
    value, metric = solution.best
    assert value == 0.0
    assert 2.0 < metric < 9.0
    record = solution.record()
    assert (record["status"], record["answers"], record["best"]["value"]) == ("no_solution", [], 0.0)


def test_more_debt_does_not_always_mean_a_higher_return() -> None:
    """Lock-up keeps cash from shareholders at high gearing: the return rises, falls and rises again."""
    loaded = golden("x1")
    solution = found(loaded, "capital.debt_share", "base.equity.irr", 0.19)
    assert (solution.status, solution.direction) == (SEVERAL, 0)
    assert len(solution.answers) == 3
    for answer in solution.answers:
        if answer.jump is None:
            again = close(loaded.override({"capital.debt_share": answer.value}).scenario)
            assert run_base_case(again).values["equity.irr"] == pytest.approx(0.19, abs=1e-8)


def test_a_setting_that_the_scenario_leaves_silent() -> None:
    """The rent is given as a factor of the cost; the rate takes its place."""
    loaded = golden("x1", "lease.rate_factor=2.4 %/month")
    solution = found(loaded, "lease.rate", "base.equity.irr", 0.15)
    _, expected, _ = given("breakeven_rate_X_irr15")
    assert solution.answers[0].value == pytest.approx(expected, rel=1e-9)
    assert solution.record()["vary"]["now"] is None


def test_a_scenario_that_no_value_mends() -> None:
    """Reserve and fees that ask for more than a dollar of debt for each dollar, whatever the rent."""
    loaded = golden("x1", "capital.debt_share=100 %", "capital.tranche.senior.upfront_fee=99 %")
    target = aim(close(golden("x1").scenario), "base.equity.irr", 0.15, "")
    with pytest.raises(UserError, match="infeasible-closing"):
        solve(loaded, knob(loaded, "lease.rate", ""), target, FEW)


def test_every_value_is_told() -> None:
    told: list[tuple[float, Measured]] = []
    loaded = golden("x1")
    target = aim(close(loaded.scenario), "base.equity.irr", 0.15, "")
    solve(loaded, knob(loaded, "lease.rate", ""), target, FEW, lambda value, got: told.append((value, got)))
    assert told[0][0] == 1.30
    assert told[0][1].value == pytest.approx(0.1783595189, rel=1e-9)
    assert len({value for value, _ in told}) == len(told)


def test_the_case_with_a_default_is_the_reference_deal() -> None:
    """X2: default in month 29 on a market without noise."""
    _, expected, _ = given("X2_default_m29_remarket")
    case = run_default_case(close(golden("x1").scenario), 29)
    assert case.values["senior.loss"] == pytest.approx(expected["senior_loss"], rel=1e-8)
    assert case.flows["senior"] == pytest.approx(expected["series"]["senior_cf"], abs=22.0)
    assert case.flows["equity"] == pytest.approx(expected["series"]["equity_cf"], abs=22.0)
    with pytest.raises(ValueError, match="no rent falls due"):
        run_default_case(close(golden("x1").scenario), 65)

"""Hazards drawn from quotes against the given ones, and against the quotes they came from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.closing.credit_curve import hazard_curve
from spv_sim.closing.credit_sheet import credit_sheet
from spv_sim.closing.hazard_bootstrap import (
    NoHazardError,
    bond_implied_hazard,
    bond_value,
    bootstrap_spreads,
    excess_protection,
    hazards_of_cumulative_defaults,
)
from spv_sim.closing.hazard_curve import HazardCurve, yearly_curve
from spv_sim.closing.rating_chain import transitions
from spv_sim.closing.sheet import closing_sheet
from spv_sim.errors import UserError
from tests.closing.deals import base
from tests.given import agrees, given

CDS = 'credit.quotes={ kind = "cds", recovery = 0.4, flat_rate = "3.8 %%", spreads = %s }'
SPREADS = '{ "1 year" = "350 bps", "2 years" = "420 bps", "36 months" = "480 bps", "5 years" = "550 bps" }'
AGENCY = (
    'credit.quotes={ kind = "cumulative_default", '
    'defaults = { "1 year" = "2.93 %", "3 years" = "10.46 %", "5 years" = "15.60 %" } }'
)


def test_hazard_bootstrap_given() -> None:
    inputs, expected, tolerance = given("hazard_bootstrap_given")
    tenors = [float(tenor) for tenor in inputs["spreads"]]
    curve = bootstrap_spreads(tenors, list(inputs["spreads"].values()), inputs["recovery"], inputs["r"])
    assert list(curve.knots) == expected["knots"]
    assert all(agrees(*pair, tolerance) for pair in zip(curve.rates, expected["hazards"], strict=True))
    for tenor, survival in expected["survival"].items():
        assert agrees(float(curve.survival(np.array([float(tenor)]))[0]), survival, tolerance)


def test_bond_implied_hazard_given() -> None:
    inputs, expected, tolerance = given("bond_implied_hazard_given")
    curve = bond_implied_hazard(
        inputs["coupon"], inputs["T"], inputs["price"], inputs["recovery"], inputs["r"]
    )
    assert agrees(curve.rates[0], expected["hazard"], tolerance)
    assert agrees(1 - float(curve.survival(np.array([5.0]))[0]), expected["pd5"], tolerance)


def test_every_spread_is_fair_at_the_hazard() -> None:
    tenors, spreads = [1.0, 3.0, 5.0], [0.02, 0.03, 0.028]
    curve = bootstrap_spreads(tenors, spreads, 0.3, 0.05)
    for tenor, spread in zip(tenors, spreads, strict=True):
        assert abs(excess_protection(curve, tenor, spread, 0.3, 0.05)) <= 1e-15


def test_a_flat_spread_is_the_credit_triangle() -> None:
    """With premium and protection month by month, (1 - R)(S_- - S) = s/12 (S_- + S)/2 has a flat root."""
    spread, recovery = 0.06, 0.4
    ratio = spread / 24 / (1 - recovery)
    hazard = -12 * math.log((1 - ratio) / (1 + ratio))
    curve = bootstrap_spreads([1.0, 5.0], [spread, spread], recovery, 0.03)
    assert curve.rates == pytest.approx((hazard, hazard), rel=1e-13)


def test_quotes_that_no_hazard_explains() -> None:
    with pytest.raises(NoHazardError, match="24 months"):
        bootstrap_spreads([1.0, 2.0], [0.10, 0.01], 0.4, 0.03)
    with pytest.raises(NoHazardError, match="no hazard of 0 or more"):
        bond_implied_hazard(0.05, 5.0, 1.4, 0.4, 0.03)
    with pytest.raises(NoHazardError, match="no hazard up to 100"):
        bond_implied_hazard(0.05, 5.0, 0.2, 0.4, 0.03)
    with pytest.raises(NoHazardError, match="36 months"):
        hazards_of_cumulative_defaults([1.0, 3.0], [0.03, 0.02])


def test_a_bond_without_default_is_its_discounted_payments() -> None:
    times = np.arange(1, 11) / 2
    value = 0.04 * np.exp(-0.03 * times).sum() + math.exp(-0.15)
    assert bond_value(0.0, 0.08, 5.0, 0.4, 0.03) == pytest.approx(value, rel=1e-14)


def test_default_rates_are_met_at_their_years() -> None:
    curve = hazards_of_cumulative_defaults([1.0, 3.0, 5.0], [0.0293, 0.1046, 0.1560])
    assert 1 - curve.survival(np.array([1.0, 3.0, 5.0])) == pytest.approx([0.0293, 0.1046, 0.1560], abs=1e-15)


def test_the_last_rate_goes_on_and_pieces_join() -> None:
    curve = HazardCurve((1.0, 3.0), (0.10, 0.02))
    assert curve.cumulative(np.array([0.0, 0.5, 1.0, 2.0, 3.0, 5.0])) == pytest.approx(
        [0.0, 0.05, 0.10, 0.12, 0.14, 0.18], abs=1e-16
    )
    assert yearly_curve((0.1, 0.2)).cumulative(np.array([2.5]))[0] == pytest.approx(0.4)


def test_a_scenario_draws_its_hazard_from_quotes() -> None:
    _, expected, tolerance = given("hazard_bootstrap_given")
    credit = base("e1", "credit.measure=Q", CDS % SPREADS).credit
    assert credit.hazard == (0.0,)
    rates = hazard_curve(credit).rates
    assert all(agrees(*pair, tolerance) for pair in zip(rates, expected["hazards"][:4], strict=True))
    bond = (
        'credit.quotes={ kind = "bond", coupon_rate = "12.5 %", maturity = "5 years", price = "97 %", '
        'recovery = "40 %", flat_rate = "3.8 %" }'
    )
    wanted = given("bond_implied_hazard_given")[1]["hazard"]
    assert hazard_curve(base("e1", "credit.measure=Q", bond).credit).rates[0] == pytest.approx(wanted)
    assert hazard_curve(base("e1", AGENCY).credit).rates[0] == pytest.approx(-math.log(1 - 0.0293))


def test_a_scenario_draws_its_hazard_from_a_rating() -> None:
    inputs, expected, _ = given("rating_chain_given")
    states = ["BBB", "BB", "B", "default"]
    yearly = transitions(np.array(inputs["G"]), 1.0)
    rows = [
        f"{state} = {{ "
        + ", ".join(f"{to} = {share!r}" for to, share in zip(states, row, strict=True))
        + " }"
        for state, row in zip(states[:-1], yearly[:-1].tolist(), strict=True)
    ]
    matrix = "{ " + ", ".join(rows) + " }"
    for number, state in enumerate(states[:-1]):
        quotes = f'credit.quotes={{ kind = "rating", initial = "{state}", transitions = {matrix} }}'
        scenario = base("e1", quotes)
        curve = hazard_curve(scenario.credit)
        sheet = credit_sheet(scenario.credit)
        assert sheet["source"] == "rating"
        assert sheet["generator_error"] <= 1e-14
        for years, defaults in expected["PD"].items():
            survival = float(curve.survival(np.array([float(years)]))[0])
            assert 1 - survival == pytest.approx(defaults[number], abs=1e-11)
            assert sheet["default_probability"][years] == pytest.approx(defaults[number], abs=1e-11)


def test_the_closing_sheet_tells_source_measure_and_premium() -> None:
    sheet = closing_sheet(close(base("e1", "credit.measure=Q", CDS % SPREADS)))["credit"]
    assert (sheet["engine"], sheet["source"], sheet["measure"]) == ("hazard", "cds", "Q")
    assert [piece["to_year"] for piece in sheet["hazards"]] == [1, 2, 3, 5]
    converted = credit_sheet(
        base("e1", "credit.hazard=4 %", "credit.use_measure=Q", "credit.risk_premium=2.5").credit
    )
    assert (converted["measure"], converted["used_measure"], converted["risk_premium"]) == ("P", "Q", 2.5)
    assert converted["default_probability"]["5"] == pytest.approx(1 - math.exp(-0.5))
    assert credit_sheet(base("x2").credit)["source"] == "schedule"
    _, expected, _ = given("E5a_blackcox_rho0")
    walk = credit_sheet(base("e5a").credit)
    assert walk["source"] == "black_cox"
    assert walk["default_probability"]["5"] == pytest.approx(expected["PD"], rel=1e-12)


def test_the_risk_premium_converts_both_ways() -> None:
    quoted = base("e1", "credit.measure=Q", "credit.use_measure=P", "credit.risk_premium=2", CDS % SPREADS)
    plain = base("e1", "credit.measure=Q", CDS % SPREADS)
    assert hazard_curve(quoted.credit).rates == pytest.approx(
        [rate / 2 for rate in hazard_curve(plain.credit).rates]
    )
    priced = base("e1", "credit.hazard=4 %", "credit.use_measure=Q", "credit.risk_premium=2.5")
    assert hazard_curve(priced.credit).rates == pytest.approx([0.10])


def test_a_quote_without_a_hazard_is_an_error_of_the_scenario() -> None:
    inverted = '{ "1 year" = "1000 bps", "2 years" = "100 bps" }'
    with pytest.raises(UserError) as fault:
        hazard_curve(base("e1", "credit.measure=Q", CDS % inverted).credit)
    (problem,) = fault.value.problems
    assert problem.code == "no-hazard"
    assert problem.key == "credit.quotes"
    assert "24 months" in problem.message

"""The default clock at closing: every engine's curve on the rent dates, shifts and shocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.closing.credit_terms import on_rent_dates
from spv_sim.errors import UserError
from spv_sim.market.credit import HAZARD, INTENSITY, NEVER, PASSAGE, CreditTerms
from tests.closing.deals import base
from tests.given import Allowed, agrees, given
from tests.market.engines import ENGINES, terms_of

CIR = (
    'credit.cir={ initial = "3 %%", level = "5 %%", half_life = "%r months", '
    'volatility = "12 %%/sqrt(year)"%s }'
)
HALF_LIFE = 12 * math.log(2) / 0.5
WITH_CIR = "credit.engine=cir"


def credit_of(name: str, *sets: str) -> CreditTerms:
    return close(base(name, *sets)).terms.market.credit


def test_each_scenario_runs_its_engine() -> None:
    found = {name: terms_of(name).market.credit.engine for name in ENGINES}
    assert [name for name, engine in found.items() if engine == HAZARD] == ["hazard"]
    passages = [name for name in ENGINES if "passage" in name or "black" in name]
    assert [name for name, engine in found.items() if engine == PASSAGE] == passages
    assert all(found[name] == INTENSITY for name in ENGINES if "cir" in name or "shocks" in name)


@pytest.mark.parametrize("engine", ["first_passage", "cir"])
def test_engines_keep_the_curve(engine: str) -> None:
    sets = (f"credit.engine={engine}", CIR % (HALF_LIFE, ""))
    plain, other = credit_of("e4", "credit.hazard=9 %"), credit_of("e4", "credit.hazard=9 %", *sets)
    assert np.array_equal(plain.cumulative_hazard, other.cumulative_hazard)


def test_black_cox_has_its_own_curve() -> None:
    _, expected, tolerance = given("E5a_blackcox_rho0")
    survival = math.exp(-credit_of("e5a").cumulative_hazard[-1])
    assert Allowed(tolerance, 0.0).ratio(1 - survival, expected["PD"])
    assert 1 - survival == pytest.approx(expected["PD"], rel=1e-12)


def test_defaults_wait_for_the_next_rent_date() -> None:
    credit = credit_of("vci-h100", "credit.engine=first_passage")
    assert credit.rent_dates[:7].tolist() == [3, 3, 3, 3, 6, 6, 6]
    assert credit.rent_dates[60] == 60
    assert credit.rent_dates[61:].tolist() == [NEVER] * (len(credit.rent_dates) - 61)
    # Walk and intensity end with the rents.
    assert len(credit.walk.volatility) == 61
    is_rent_date = np.array([False, False, True, False, True])
    assert on_rent_dates(np.arange(5.0), is_rent_date).tolist() == [0, 0, 2, 2, 4]


def test_the_clock_of_a_walk_starts_with_the_credit_s() -> None:
    from_completion = credit_of("e5a")
    assert from_completion.walk.first_month == 5
    assert not from_completion.walk.volatility[:5].any()
    assert from_completion.walk.volatility[5:] == pytest.approx(0.35 / math.sqrt(12))
    assert from_completion.walk.drift[5:] == pytest.approx(-0.02 / 12)
    assert credit_of("e5a", "credit.clock=closing").walk.first_month == 1


def test_the_shift_on_the_grid_makes_up_for_the_random_part() -> None:
    """Ψ_n = ln S_grid - ln S_market, from the given survivals on the grid."""
    inputs, expected, tolerance = given("cir_grid_survival_given")
    rates = '["5 %", "6 %", "7.5 %", "8 %", "8.5 %"]'
    credit = credit_of(
        "e4", "credit.clock=closing", WITH_CIR, CIR % (HALF_LIFE, ""), f"credit.hazard={rates}"
    )
    curve = {12: 0.05, 36: 0.185, 60: 0.35}
    for month, survival in zip(inputs["months"], expected["grid"], strict=True):
        assert agrees(credit.intensity.certain[month], math.log(survival) + curve[month], tolerance)


def test_a_curve_below_its_random_part_is_refused_unless_allowed() -> None:
    sets = (WITH_CIR, "credit.hazard=1 %")
    with pytest.raises(UserError) as fault:
        credit_of("e4", *sets, CIR % (HALF_LIFE, ""))
    (problem,) = fault.value.problems
    assert problem.code == "negative-shift"
    assert problem.key == "credit.cir"
    allowed = credit_of("e4", *sets, CIR % (HALF_LIFE, ", allow_negative_shift = true"))
    assert np.diff(allowed.intensity.certain).min() < 0


def test_shocks_inside_the_curve_lower_the_rest_and_on_top_add() -> None:
    shocks = 'credit.regulatory={ events = "0.4 /year", severity = "6 %%", half_life = "%r months"%s }'
    inputs, expected, tolerance = given("shot_noise_survival_given")
    clock = "credit.clock=closing"
    inside = credit_of("e4", "credit.hazard=6 %", clock, shocks % (HALF_LIFE, ""))
    on_top = credit_of("e4", "credit.hazard=4 %", clock, shocks % (HALF_LIFE, ", curve_includes = false"))
    assert inputs["lbar"] == 0.04
    for years, survival in expected.items():
        month = 12 * int(years)
        assert inside.cumulative_hazard[month] == pytest.approx(0.06 * int(years), rel=1e-14)
        added = -math.log(survival) - 0.04 * int(years)
        assert inside.intensity.certain[month] == pytest.approx(0.06 * int(years) - added, rel=1e-9)
        assert agrees(math.exp(-on_top.cumulative_hazard[month]), survival, tolerance)
        assert on_top.intensity.certain[month] == pytest.approx(0.04 * int(years), rel=1e-14)
    with pytest.raises(UserError, match="curve_includes = false"):
        credit_of("e4", "credit.hazard=0.5 %", shocks % (HALF_LIFE, ""))


def test_a_scheduled_default_comes_before_any_engine() -> None:
    credit = credit_of("e4", "credit.default_month=24 months", "credit.engine=first_passage")
    assert credit.engine == HAZARD
    assert credit.cumulative_hazard[23] == 0
    assert credit.cumulative_hazard[24] == math.inf

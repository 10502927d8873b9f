"""Debt sized on simulated cash flow: against known laws, frozen at closing, and with its own error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from spv_sim.closing.close import Closed, close
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.closing.pilot import Pilot
from spv_sim.closing.sculpting import sculpt
from spv_sim.closing.sheet import closing_sheet
from spv_sim.closing.tranche_closing import SizingCase
from spv_sim.errors import UserError
from spv_sim.report.sizing import sizing_lines
from spv_sim.scenario.read import read
from tests.closing.deals import base
from tests.test_metamorphic import DEAL_X

TARGET, UNITS, HOURS = 1.4, 500_000, 730
SENIOR = "capital.tranche.senior"
SCULPTED = (f"{SENIOR}.amortisation=sculpted", f"{SENIOR}.target_dscr={TARGET}x", "lease.triple_net=true")
INDEXED = (
    "lease.index.weight=50 %",
    "lease.index.of_market=0.6x",
    "lease.index.reset_every=1 month",
    "lease_rate.volatility=40 %/sqrt(year)",
)
PILOT = ("monte_carlo.pilot_paths=4000",)


def closed(case: str, *sets: str) -> Closed:
    return close(read(DEAL_X, [*SCULPTED, *PILOT, f"{SENIOR}.sizing_case={case}", *sets]).scenario)


def case_of(deal: Closed) -> SizingCase:
    case = deal.capital.tranches[0].case
    assert case is not None
    return case


@pytest.mark.parametrize("case", ["p50", "p90", "p99"])
def test_a_deal_in_which_nothing_is_random_is_sized_as_in_its_base_case(case: str) -> None:
    simulated, base = closed(case), closed("base")
    (one,), (other,) = simulated.capital.tranches, base.capital.tranches
    assert one.commitment == pytest.approx(other.commitment, rel=1e-12)
    assert one.scheduled_principal == pytest.approx(other.scheduled_principal, rel=1e-9, abs=1e-3)
    assert case_of(simulated).standard_error == pytest.approx(0.0, abs=1e-3)
    assert other.case is None


@pytest.mark.parametrize(("case", "reached"), [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)])
def test_the_size_is_that_of_the_known_quantiles_of_a_lognormal_rent(case: str, reached: float) -> None:
    """Rent in arrears at the rate of the month before, half of it indexed: its quantile is e^(m + z s)."""
    deal = closed(case, *INDEXED)
    scenario = deal.scenario
    assert scenario.lease_rate is not None
    dates = np.arange(5, 65)
    mean, variance = log_moments(scenario.lease_rate, (dates - 1) / 12)
    mean[0], variance[0] = math.log(scenario.lease_rate.initial), 0.0  # set at closing
    index = 0.6 * np.exp(mean + norm.ppf(1 - reached) * np.sqrt(variance))
    rate = 0.5 * 1.30 + 0.5 * index
    exact, _ = sculpt(UNITS * HOURS * rate / TARGET, np.full(60, 0.105 / 12))
    found = case_of(deal)
    assert abs(found.face - exact) <= 4 * found.standard_error
    assert found.standard_error <= 0.02 * exact
    assert deal.capital.tranches[0].binding == "capital.debt_share" or (
        deal.capital.tranches[0].commitment == pytest.approx(found.face)
    )


def test_a_tranche_beside_may_have_no_target_of_its_own() -> None:
    """It has no limit from cover, of which no error can be told: that is no warning."""
    senior, mezz = close(base("y1", *PILOT, f"{SENIOR}.sizing_case=p90")).capital.tranches
    assert mezz.case is None
    assert senior.case is not None
    assert senior.case.standard_error >= 0


def test_what_is_reached_more_surely_carries_less_debt() -> None:
    faces = [case_of(closed(case, *INDEXED)).face for case in ("p50", "p90", "p99")]
    assert faces == sorted(faces, reverse=True)
    assert len(set(faces)) == 3


def test_the_size_is_frozen_at_closing_and_follows_the_pilot_seed_alone() -> None:
    one, same, other = (
        case_of(closed("p90", *INDEXED, each)).face
        for each in ("monte_carlo.seed=5", "monte_carlo.seed=6", "monte_carlo.pilot_seed=7")
    )
    assert one == same != other


def test_a_lessee_that_may_default_leaves_no_debt_beyond_the_date_it_is_trusted_to() -> None:
    """A tenth of the lessees has defaulted when e^(-h t) = 90 %: P90 debt service ends with that date."""
    deal = closed("p90", "credit.hazard=6 %/year", "credit.clock=cod", "workout.downtime=60 months")
    (senior,) = deal.capital.tranches
    last = int(np.flatnonzero(senior.scheduled_debt_service > 0)[-1])
    trusted = 4 + 12 * -math.log(0.9) / 0.06
    assert abs(last - trusted) <= 2
    assert senior.commitment > 0


def test_the_quantile_is_that_of_each_debt_date() -> None:
    """Quarterly dates add their months up first; the smallest value that enough paths reach is taken."""
    flows = np.zeros((7, 10))
    flows[1:4] = np.arange(10) / 3
    flows[4:7] = -np.arange(10) / 3
    reached = Pilot(flows, 0, 0).cash_flow("p90", 3)
    assert reached == pytest.approx([0, 0, 0, 0, 0, 0, -9])
    assert Pilot(flows, 0, 0).cash_flow("p50", 3)[3] == pytest.approx(4)


def test_the_sheet_and_the_terminal_name_the_case_with_its_error() -> None:
    deal = closed("p90", *INDEXED)
    sheet = closing_sheet(deal)
    terms = sheet["tranche"]["senior"]
    assert terms["sizing_case"] == "p90"
    assert (terms["pilot_paths"], terms["pilot_seed"]) == (4000, 1_000_003)
    assert terms["case_face_error"] > 0
    (told,) = sizing_lines({"closing": sheet})
    assert told.startswith("senior on P90 of 4,000 pilot paths (seed 1000003): at most ")
    assert "±" in told


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ((f"{SENIOR}.sizing_case=p90",), "sizing_case has a meaning only with target_dscr"),
        ((*SCULPTED, f"{SENIOR}.sizing_case=p95"), "is not one of base, p50, p90, p99"),
        (
            (*SCULPTED, f"{SENIOR}.sizing_case=p90", "monte_carlo.seed=1_000_003"),
            "the pilot paths must not be those of the run",
        ),
        ((*SCULPTED, "monte_carlo.pilot_paths=4"), "is below 16"),
    ],
)
def test_a_fault_of_a_sizing_case(sets: tuple[str, ...], words: str) -> None:
    with pytest.raises(UserError) as caught:
        read(DEAL_X, sets)
    assert caught.value.exit_code == 2
    assert any(words in problem.message for problem in caught.value.problems), caught.value.problems

"""First losses: on either side of the answer the tranche is whole, or is not."""

from __future__ import annotations

import pytest

from spv_sim.analysis.default_case import rent_months, run_default_case, worst_month
from spv_sim.analysis.enumerate_defaults import enumerate_defaults
from spv_sim.analysis.expectations import mean_flow
from spv_sim.analysis.simulation import deal_facts
from spv_sim.analysis.solve.first_loss import FirstLoss, first_loss
from spv_sim.analysis.solve.solution import NO_SOLUTION, Solution
from spv_sim.analysis.solve.target import Sampling, present_value
from spv_sim.closing.close import Closed, close
from spv_sim.scenario.read import Loaded, read
from tests.analysis.solve.test_solution import GOLDEN

SAMPLING = Sampling(4096, 0, 4096)
SALE = ("workout.mode=liquidate", "capital.debt_share=50 %")
RATE = 0.08


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read(GOLDEN / "e1.toml", SALE)


@pytest.fixture(scope="module")
def found(loaded: Loaded) -> FirstLoss:
    return first_loss(loaded, "senior", SAMPLING, RATE, None, simulate=False)


def beside(loaded: Loaded, solution: Solution, offset: float) -> Closed:
    value = solution.answers[0].value
    return close(loaded.override(solution.knob.overrides(value + offset)).scenario)


def worth(closed: Closed) -> float:
    return present_value(mean_flow(enumerate_defaults(closed), "senior"), RATE)


def test_expected_flows_are_worth_nothing_at_the_haircut(loaded: Loaded, found: FirstLoss) -> None:
    below, above = (worth(beside(loaded, found.expected_haircut, side)) for side in (-1e-6, 1e-6))
    assert above < 0 < below


def test_a_hazard_that_no_multiple_makes_worse(found: FirstLoss) -> None:
    """At half gearing a sale at once repays a lender: he keeps his fee even if the lessee never pays."""
    assert found.hazard_multiple is not None
    assert found.hazard_multiple.status == NO_SOLUTION
    assert found.hazard_multiple.best is not None
    assert found.hazard_multiple.best[1] > 0


def test_a_hazard_multiple_by_another_way() -> None:
    """The weights of the paths change with the hazard, their flows do not."""
    loaded = read(GOLDEN / "e1.toml")
    solution = first_loss(loaded, "senior", SAMPLING, RATE, None, simulate=False).hazard_multiple
    assert solution is not None
    multiple = solution.answers[0].value
    assert multiple > 1
    from spv_sim.analysis.enumerate_defaults import default_weights

    paths = enumerate_defaults(close(loaded.scenario))
    _, weights = default_weights(multiple * paths.cumulative_hazard)
    values = [present_value(flows, RATE) for flows in paths.flows["senior"]]
    assert abs(weights @ values) <= 1e-6 * deal_facts(close(loaded.scenario)).commitments["senior"]


def test_the_stressed_haircut_is_the_last_that_repays_the_tranche(loaded: Loaded, found: FirstLoss) -> None:
    below, above = (beside(loaded, found.stressed_haircut, side) for side in (-1e-6, 1e-6))
    whole = [run_default_case(below, month).values["senior.loss"] for month in rent_months(below)]
    assert max(whole) == 0.0
    month = worst_month(above, "senior")
    assert run_default_case(above, month).values["senior.loss"] > deal_facts(above).eps_cash


def test_a_given_month_bears_at_least_as_much_as_the_worst(loaded: Loaded, found: FirstLoss) -> None:
    late = first_loss(loaded, "senior", SAMPLING, RATE, 50, simulate=False)
    assert late.stressed_haircut.target.default_month == 50
    assert late.stressed_haircut.answers[0].value > found.stressed_haircut.answers[0].value


def test_without_a_hazard_there_is_no_multiple() -> None:
    found = first_loss(read(GOLDEN / "x1.toml", SALE), "senior", SAMPLING, 0.0, None, simulate=False)
    assert found.hazard_multiple is None
    assert found.expected_haircut.status == NO_SOLUTION

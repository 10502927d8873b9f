"""Sculpted debt: the given case, the clamp against its own claim, and months without cash flow."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from spv_sim.closing.sculpting import NoCashFlowError, sculpt
from tests.given import agrees, given


def test_sculpted_debt_given() -> None:
    inputs, expected, tolerance = given("sculpted_debt_given")
    n, rate, target = inputs["n"], inputs["rate"] / 12, inputs["dscr"]
    cash_flow = inputs["cf0"] * (1 + inputs["g"]) ** np.arange(n)
    debt, schedule = sculpt(cash_flow / target, np.full(n, rate))
    discount = (1 + rate) ** -np.arange(1.0, n + 1)
    got = {
        "debt": debt,
        "first_principal": schedule.principal[0],
        "last_principal": schedule.principal[-1],
        "min_principal": schedule.principal.min(),
        "LLCR": cash_flow @ discount / debt,
        "WAL": schedule.principal @ np.arange(1, n + 1) / debt / 12,
    }
    for name, value in got.items():
        assert agrees(float(value), expected[name], tolerance), name
    assert abs(debt - schedule.principal.sum()) <= tolerance * debt
    np.testing.assert_allclose(schedule.debt_service, cash_flow / target, rtol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_the_clamp_gives_the_largest_loan_that_never_grows(seed: int) -> None:
    """Against the linear programme: most debt with debt service within the cash and a falling balance."""
    random = np.random.Generator(np.random.PCG64(seed))
    n, rate = 12, 0.06
    service = random.uniform(0.1, 8.0, n)
    # b_0 .. b_(n-1), with b_n = 0: (1 + i) b_(k-1) - b_k <= DS_k and b_k <= b_(k-1).
    owed = (1 + rate) * np.eye(n) - np.eye(n, k=1)
    falls = np.eye(n - 1, n, k=1) - np.eye(n - 1, n)
    most = linprog(
        -np.eye(n)[0], A_ub=np.vstack((owed, falls)), b_ub=np.concatenate((service, np.zeros(n - 1)))
    )
    debt, schedule = sculpt(service, np.full(n, rate))
    assert debt == pytest.approx(-most.fun, rel=1e-9)
    assert np.all(schedule.principal >= 0)
    assert np.all(schedule.debt_service <= service * (1 + 1e-12))


def test_allowed_to_grow_the_loan_is_the_present_value() -> None:
    service, rate = np.array([1.0, 1.0, 50.0]), 0.05
    debt, schedule = sculpt(service, np.full(3, rate), "allow")
    assert debt == pytest.approx(service @ 1.05 ** -np.arange(1.0, 4), rel=1e-14)
    assert schedule.principal[0] < 0
    np.testing.assert_allclose(schedule.debt_service, service, rtol=1e-13)
    clamped, _ = sculpt(service, np.full(3, rate), "clamp")
    assert clamped == pytest.approx(1.0 / rate, rel=1e-15)


def test_months_without_cash_flow_at_the_end_shorten_the_loan() -> None:
    rates = np.full(5, 0.01)
    whole, _ = sculpt(np.array([3.0, 3.0, 3.0]), rates[:3])
    longer, schedule = sculpt(np.array([3.0, 3.0, 3.0, 0.0, -1.0]), rates)
    assert longer == whole
    assert not schedule.principal[3:].any()


@pytest.mark.parametrize("negative", ["clamp", "allow"])
@pytest.mark.parametrize("hole", [0.0, -2.0])
def test_a_month_without_cash_flow_before_the_end_is_named(negative: str, hole: float) -> None:
    with pytest.raises(NoCashFlowError) as caught:
        sculpt(np.array([3.0, hole, 3.0]), np.full(3, 0.01), negative)
    assert caught.value.date == 1


def test_no_cash_flow_at_all_carries_no_debt() -> None:
    debt, schedule = sculpt(np.array([0.0, -1.0]), np.full(2, 0.01))
    assert debt == 0
    assert not schedule.debt_service.any()

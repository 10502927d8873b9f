"""Swaps, caps and floating coupons against the given numbers and the identities between them."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.discount_curve import discount_factor, simple_forward
from spv_sim.closing.hull_white import HullWhite, caplet
from spv_sim.closing.swap import cap_premium, monthly_legs, par_swap_rate, swap_value
from spv_sim.spv.floating_rate import NO_FLOOR, cap_payoff, floating_coupon, swap_settlement
from tests.closing.curves import knots, nelson_siegel
from tests.given import agrees, given

CURVE = nelson_siegel()
MODEL = HullWhite(0.05, 0.009)
FALLING = monthly_legs(np.linspace(1e9, 0, 60, endpoint=False))


def test_par_swap_monthly_5y_given() -> None:
    inputs, expected, tolerance = given("par_swap_monthly_5y_given")
    level, slope, curvature = (f"{100 * beta!r} %" for beta in inputs["curve"]["beta"])
    curve = nelson_siegel(
        level=level, slope=slope, curvature=curvature, decay_time=f"{inputs['curve']['tau']} years"
    )
    assert agrees(par_swap_rate(curve, monthly_legs(np.ones(12 * inputs["T"]))), expected, tolerance)


def test_floating_coupon_given() -> None:
    inputs, expected, tolerance = given("floating_coupon_given")
    notional, index, accrual = inputs["N"], inputs["sofr"], inputs["days"] / 360
    loan = notional * accrual * floating_coupon(index, inputs["floor"], inputs["spread"])
    swap = swap_settlement(0.75 * notional, accrual, inputs["K"], index)
    cap = cap_payoff(0.25 * notional, accrual, inputs["Kc"], index)
    assert agrees(loan, expected["loan_interest"], tolerance)
    assert agrees(swap, expected["swap_net_pay"], tolerance)
    assert agrees(cap, expected["cap_payoff"], tolerance)
    assert agrees(loan + swap - cap, expected["net"], tolerance)


def test_a_coupon_has_a_floor_and_is_never_negative() -> None:
    assert floating_coupon(-0.01, 0.0, 0.02) == 0.02
    assert floating_coupon(-0.01, NO_FLOOR, 0.02) == pytest.approx(0.01)
    assert floating_coupon(-0.03, NO_FLOOR, 0.02) == 0
    assert cap_payoff(100.0, 0.25, 0.04, 0.03) == 0


@pytest.mark.parametrize("curve", [CURVE, knots(m3="4 %", m60="3 %")], ids=["nelson_siegel", "knots"])
@pytest.mark.parametrize("every", [1, 3])
def test_a_par_swap_is_worth_nothing_at_closing(curve: object, every: int) -> None:
    legs = monthly_legs(np.linspace(1e9, 2e8, 60 // every), every)
    rate = par_swap_rate(curve, legs)  # type: ignore[arg-type]
    # Each period adds two bonds times its notional, each rounded a few times to 16 digits.
    rounding = 8 * np.finfo(float).eps * float(legs.notional.sum())
    assert abs(swap_value(legs, rate, curve, MODEL)) <= rounding  # type: ignore[arg-type]


def test_a_swap_is_worth_its_settlements_at_forward_rates() -> None:
    forwards = simple_forward(CURVE, FALLING.start, FALLING.end, FALLING.accrual)
    paid = discount_factor(CURVE, FALLING.end)
    wanted = -sum(
        swap_settlement(n, 1 / 12, 0.03, f) * p
        for n, f, p in zip(FALLING.notional, forwards, paid, strict=True)
    )
    assert swap_value(FALLING, 0.03, CURVE, MODEL) == pytest.approx(wanted, rel=1e-12)


def test_later_only_the_periods_left_count() -> None:
    assert swap_value(FALLING, 0.03, CURVE, MODEL, time=5.0) == 0
    last = float(FALLING.notional[-1])
    still = MODEL._replace(volatility=0.0)
    forward = float(simple_forward(CURVE, 59 / 12, 5.0, 1 / 12))
    bond = float(discount_factor(CURVE, 5.0) / discount_factor(CURVE, 59 / 12))
    got = swap_value(FALLING, 0.03, CURVE, still, time=59 / 12)
    assert got == pytest.approx(last * (forward - 0.03) / 12 * bond, rel=1e-9)


def test_a_swap_gains_when_rates_rise() -> None:
    low, high = (swap_value(FALLING, 0.0385, CURVE, MODEL, 1.0, x) for x in (-0.01, 0.01))
    assert low < 0 < high


def test_a_cap_is_the_sum_of_its_caplets() -> None:
    legs = monthly_legs([1e6, 2e6, 3e6], every=3)
    wanted = sum(
        n * float(caplet(MODEL, CURVE, 0.04, t, 0.25)) for n, t in zip(legs.notional, legs.start, strict=True)
    )
    assert cap_premium(legs, 0.04, CURVE, MODEL) == pytest.approx(wanted, rel=1e-12)


def test_a_cap_struck_far_below_is_a_swap() -> None:
    # Cap - floor = swap, and a floor at -40 % is worth nothing.
    legs = monthly_legs(np.full(8, 1e6), every=3)
    assert cap_premium(legs, -0.4, CURVE, MODEL) == pytest.approx(
        swap_value(legs, -0.4, CURVE, MODEL), rel=1e-12
    )


def test_a_swap_without_a_notional_has_no_par_rate() -> None:
    with pytest.raises(ValueError, match="notional"):
        par_swap_rate(CURVE, monthly_legs([0.0, 0.0]))

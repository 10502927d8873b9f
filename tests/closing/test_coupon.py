"""Coupons off a forward curve: resets, floors and what a dollar is worth at them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spv_sim.closing.coupon import coupon
from spv_sim.closing.forward_rates import ForwardRates, over_periods
from spv_sim.errors import UserError
from spv_sim.scenario.capital import Tranche

FORWARD = np.array([np.nan, 0.03, 0.032, 0.035, 0.04, 0.05, 0.02, -0.01, -0.02, 0.06, 0.06])
"""One-month rates of ten months; nothing is fixed for the month of closing."""
CURVE = ForwardRates(FORWARD)


def tranche(**terms: Any) -> Tranche:
    return Tranche.model_validate({"tenor": "6 months", "amortisation": "bullet"} | terms)


def test_a_fixed_coupon_is_a_twelfth_before_completion_and_a_period_after() -> None:
    got = coupon("a", tranche(coupon="12 %", payment_every="3 months"), 4, 10, None)
    assert got.by_month == pytest.approx([0.01] * 5 + [0, 0, 0.03, 0, 0, 0.03], rel=1e-15)
    assert got.discount == pytest.approx(1.03 ** (-np.arange(11) / 3), rel=1e-15)


def test_a_term_rate_of_one_month_with_its_margin() -> None:
    got = coupon("a", tranche(base_rate="term_1m", margin="2 %"), 4, 10, CURVE)
    # Without a floor the coupon as a whole stops at zero, and -2 % with a margin of 2 % is just there.
    assert got.by_month[1:] == pytest.approx(np.maximum(FORWARD[1:] + 0.02, 0) / 12, rel=1e-15)
    assert got.discount[1:] == pytest.approx(1 / np.cumprod(1 + got.by_month[1:]), rel=1e-14)


def test_a_floor_lies_under_the_base_rate_and_not_under_the_coupon() -> None:
    got = coupon("a", tranche(base_rate="term_1m", margin="2 %", floor="3 %"), 4, 10, CURVE)
    assert got.by_month[1:] == pytest.approx((np.maximum(FORWARD[1:], 0.03) + 0.02) / 12, rel=1e-14)
    bare = coupon("a", tranche(base_rate="term_1m", margin="0 %"), 4, 10, CURVE)
    assert bare.by_month[8] == 0


def test_three_months_compound_into_their_term_rate() -> None:
    rates = over_periods(CURVE, 4, 3)
    first = (1 + FORWARD[5] / 12) * (1 + FORWARD[6] / 12) * (1 + FORWARD[7] / 12) - 1
    assert rates[5:8] == pytest.approx([4 * first] * 3, rel=1e-13)
    # Counted back from COD at 4: months 2 to 4 are one period, month 1 is what is left of the one before.
    assert rates[2] == rates[3] == rates[4] != rates[1]
    assert rates[1] == pytest.approx(FORWARD[1], rel=1e-13)


@pytest.mark.parametrize("base_rate", ["term_3m", "compounded"])
def test_a_quarterly_date_bears_the_quarter(base_rate: str) -> None:
    terms = tranche(base_rate=base_rate, margin="4 %", payment_every="3 months")
    got = coupon("a", terms, 4, 10, CURVE)
    for date in (7, 10):
        base = np.prod(1 + FORWARD[date - 2 : date + 1] / 12) - 1
        assert got.by_month[date] == pytest.approx(base + 0.01, rel=1e-13)
    assert not got.by_month[[5, 6, 8, 9]].any()
    assert got.discount[7] / got.discount[4] == pytest.approx(1 / (1 + got.by_month[7]), rel=1e-13)


def test_a_floating_tranche_needs_a_curve() -> None:
    with pytest.raises(UserError, match="missing-curve") as caught:
        coupon("mezz", tranche(base_rate="term_1m", margin="2 %"), 4, 10, None)
    assert caught.value.problems[0].key == "capital.tranche.mezz.base_rate"

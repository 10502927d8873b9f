"""Floating coupons and hedges in lanes are those of one path alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.kernel.jit import PLAIN, kernel
from spv_sim.kernel.lanes import like, load, paths, store
from spv_sim.spv.floating_rate import NO_FLOOR, cap_payoff, floating_coupon, swap_settlement

INDEX = np.array(
    [-0.06, -0.01, 0.0, 0.005, 0.01, 0.03, 0.0385, 0.045, 0.0475, 0.06, 0.2, -0.2, 0.04, 0.02, 1.0, 0.5]
)


@kernel
def settle(width: Any, floor: Any, index: Any, out: Any) -> None:
    for first in range(0, len(index), len(width)):
        rate = load(index, first, like(paths(width, 0), 0.0))
        store(out[0], first, floating_coupon(rate, floor, 0.05))
        store(out[1], first, swap_settlement(1e9, 31 / 360, 0.0385, rate))
        store(out[2], first, cap_payoff(1e9, 31 / 360, 0.045, rate))


def test_lanes_settle_as_one_path() -> None:
    for floor in (0.01, NO_FLOOR):
        got = np.empty((3, len(INDEX)))
        settle((0,) * (1 if PLAIN else 16), floor, INDEX, got)
        coupon = np.maximum(np.maximum(INDEX, floor) + 0.05, 0)
        assert np.array_equal(got[0], coupon)
        assert np.allclose(got[1], 1e9 * 31 / 360 * (0.0385 - INDEX), rtol=1e-14)
        assert np.allclose(got[2], 1e9 * 31 / 360 * np.maximum(INDEX - 0.045, 0), rtol=1e-14)

"""Floating interest and its hedges over a period: floored coupon, settlement of a swap, payoff of a cap."""

from __future__ import annotations

import math
from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import maximum

NO_FLOOR = -math.inf
"""Floor of an index rate that has none."""


@jit
def floating_coupon(index: Any, floor: Any, spread: Any) -> Any:
    """Rate of a floating loan: the floored index and its spread, never below 0 in total [1/year].

    Source: model 7.2.
    """
    return maximum(maximum(index, floor) + spread, 0.0)


@jit
def swap_settlement(notional: Any, accrual: Any, fixed_rate: Any, index: Any) -> Any:
    """What the payer of the fixed rate pays net over a period; negative where it receives [USD].

    The floating leg has no floor, so that of a hedged loan stays with the borrower. Source: model 7.6.
    """
    return notional * accrual * (fixed_rate - index)


@jit
def cap_payoff(notional: Any, accrual: Any, strike: Any, index: Any) -> Any:
    """What a cap pays its holder over a period [USD]."""
    return notional * accrual * maximum(index - strike, 0.0)

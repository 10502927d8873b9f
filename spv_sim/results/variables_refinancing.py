"""What a run follows of a refinancing and of the new loan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spv_sim.results.metrics_refinancing import CODES, REFINANCING
from spv_sim.results.stakeholder import Array
from spv_sim.results.variable import Variable, count_whole


def follow_refinancing(total_uses: float, eps_cash: float) -> tuple[Variable, ...]:
    """What is followed of a refinancing and of the new loan."""
    face = f"{REFINANCING}.face"

    def if_lent(columns: Mapping[str, Array]) -> Array:
        return np.where(columns[face] > 0.0, columns[face], np.nan)

    return (
        count_whole(f"{REFINANCING}.outcome", len(CODES), marks=CODES),
        Variable(face, 0.0, total_uses, marks=(0.0,)),
        Variable(f"{face}_if_lent", 0.0, total_uses, derive=if_lent),
        Variable(f"{REFINANCING}.coupon", 0.0, 1.0),
        *(
            Variable(f"{REFINANCING}.{name}", 0.0, total_uses, marks=(0.0,))
            for name in ("shortfall", "equity_paid", "premium", "fee")
        ),
        Variable(f"{REFINANCING}.loss", 0.0, total_uses, marks=(0.0, eps_cash)),
        Variable(f"{REFINANCING}.loss_pv", -0.5, 1.5, marks=(0.0,)),
        Variable(f"{REFINANCING}.yield", -1.0, 1.0, marks=(-1.0,)),
        count_whole(f"{REFINANCING}.yield_flag", 7),
    )

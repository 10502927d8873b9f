"""The `grid` table: how many months lie before commercial operation and after the lease."""

from __future__ import annotations

from spv_sim.scenario.quantities import Months
from spv_sim.scenario.table import Table, setting

LONGEST_GRID = 600


class Grid(Table):
    """Months before commercial operation (COD) and after the last lease date."""

    construction: Months = setting(
        "Construction period",
        "Months from closing to commercial operation (COD); rent starts and debt repayment starts after it.",
        default=0,
        ge=0,
        le=120,
        examples=("0 months", "6 months"),
        also=("cod", "availability", "availability_period", "kc"),
    )
    tail: Months = setting(
        "Tail",
        "Months after the last lease date in which cash of a workout still arrives.",
        default=24,
        ge=0,
        le=240,
        examples=("24 months",),
    )

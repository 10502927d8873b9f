"""The `grid` table: how many months lie before commercial operation and after the lease."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Months
from spv_sim.scenario.table import Table, setting

LONGEST_GRID = 600
MONTHS_A_YEAR = 12


class Grid(Table):
    """Periods of the cash flow, and months before commercial operation (COD) and after the lease."""

    periods_per_year: Literal[12, 1] = setting(
        "Periods a year",
        "12: costs and account interest fall due every month. 1: everything is paid, earned and accrued once "
        "a year, on dates counted from COD, at the whole annual rate; every date and interval is then a "
        "whole number of years.",
        default=12,
        also=("periods", "frequency", "annual"),
    )

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

    @property
    def period(self) -> int:
        """Months of a period."""
        return MONTHS_A_YEAR // self.periods_per_year

"""The kind of covenant that tests debt service cover."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.covenant_base import Covenant
from spv_sim.scenario.quantities import Months, Ratio
from spv_sim.scenario.table import setting


class DscrCovenant(Covenant):
    """Debt service cover over a window of months, past or ahead."""

    kind: Literal["dscr"] = setting("Kind", "Debt service cover: cash flow over debt service.")
    level: Ratio = setting(
        "Level",
        "Cover below which the test fails.",
        gt=0,
        examples=("1.20x",),
        also=("threshold", "min_dscr"),
    )
    basis: Literal["historic", "forward"] = setting(
        "Basis",
        "Historic: cash flow received and debt service due. Forward: cash flow that the contract promises at "
        "closing, none once the lessee has defaulted, and debt service scheduled on what is still owed.",
        default="historic",
        also=("outlook", "direction"),
    )
    window: Months | None = setting(
        "Window",
        "Months whose sums are compared; historic cover takes those since COD where there are fewer. Silent: "
        "the debt period that ends on the date, of forward cover the next 12 months.",
        default=None,
        ge=1,
        le=120,
        examples=("12 months",),
        also=("months", "period", "lookback"),
    )
    consequence: Literal["lock_up", "default", "sweep"] = setting(
        "Consequence",
        "Lock-up: cash goes to the trap instead of the shareholders. Default: the same, and an event of "
        "default once the grace is over. Sweep: a share of the cash prepays the tranche.",
        default="lock_up",
        also=("then", "remedy"),
    )

"""The `lease.index` table: rent that follows the market rate inside a collar."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Hourly, Months, Ratio, Share
from spv_sim.scenario.table import Table, setting


class RentIndex(Table):
    """An hourly rate that is reset to the market's."""

    weight: Share = setting(
        "Share of the hours",
        "Share of the committed hours that pays the index rate; the rest pays the fixed rent.",
        default=1.0,
        gt=0,
        examples=("40 %",),
    )
    of_market: Ratio = setting(
        "Share of the market rate",
        "Index rate as a multiple of the market lease rate, before floor and cap.",
        default=1.0,
        gt=0,
        le=10,
        examples=("0.90x",),
        also=("pct", "percentage"),
    )
    basis: Literal["gross", "net"] = setting(
        "Basis",
        "Whether the market rate counts as quoted, hosted (gross), or less workout.merchant_opex (net).",
        default="gross",
    )
    floor: Hourly = setting("Floor", "Least index rate.", default=0.0, ge=0, examples=("0.80 USD/GPU-hour",))
    cap: Hourly | None = setting(
        "Cap", "Greatest index rate.", default=None, ge=0, examples=("1.60 USD/GPU-hour",)
    )
    reset_every: Months = setting(
        "Reset period",
        "Months between resets, counted from COD. The rate of a period is the market's at its start; "
        "the first period's is set at closing.",
        default=1,
        ge=1,
        le=60,
        examples=("3 months", "1 year"),
    )

"""How much of a tranche there is: one or several limits, of which the smallest holds."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.listed import YearlyShares
from spv_sim.scenario.quantities import Money, Ratio, Share
from spv_sim.scenario.table import Table, setting


class TrancheSize(Table):
    """Size of a tranche; where several settings speak, the smallest size holds."""

    debt_share: Share | None = setting(
        "Debt share",
        "Net proceeds of the tranche as a share of total uses. Of several sizes the smallest holds.",
        default=None,
        also=("gearing", "leverage", "share", "gear"),
    )
    advance_rate: Share | None = setting(
        "Advance rate",
        "Face of the tranche as a share of the hardware cost. Of several sizes the smallest holds.",
        default=None,
        examples=("64.8 %",),
        also=("ltc", "loan_to_cost"),
    )
    commitment: Money | None = setting(
        "Commitment",
        "Face of the tranche. Of several sizes the smallest holds.",
        default=None,
        ge=0,
        examples=("3.5 bn USD",),
        also=("face", "amount", "size", "principal"),
    )
    target_dscr: Ratio | None = setting(
        "Target DSCR",
        "Lowest ratio of the base case's cash flow to the debt service of this tranche and all that rank "
        "before or beside it; a sculpted tranche keeps to it on every date. Of several sizes the smallest "
        "holds.",
        default=None,
        gt=0,
        examples=("1.40x",),
        also=("dscr", "sizing_dscr", "min_dscr"),
    )
    sizing_case: Literal["base", "p50", "p90", "p99"] = setting(
        "Sizing case",
        "Cash flow that target_dscr refers to: that of the base case, or on each date the one that simulated "
        "paths reach with a probability of 50, 90 or 99 %. It is found once, on monte_carlo.pilot_paths, and "
        "frozen at closing.",
        default="base",
        also=("case", "sculpting_case", "p90"),
    )
    max_ltv: YearlyShares | None = setting(
        "Highest loan to value",
        "Highest balance of this tranche and all that rank before or beside it as a share of the fleet's "
        "expected resale value, or a list with one for each year from COD, the last of which continues. "
        "Of several sizes the smallest holds.",
        default=None,
        examples=('["70 %", "60 %"]',),
        also=("ltv", "loan_to_value", "max_loan_to_value"),
    )

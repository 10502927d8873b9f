"""The kinds of covenant that test the debt against the value of the units."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.covenant_base import Covenant
from spv_sim.scenario.listed import YearlyShares
from spv_sim.scenario.quantities import Count, Share
from spv_sim.scenario.table import setting


class CollateralCovenant(Covenant):
    """Debt less the debt service reserve, after the payments of a date, against the value of units held."""

    appraisal: Literal["market", "depreciated_cost"] = setting(
        "Appraisal",
        "Value of a unit: its resale price on the path, or its average cost by the list depreciated_cost.",
        default="market",
        also=("valuation", "collateral_value"),
    )
    haircut: Share = setting(
        "Haircut", "Share of the market price that does not count.", default=0.0, lt=1, examples=("10 %",)
    )
    depreciated_cost: YearlyShares | None = setting(
        "Depreciated cost",
        "Value of a unit as a share of its cost, or a list with one for each year from COD, the last of "
        "which continues.",
        default=None,
        examples=('["90 %", "70 %", "50 %"]',),
        also=("schedule",),
    )
    equity_cures: Count = setting(
        "Equity cures",
        "How often the shareholders prepay what neither trap nor cash can, for as long as the lessee pays.",
        default=0,
        ge=0,
        le=240,
        examples=(2,),
        also=("cures", "max_cures", "cure_max"),
    )


class LtvCovenant(CollateralCovenant):
    """Loan to value."""

    kind: Literal["ltv"] = setting("Kind", "Loan to value: debt over the value of the units.")
    level: YearlyShares = setting(
        "Level",
        "Loan to value above which the test fails, or a list with one for each year from COD, the last of "
        "which continues.",
        examples=('["75 %", "70 %"]',),
        also=("max_ltv", "threshold"),
    )
    consequence: Literal["lock_up", "prepay", "default", "sweep"] = setting(
        "Consequence",
        "Lock-up: cash goes to the trap. Prepay: trap, then cash, then the shareholders repay the excess. "
        "Default: the same, and an event of default where an excess outlasts the grace. Sweep: a share of "
        "the cash prepays the tranche.",
        default="default",
        also=("then", "remedy"),
    )


class BorrowingBaseCovenant(CollateralCovenant):
    """Borrowing base."""

    kind: Literal["borrowing_base"] = setting(
        "Kind", "Borrowing base: debt that the units carry, an advance rate on their value."
    )
    advance_rate: YearlyShares = setting(
        "Advance rate",
        "Share of the units' value that may be owed, or a list with one for each year from COD, the last of "
        "which continues.",
        examples=('["65 %", "55 %"]',),
    )
    consequence: Literal["prepay", "default"] = setting(
        "Consequence",
        "Prepay: trap, then cash, then the shareholders repay a deficiency. Default: the same, and an event "
        "of default where it outlasts the grace.",
        default="default",
        also=("then", "remedy"),
    )

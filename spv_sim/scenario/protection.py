"""What protects a tranche: its reserve, its lock-up test and its patience."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Count, Months, Rate, Ratio
from spv_sim.scenario.table import Table, setting


class Protection(Table):
    """Reserve, lock-up and grace of a tranche."""

    dsra: Months = setting(
        "Debt service reserve",
        "Months of scheduled debt service held in the reserve account (DSRA).",
        default=0,
        ge=0,
        examples=("3 months",),
        also=("reserve", "dsra_months"),
    )
    dsra_kind: Literal["cash", "letter_of_credit", "sweep"] = setting(
        "Kind of reserve",
        "Cash: paid in at COD out of debt and equity. Letter of credit: a bank stands for it, for a fee. "
        "Sweep: filled from the cash flow after COD.",
        default="cash",
        also=("reserve_kind", "dsra_funding"),
    )
    letter_of_credit_fee: Rate = setting(
        "Letter of credit fee",
        "Nominal annual rate on the letter of credit that stands for the reserve.",
        default=0.0,
        ge=0,
        examples=("2 %",),
        also=("lc_fee",),
    )
    letter_of_credit_margin: Rate = setting(
        "Letter of credit margin",
        "Annual rate above the coupon on what has been drawn on the letter of credit, until it is paid back.",
        default=0.0,
        ge=0,
        examples=("2 %",),
        also=("lc_margin", "reimbursement_margin"),
    )
    lock_up_dscr: Ratio | None = setting(
        "Lock-up DSCR",
        "Debt service cover below which cash is trapped instead of distributed; silent: no test.",
        default=None,
        gt=0,
        also=("lockup", "lock_up", "lockup_dscr"),
    )
    grace: Count = setting(
        "Grace",
        "Debt dates in a row with unpaid debt service that make an event of default.",
        default=1,
        ge=1,
        le=240,
        examples=(1,),
    )

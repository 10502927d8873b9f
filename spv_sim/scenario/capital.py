"""The `capital` table: how much debt, on which terms; equity is the rest."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Count, Money, Months, Rate, Ratio, Share
from spv_sim.scenario.table import Table, setting


class Tranche(Table):
    """Terms of one debt tranche."""

    rank: Count = setting("Rank", "Order of payment; 1 is paid first.", default=1, ge=1, le=50, examples=(1,))
    coupon: Rate = setting(
        "Coupon",
        "Fixed nominal annual interest rate.",
        ge=0,
        also=("interest_rate", "interest", "rate", "margin"),
    )
    tenor: Months = setting(
        "Tenor", "Months from COD until the debt is repaid.", ge=1, le=240, also=("term", "maturity")
    )
    amortisation: Literal["level", "straight_line"] = setting(
        "Amortisation",
        "Level: equal debt service. Straight line: equal principal.",
        also=("amortization", "profile"),
    )
    payment_every: Months = setting(
        "Payment interval", "Months between debt dates: 1 or 3.", default=1, examples=("1 month", "3 months")
    )
    upfront_fee: Share = setting(
        "Upfront fee",
        "Share of the commitment paid to the lender at closing.",
        default=0.0,
        lt=1,
        examples=("2 %",),
        also=("fee", "arrangement_fee"),
    )
    oid: Share = setting(
        "Original issue discount",
        "Share of the face that the lender does not pay out.",
        default=0.0,
        lt=1,
        examples=("1 %",),
        also=("original_issue_discount", "discount"),
    )
    commitment_fee: Rate = setting(
        "Commitment fee",
        "Nominal annual rate on the undrawn commitment until COD.",
        default=0.0,
        ge=0,
        examples=("0.5 %",),
    )
    dsra: Months = setting(
        "Debt service reserve",
        "Months of scheduled debt service held in the reserve account (DSRA).",
        default=0,
        ge=0,
        examples=("3 months",),
        also=("reserve", "dsra_months"),
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
    interest_on_arrears: Literal["none", "coupon"] = setting(
        "Interest on arrears", "Whether unpaid interest bears interest at the coupon.", default="coupon"
    )


class Capital(Table):
    """Debt of the vehicle. Exactly one of debt_share and advance_rate sets its size."""

    debt_share: Share | None = setting(
        "Debt share",
        "Net debt proceeds as a share of total uses. One of debt_share, advance_rate.",
        default=None,
        also=("gearing", "leverage", "ltv", "debt"),
    )
    advance_rate: Share | None = setting(
        "Advance rate",
        "Face of the debt as a share of the hardware cost. One of debt_share, advance_rate.",
        default=None,
        examples=("64.8 %",),
        also=("ltc", "loan_to_cost"),
    )
    other_costs: Money = setting(
        "Other costs", "Costs at closing besides hardware and fees.", default=0.0, ge=0
    )
    tranche: dict[str, Tranche] = setting(
        "Tranches", "Debt by name: [capital.tranche.<name>].", min_length=1, max_length=50, also=("tranches",)
    )

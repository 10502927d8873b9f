"""What a tranche costs: a fixed coupon, or a floating base rate with a margin."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Rate, Share
from spv_sim.scenario.table import Table, setting


class Interest(Table):
    """Interest on a tranche. Exactly one of coupon and base_rate sets it."""

    coupon: Rate | None = setting(
        "Coupon",
        "Fixed nominal annual interest rate. One of coupon, base_rate.",
        default=None,
        ge=0,
        examples=("9.5 %",),
        also=("interest_rate", "interest", "rate"),
    )
    base_rate: Literal["term_1m", "term_3m", "compounded"] | None = setting(
        "Base rate",
        "Rate of the table [rates] that the coupon floats on: a term rate of one or three months, set at the "
        "start of a debt period as long, or the overnight rate compounded over the period. Up to COD "
        "interest is paid by the month, and moves with the rate of one month. One of coupon, base_rate.",
        default=None,
        also=("index", "reference_rate", "sofr", "libor", "floating"),
    )
    margin: Rate | None = setting(
        "Margin",
        "Annual rate above the base rate, by the day count of the base rate; required with base_rate.",
        default=None,
        ge=0,
        examples=("225 bps",),
        also=("spread", "credit_spread"),
    )
    floor: Rate | None = setting(
        "Floor",
        "Lowest base rate that the loan charges; silent: only base rate and margin together stop at zero.",
        default=None,
        gt=-1,
        examples=("0 %",),
    )
    hedge_share: Share = setting(
        "Hedged share",
        "Share of the scheduled balance from COD on that is swapped into the par rate of closing, or capped "
        "at cap_rate. The hedge follows what is owed where that is less, and ranks with the tranche's "
        "interest. A swap ends with an event of default at its market value, ranking with the principal.",
        default=0.0,
        examples=("75 %",),
        also=("hedge_ratio", "hedge", "swap"),
    )
    cap_rate: Rate | None = setting(
        "Cap rate",
        "Base rate above which a cap pays the difference on the hedged share; its value is paid at closing. "
        "Silent: the share is swapped.",
        default=None,
        gt=-1,
        examples=("4.5 %",),
        also=("cap", "cap_strike", "strike"),
    )
    pik: bool = setting(
        "Payment in kind",
        "Whether interest that cash does not cover is added to the balance instead of falling into arrears.",
        default=False,
        also=("payment_in_kind", "capitalise"),
    )
    default_margin: Rate = setting(
        "Default margin",
        "Annual rate added to the coupon once an event of default has begun.",
        default=0.0,
        ge=0,
        examples=("2 %",),
        also=("default_interest", "default_rate"),
    )
    interest_on_arrears: Literal["none", "coupon"] = setting(
        "Interest on arrears", "Whether unpaid interest bears interest at the coupon.", default="coupon"
    )

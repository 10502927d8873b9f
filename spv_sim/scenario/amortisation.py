"""How a tranche is repaid: term, profile and prepayment."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.listed import DatedShares, YearlyShares
from spv_sim.scenario.quantities import MonthlyShare, Months, Share
from spv_sim.scenario.table import Table, setting


class Amortisation(Table):
    """Repayment of a tranche."""

    tenor: Months = setting(
        "Tenor", "Months from COD until the debt is repaid.", ge=1, le=240, also=("term", "maturity")
    )
    amortisation: Literal["level", "straight_line", "sculpted", "bullet", "custom", "scheduled_share"] = (
        setting(
            "Amortisation",
            "Level: equal debt service. Straight line: equal principal. Sculpted: debt service in proportion "
            "to the base case's cash flow. Bullet: all at maturity. Custom: the shares in repayment. "
            "Scheduled share: the same share of the face each month, the rest at maturity.",
            also=("amortization", "profile"),
        )
    )
    payment_every: Months = setting(
        "Payment interval",
        "Months between debt dates: 1 or 3; 12 on a grid of years. Tranches of the first rank pay on the "
        "same dates, and those behind may pay on some of them alone: sweeps and the shareholders then wait "
        "for the dates on which all pay.",
        default=1,
        examples=("1 month", "3 months"),
    )
    balloon: Share = setting(
        "Balloon",
        "Share of the face left to the maturity date; with level or straight_line.",
        default=0.0,
        lt=1,
        examples=("20 %",),
        also=("residual", "balloon_share"),
    )
    repayment: DatedShares | None = setting(
        "Repayment table",
        "Shares of the face repaid on the debt dates, one for each, that sum to 1; only with custom.",
        default=None,
        examples=('["10 %", "20 %", "30 %", "40 %"]',),
        also=("schedule", "shares", "repayment_shares"),
    )
    scheduled_share: MonthlyShare | None = setting(
        "Scheduled share",
        "Share of the face repaid each month; only with scheduled_share.",
        default=None,
        ge=0,
        le=1,
        examples=("1.2 %/month",),
        also=("scheduled_principal", "amortisation_rate"),
    )
    negative_amortisation: Literal["clamp", "allow"] = setting(
        "Negative amortisation",
        "Sculpted debt whose interest would exceed its debt service: clamp makes it smaller until interest "
        "never does, allow lets the balance grow.",
        default="clamp",
        also=("negam",),
    )
    cash_sweep: Share = setting(
        "Cash sweep",
        "Share of the cash left after all scheduled debt service that prepays this tranche.",
        default=0.0,
        examples=("35 %",),
        also=("sweep", "excess_cash_flow"),
    )
    prepayment_premium: YearlyShares | None = setting(
        "Prepayment premium",
        "Share of what is repaid before it is scheduled, paid on top of it, or a list with one for each year "
        "from COD; nothing after the list. A cash sweep bears it out of its share of the cash; debt called "
        "in when the units are bought or sold, beside the principal; what an event of default makes due "
        "bears none. Silent: none.",
        default=None,
        examples=('["3 %", "2 %", "1 %"]',),
        also=("call_protection", "prepayment_fee"),
    )

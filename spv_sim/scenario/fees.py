"""What a tranche costs besides interest, and until when it can be drawn."""

from __future__ import annotations

from spv_sim.scenario.quantities import MoneyPerMonth, Months, Rate, Share
from spv_sim.scenario.table import Table, setting


class Fees(Table):
    """Fees of a tranche and the period in which it can be drawn."""

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
        "Nominal annual rate on the undrawn commitment while it can be drawn.",
        default=0.0,
        ge=0,
        examples=("0.5 %",),
    )
    availability: Months | None = setting(
        "Availability period",
        "Months from closing in which the tranche can be drawn; silent: until COD.",
        default=None,
        ge=0,
        le=120,
        examples=("3 months",),
        also=("availability_period", "availability_end", "draw_period", "delayed_draw"),
    )
    agency_fee: MoneyPerMonth = setting(
        "Agency fee",
        "Paid to the tranche's agent on its debt dates from COD until maturity while debt is owed, before "
        "interest; not part of debt service cover.",
        default=0.0,
        ge=0,
        examples=("60,000 USD/year",),
    )

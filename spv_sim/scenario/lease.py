"""The `lease` table: what the lessee pays, when, and where its first payment goes."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import FirstPayment, Hourly, MonthlyShare, Months, Payment, Rate, Share
from spv_sim.scenario.table import Table, setting


class Holiday(Table):
    """Months in which only part of the rent is due."""

    start: Months = setting(
        "First month", "First month of the holiday, counted from closing; included.", ge=0
    )
    end: Months = setting("Last month", "Last month of the holiday, counted from closing; included.", ge=0)
    paid: Share = setting(
        "Share paid", "Share of the rent that stays due in these months.", examples=("0 %", "50 %")
    )


class Lease(Table):
    """What the lessee pays and when. Exactly one of rate, rate_factor and implicit_rate sets the rent."""

    rate: Hourly | None = setting(
        "Lease rate",
        "Contract rent of one GPU for one committed hour; a month has 730 hours. "
        "One of rate, rate_factor, implicit_rate.",
        default=None,
        gt=0,
        also=("rent", "price", "lease_rate", "hourly_rate"),
    )
    rate_factor: MonthlyShare | None = setting(
        "Lease rate factor",
        "Monthly rent as a share of the hardware cost. One of rate, rate_factor, implicit_rate.",
        default=None,
        gt=0,
        also=("lrf",),
    )
    implicit_rate: Rate | None = setting(
        "Rate implicit in the lease",
        "Nominal annual rate at which the level rents and the implicit residual repay the hardware cost. "
        "One of rate, rate_factor, implicit_rate.",
        default=None,
        ge=0,
        also=("yield",),
    )
    implicit_residual: Share = setting(
        "Residual in the implicit rate",
        "Share of the hardware cost that the rents leave unpaid at the end; only with implicit_rate.",
        default=0.0,
        lt=1,
    )
    escalation: Rate = setting(
        "Escalation",
        "Yearly step of the rent; negative steps down.",
        default=0.0,
        gt=-1,
        examples=("2 %/year",),
    )
    term: Months = setting(
        "Lease term", "Months in which rent falls due, from COD.", ge=1, le=240, also=("tenor",)
    )
    timing: Literal["advance", "arrears"] = setting(
        "Payment timing",
        "Whether the rent of a period is due at its start (advance) or at its end (arrears).",
        default="arrears",
    )
    payment_every: Months = setting(
        "Payment interval", "Months between rent dates: 1 or 3.", default=1, examples=("1 month", "3 months")
    )
    commitment: Share = setting(
        "Committed utilisation",
        "Take-or-pay share of the hours of a month that the lessee pays for, used or not.",
        default=1.0,
        gt=0,
        examples=("95 %",),
        also=("utilisation", "utilization", "take_or_pay", "committed_utilisation"),
    )
    first_payment: FirstPayment = setting(
        "First payment",
        "Paid once at COD, before the periodic rents: an amount, or a share of the hardware cost.",
        default=Payment(0.0, 0.0),
        examples=("885 m USD", "16 %"),
        also=("upfront_rent", "initial_payment", "prepaid_rent"),
    )
    first_payment_to: Literal["trap", "equity", "reduces_uses"] = setting(
        "Use of the first payment",
        "Held in the trap account until the first debt date (trap), distributed at COD (equity), "
        "or set off against the uses (reduces_uses).",
        default="trap",
    )
    triple_net: bool = setting(
        "Triple net",
        "Whether the lessee bears power, hosting, insurance and maintenance while it pays rent.",
        default=True,
    )
    holiday: dict[str, Holiday] = setting(
        "Rent holidays",
        "Months in which only part of the rent is due: [lease.holiday.<name>].",
        make=dict,
        max_length=240,
    )

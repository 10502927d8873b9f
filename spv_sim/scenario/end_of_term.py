"""The `lease.end_of_term` table: what the lessee may do when its lease ends, and where the units go."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Count, Hourly, Money, Months, Number, Ratio, Share
from spv_sim.scenario.table import Table, setting


class EndOfTerm(Table):
    """Purchase, renewal, or return and sale."""

    option: Literal["none", "fixed_price", "fair_market_value", "bargain"] = setting(
        "Purchase option",
        "Price at which a performing lessee may buy its units: none, a fixed one, the market's of the day, "
        "or next to nothing (bargain), which it always takes.",
        default="none",
        also=("purchase_option",),
    )
    price: Money | None = setting(
        "Option price",
        "Price of one unit under a fixed-price option; of the whole fleet 1 USD under a bargain option.",
        default=None,
        gt=0,
        examples=("9,000 USD",),
        also=("strike",),
    )
    premium: Share = setting(
        "In-place premium",
        "What a unit in place is worth to the lessee above its market price or rate: no move, no downtime.",
        default=0.10,
        examples=("10 %",),
    )
    exercise: Literal["rational", "behavioural"] = setting(
        "Exercise",
        "Whether the lessee takes a fixed price exactly when its value is higher (rational), or with "
        "probability 1 / (1 + exp(-intercept - slope ln(value / price))) (behavioural).",
        default="rational",
    )
    intercept: Number = setting("Intercept", "Intercept of behavioural exercise.", default=0.0)
    slope: Number = setting(
        "Slope",
        "Slope of behavioural exercise in the log of value over price.",
        default=10.0,
        ge=0,
        examples=(10,),
    )
    probability: Share = setting(
        "Probability",
        "Probability that the lessee buys under an option at fair market value.",
        default=1.0,
    )
    renewal_months: Months = setting(
        "Length of a renewal",
        "Months for which a lessee that does not buy may renew, at a rate set when the renewal begins.",
        default=0,
        ge=0,
        le=120,
        examples=("12 months",),
    )
    renewals: Count = setting(
        "Renewals", "Largest number of renewals.", default=1, ge=1, le=20, examples=(2,)
    )
    renewal_of_market: Ratio = setting(
        "Renewal rate",
        "Renewal rate as a multiple of the market lease rate, net of workout.merchant_opex if triple net. "
        "The lessee renews where it is at most the market rate and the in-place premium.",
        default=1.0,
        ge=0,
        le=10,
    )
    renewal_floor: Hourly = setting("Renewal floor", "Least renewal rate.", default=0.0, ge=0)
    re_let: Months = setting(
        "Re-letting",
        "Months for which returned units are let at the market rate, on the terms of [workout], before they "
        "are sold; lets debt outlast the lease.",
        default=0,
        ge=0,
        le=240,
        examples=("24 months",),
        also=("merchant_months",),
    )
    re_let_after: Months = setting(
        "Re-letting downtime",
        "Months without income between the return and the first month of re-letting.",
        default=0,
        ge=0,
        le=240,
        examples=("2 months",),
    )

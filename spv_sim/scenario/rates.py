"""The `rates` table: the risk-free curve at closing and how the short rate moves around it."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Number, Rate, Volatility
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.yield_curves import AnyYieldCurve


class Rates(Table):
    """Base rates: the forward curve, or the Hull-White short rate that fits it."""

    measure: Literal["P", "Q"] = setting(
        "Measure",
        "Q: the pricing measure of the curve, under which paths discount to it on average. P: rates drift "
        "away from the forward rates as rate_risk says. Hedges are priced under Q in any case.",
        default="Q",
    )
    rate_risk: Number = setting(
        "Price of rate risk",
        "Drift of the short rate under P above that under Q, in volatilities a year; negative where forward "
        "rates hold a premium. Only with measure P.",
        default=0.0,
        ge=-5,
        le=5,
        examples=("-0.2",),
        also=("market_price_of_risk", "lambda"),
    )

    curve: AnyYieldCurve = setting(
        "Yield curve", "Risk-free zero rates at closing, continuously compounded.", also=("yield_curve",)
    )
    model: Literal["none", "hull_white"] = setting(
        "Model of the short rate",
        "none: the forward rates of the curve come true. hull_white: the short rate moves around them.",
        default="none",
    )
    mean_reversion: Rate | None = setting(
        "Mean reversion",
        "Yearly rate at which a distance of the short rate from the curve fades; with hull_white.",
        default=None,
        ge=0.001,
        le=10,
        examples=("5 %/year",),
        also=("kappa", "speed"),
    )
    volatility: Volatility | None = setting(
        "Volatility",
        "Standard deviation of the yearly change of the short rate, absolute; with hull_white.",
        default=None,
        le=0.1,
        examples=("0.9 %/sqrt(year)",),
        also=("sigma", "vol"),
    )
    allow_negative: bool = setting(
        "Negative forward rates",
        "Whether the curve may imply forward rates below zero. A simulated rate may always fall below zero.",
        default=False,
    )
    day_count: Literal["30/360", "ACT/360", "ACT/365F"] = setting(
        "Day count of index rates",
        "How simple index rates are quoted. 30/360: a month is a twelfth. The others count the days from "
        "deal.closing.",
        default="30/360",
        also=("accrual",),
    )

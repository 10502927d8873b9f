"""The tables of the credit engines: what each needs beside the default curve."""

from __future__ import annotations

from spv_sim.scenario.quantities import Duration, Intensity, Money, Number, Rate, Volatility
from spv_sim.scenario.table import Table, setting


class BlackCox(Table):
    """The lessee defaults when its asset value falls to a barrier.

    Either asset value, barrier and their growth are given, or the log distance between them and its drift.
    """

    asset_value: Money | None = setting(
        "Asset value",
        "Value of the lessee's assets when the credit clock starts; excludes distance.",
        default=None,
        gt=0,
        examples=("100 bn USD",),
    )
    barrier: Money | None = setting(
        "Barrier",
        "Asset value at which the lessee defaults, when the clock starts.",
        default=None,
        gt=0,
        examples=("45 bn USD",),
    )
    asset_growth: Rate | None = setting(
        "Growth of the asset value",
        "Expected continuous growth, under the measure of the table credit.",
        default=None,
        examples=("6 %/year",),
    )
    barrier_growth: Rate | None = setting(
        "Growth of the barrier", "Continuous growth of the barrier.", default=None, examples=("3 %/year",)
    )
    distance: Number | None = setting(
        "Log distance to default",
        "ln(asset value / barrier) when the clock starts; excludes asset_value.",
        default=None,
        gt=0,
        examples=("0.8",),
    )
    distance_drift: Rate | None = setting(
        "Drift of the log distance", "Its mean change a year.", default=None, examples=("-2 %/year",)
    )
    volatility: Volatility = setting(
        "Asset volatility",
        "Standard deviation of the yearly log change of the asset value.",
        gt=0,
        examples=("35 %/sqrt(year)",),
    )


class Cir(Table):
    """A mean-reverting random intensity, shifted so that survival is that of the hazard."""

    initial: Rate = setting(
        "Initial intensity", "Random part of the intensity when the clock starts.", ge=0, le=10
    )
    level: Rate = setting("Long-run intensity", "Level to which it reverts.", gt=0, le=10)
    half_life: Duration = setting(
        "Half-life", "Time in which a deviation from the level halves.", gt=0, examples=("17 months",)
    )
    volatility: Volatility = setting(
        "Volatility",
        "Standard deviation of a year's change at an intensity of 100 %/year; grows with its square root.",
        gt=0,
        examples=("12 %/sqrt(year)",),
    )
    allow_negative_shift: bool = setting(
        "Allow a negative shift",
        "Go on where the hazard lies below what the random part alone implies; the hazard can then fall "
        "below 0 on a path, and its survival no longer is exactly that of the curve.",
        default=False,
    )


class Regulatory(Table):
    """Regulatory shocks that come at random, raise the hazard and die away."""

    events: Intensity = setting("Events", "Expected number of shocks a year (Poisson).", le=50)
    severity: Rate = setting(
        "Severity", "Mean rise of the yearly hazard at a shock (exponential).", gt=0, le=100
    )
    half_life: Duration = setting(
        "Half-life", "Time in which the rise of a shock halves.", gt=0, examples=("17 months",)
    )
    curve_includes: bool = setting(
        "Curve includes the shocks",
        "Whether the hazard already counts the shocks, as quotes and default rates do: what is left of it is "
        "lowered so that survival stays. Otherwise the shocks come on top.",
        default=True,
    )

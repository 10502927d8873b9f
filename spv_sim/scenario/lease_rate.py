"""The `lease_rate` table: the market price of a GPU-hour, at which a fleet is let again after a default."""

from __future__ import annotations

from spv_sim.scenario.quantities import Duration, Hourly, Rate, Volatility
from spv_sim.scenario.table import Table, setting


class LeaseRate(Table):
    """Market lease rate: its logarithm returns to a mean level that declines at a constant rate."""

    initial: Hourly = setting("Initial rate", "Market rate of one GPU-hour at closing.", gt=0)
    mean_level: Hourly = setting(
        "Mean level", "Level at closing to which the rate returns.", gt=0, examples=("2.40 USD/GPU-hour",)
    )
    decline: Rate = setting(
        "Decline of the mean level",
        "Continuous yearly rate at which the mean level falls.",
        default=0.0,
        examples=("15 %/year",),
    )
    half_life: Duration = setting(
        "Half-life", "Months in which a distance from the mean level halves.", gt=0, le=1200
    )
    volatility: Volatility = setting(
        "Volatility",
        "Standard deviation of the yearly log change of the rate.",
        default=0.0,
        examples=("26 %/sqrt(year)",),
        also=("sigma", "vol"),
    )

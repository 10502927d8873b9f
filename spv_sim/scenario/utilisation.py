"""The `utilisation` table: how much of the time the machines are in use."""

from __future__ import annotations

from spv_sim.scenario.quantities import Duration, Share, Volatility
from spv_sim.scenario.table import Table, setting


class Utilisation(Table):
    """Mean-reverting share of the hours in use, kept between two bounds by a logistic curve."""

    lowest: Share = setting("Lowest", "Lower bound of the utilisation.", default=0.0, lt=1)
    highest: Share = setting("Highest", "Upper bound of the utilisation.", default=1.0, gt=0)
    initial: Share = setting("At closing", "Utilisation at closing, between the bounds.", examples=("80 %",))
    mean_level: Share = setting(
        "Level", "Median to which the utilisation returns, between the bounds.", examples=("75 %",)
    )
    half_life: Duration = setting(
        "Half-life",
        "Time in which half of a deviation from the level is gone.",
        gt=0,
        le=1200,
        examples=("6 months",),
    )
    volatility: Volatility = setting(
        "Volatility", "Volatility of the logit of the utilisation.", default=0.0, le=10
    )

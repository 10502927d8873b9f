"""The `gpu_price` table: what a GPU of the fleet resells for, how that price moves and what a sale costs."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.curves import AnyCurve
from spv_sim.scenario.delays import AnyDelay
from spv_sim.scenario.quantities import Intensity, Money, Months, Number, Share, Volatility
from spv_sim.scenario.table import Table, setting


class Jump(Table):
    """Sudden falls or rises of the resale price, such as at the release of a new generation."""

    intensity: Intensity = setting("Intensity", "Expected number of jumps a year (Poisson).", le=1000)
    mean_log: Number = setting("Mean of the log jump", "Mean of the logarithm of the price factor of a jump.")
    sd_log: Number = setting(
        "Standard deviation of the log jump",
        "Standard deviation of that logarithm.",
        ge=0,
        examples=("0.10",),
    )


class ExponentialJump(Table):
    """Sudden moves whose logarithm is exponential to either side: often small, now and then very large."""

    intensity: Intensity = setting("Intensity", "Expected number of jumps a year (Poisson).", le=1000)
    up_share: Share = setting(
        "Share of rises", "Share of the jumps that raise the price.", examples=("25 %",)
    )
    up_rate: Number = setting(
        "Rate of a rise",
        "Rate of the exponential law of a rise's logarithm, whose mean is 1 / rate; above 1, as the mean "
        "price is infinite otherwise.",
        gt=1,
        le=1e6,
        examples=("12",),
        also=("eta1",),
    )
    down_rate: Number = setting(
        "Rate of a fall",
        "Rate of the exponential law of a fall's logarithm, whose mean is 1 / rate.",
        gt=0,
        le=1e6,
        examples=("6",),
        also=("eta2",),
    )


class Release(Table):
    """A new generation that is announced for a date: once it comes, the price jumps."""

    at: Months = setting(
        "Date",
        "Month from closing for which it is announced.",
        ge=1,
        le=600,
        examples=("20 months",),
    )
    delay: AnyDelay | None = setting(
        "Delay", "How much later it comes; silent: in time.", default=None, also=("slip",)
    )
    mean_log: Number = setting(
        "Mean of the log jump",
        "Mean of the logarithm of the price factor of its jump.",
        examples=("-0.22",),
    )
    sd_log: Number = setting(
        "Standard deviation of the log jump",
        "Standard deviation of that logarithm.",
        default=0.0,
        ge=0,
        examples=("0.10",),
    )
    on_rents: Number = setting(
        "Loading of the lease rate",
        "Part of the jump that the logarithm of the market lease rate takes in the same month.",
        default=0.0,
        examples=("0.5",),
        also=("rent_loading", "lease_rate_loading", "co_jump"),
    )


class GpuPrice(Table):
    """Resale price of one working GPU in an orderly market."""

    new_price: Money | None = setting(
        "Price of a new unit",
        "All-in price from which the resale price starts, of an H100-equivalent; silent: the cost of the "
        "fleet for each of its H100-equivalents.",
        default=None,
        gt=0,
    )
    day_one_discount: Share = setting(
        "Day-one discount",
        "Share of the all-in price that no buyer pays from the first day: installation, network, wear.",
        examples=("33 %",),
        also=("discount", "haircut"),
    )
    curve: AnyCurve = setting(
        "Depreciation curve",
        "Expected or median course of the resale price since closing.",
        also=("depreciation",),
    )
    curve_is: Literal["mean", "median"] = setting(
        "Meaning of the curve",
        "Whether the curve is the mean of the simulated price (noise and jumps are offset) or its median.",
    )
    volatility: Volatility = setting(
        "Volatility",
        "Standard deviation of the yearly log change of the price.",
        default=0.0,
        also=("sigma", "vol"),
    )
    jump: Jump | None = setting(
        "Jumps", "Sudden moves of the price; without the table there are none.", default=None
    )
    exponential_jump: ExponentialJump | None = setting(
        "Double exponential jumps",
        "Jumps with heavier tails; excludes jump.",
        default=None,
        also=("kou", "double_exponential"),
    )
    release: dict[str, Release] = setting(
        "Announced releases",
        "New generations with a date, a delay and a jump of the price each: [gpu_price.release.<name>].",
        make=dict,
        max_length=50,
        also=("releases", "generations"),
    )
    fall_at_default: Share = setting(
        "Fall at the lessee's default",
        "Permanent fall of the price when the lessee defaults and its machines come to market.",
        default=0.0,
        lt=1,
        examples=("20 %",),
    )
    scrap_value: Money = setting(
        "Scrap value", "Price of a unit below which it does not fall.", default=0.0, ge=0
    )
    sell_cost: Share = setting("Sale cost", "Share of the price lost in an orderly sale.", examples=("4 %",))
    liquidation_cost: Share = setting(
        "Liquidation cost",
        "Share of the price lost in a forced sale.",
        examples=("12 %",),
        also=("liq_cost",),
    )

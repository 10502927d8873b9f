"""Rules of the GPU price: a curve whose settings fit together, and releases that are counted once."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.curves import Hedonic
from spv_sim.scenario.gpu_price import GpuPrice


def check_curve(tables: Tables) -> Iterator[Breach]:
    """The settings of the curve's kind fit together."""
    price = tables.take("gpu_price", GpuPrice)
    for name, fault in price.curve.faults() if price else ():
        yield Breach(("gpu_price", "curve", name), f"gpu_price.curve.{name}: {fault}")


def check_releases(tables: Tables) -> Iterator[Breach]:
    """A release has a delay that makes sense and a market for what it loads on, and is told once."""
    price = tables.take("gpu_price", GpuPrice)
    for name, release in price.release.items() if price else ():
        at = ("gpu_price", "release", name)
        key = ".".join(at)
        for setting, fault in release.delay.faults() if release.delay else ():
            yield Breach((*at, "delay", setting), f"{key}.delay.{setting}: {fault}")
        if release.on_rents != 0 and tables.lacks("lease_rate"):
            message = f"{key}.on_rents: there is no table [lease_rate] whose rate could jump"
            yield Breach((*at, "on_rents"), message, "missing-table")
    if price and price.release and isinstance(price.curve, Hedonic):
        message = (
            "gpu_price.release: the curve of kind hedonic steps at releases already, which would count twice"
        )
        help = "keep gpu_price.curve.release or gpu_price.release, or choose another kind of curve"
        yield Breach(("gpu_price", "release"), message, "double-counting", help=help)


PRICE_RULES = (check_curve, check_releases)

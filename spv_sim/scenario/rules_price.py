"""Rules of the GPU price: a curve whose settings fit together, and releases that are counted once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.curves import Hedonic
from spv_sim.scenario.gpu_price import GpuPrice

MOST_JUMPS = 8
"""Jumps of a month that are drawn one by one (model 3.1c)."""

SELDOM = 1e-9
"""Share of months that no simulation has enough of to notice."""


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


def check_jumps(tables: Tables) -> Iterator[Breach]:
    """Hardly ever do more jumps come in a month than are drawn one by one."""
    price = tables.take("gpu_price", GpuPrice)
    if price is None or price.exponential_jump is None:
        return
    at = ("gpu_price", "exponential_jump")
    missed = more_than(MOST_JUMPS, price.exponential_jump.intensity / 12)
    if missed > SELDOM:
        message = (
            f"gpu_price.exponential_jump.intensity: more than {MOST_JUMPS} jumps come in {missed:.1g} of all "
            f"months, and only {MOST_JUMPS} of them count"
        )
        yield Breach((*at, "intensity"), message, None)


def more_than(most: int, mean: float) -> float:
    """Probability that a Poisson count exceeds a number."""
    term = total = math.exp(-mean)
    for n in range(1, most + 1):
        term *= mean / n
        total += term
    return max(1 - total, 0.0)


PRICE_RULES = (check_curve, check_releases, check_jumps)

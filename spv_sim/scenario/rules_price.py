"""Rules of the GPU price: a curve whose settings fit together and reach as far as the deal."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.gpu_price import GpuPrice


def check_curve(tables: Tables) -> Iterator[Breach]:
    """The settings of the curve's kind fit together."""
    price = tables.take("gpu_price", GpuPrice)
    for name, fault in price.curve.faults() if price else ():
        yield Breach(("gpu_price", "curve", name), f"gpu_price.curve.{name}: {fault}")

"""GPU generations: what one unit of each counts for beside an H100."""

from __future__ import annotations

from typing import NamedTuple

from spv_sim.scenario.quantities import Number
from spv_sim.scenario.table import Table, setting


class Known(NamedTuple):
    """H100-equivalents of a unit, what they are measured by, and how well they are known."""

    h100_equivalents: float
    basis: str
    status: str


KNOWN = {
    "A100": Known(0.315, "8-bit dense arithmetic (Bandi & Su)", "measured"),
    "H100": Known(1.0, "by definition", "definition"),
    "H200": Known(1.43, "memory bandwidth (specification)", "derived"),
    "B200": Known(2.53, "8-bit dense arithmetic (Bandi & Su)", "measured"),
    "GB200": Known(2.5, "market usage", "unsourced"),
    "GB300": Known(2.75, "market usage, middle of 2.5 to 3", "unsourced"),
}
"""Generations that need no table of their own."""


class Generation(Table):
    """A generation of GPUs."""

    h100_equivalents: Number = setting(
        "H100-equivalents",
        "What one unit counts for beside an H100: its resale price, market lease rate and merchant cost are "
        "those of an H100 times this.",
        gt=0,
        le=1000,
        examples=("2.53",),
        also=("factor", "h100e"),
    )

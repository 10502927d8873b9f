"""Holds the arrays that the page of a programme is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spv_sim.report.material import Floats


@dataclass(frozen=True)
class ProgrammeMaterial:
    """Arrays behind the figures of a programme.

    columns : name -> (n_kept,) value per kept path of all vehicles together, such as `programme.loss`.
    vehicles : vehicle -> name -> the same of one vehicle, such as `equity.irr`.
    """

    columns: Mapping[str, Floats] = field(default_factory=dict)
    vehicles: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)

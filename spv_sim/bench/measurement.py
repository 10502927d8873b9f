"""What a benchmark found, as it is kept: the same file is a result and a baseline for the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spv_sim.bench.workload import Workload

SCHEMA = "spv-sim/bench@1"
ENGINE, HELP, MEMORY, TARGET = "engine", "help", "memory", "time-to-target"


@dataclass(frozen=True)
class Figure:
    """One figure of each fresh process, the median of which counts.

    processes : one value a process, greater than zero; less is better.
    low, high : least and greatest reading that the values rest on.
    note : what else the reader must know.
    """

    title: str
    unit: str
    processes: Sequence[float]
    low: float
    high: float
    note: str = ""

    @property
    def value(self) -> float:
        """Median over the processes."""
        return median(self.processes)


@dataclass(frozen=True)
class Measurement:
    """Figures by name, digests of the answers by metric, what was run and on which machine.

    machine : plain values, see `machine.describe`.
    """

    workload: Workload
    figures: Mapping[str, Figure]
    answers: Mapping[str, str]
    machine: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The measurement as plain values."""
        return {
            "schema": SCHEMA,
            "workload": asdict(self.workload),
            "machine": dict(self.machine),
            "figures": {
                name: {**asdict(figure), "processes": list(figure.processes), "value": figure.value}
                for name, figure in self.figures.items()
            },
            "answers": dict(self.answers),
        }

"""Measurements that nobody measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spv_sim.bench.measurement import ENGINE, HELP, MEMORY, TARGET, Figure, Measurement
from spv_sim.bench.workload import Workload

WORK = Workload("First deal", "5e77", 1_000, 0)
ANSWERS = {"equity.irr": "aa", "equity.moic": "bb", "senior.wal": "cc"}


def figure(*values: float, title: str = "a thing", unit: str = "ratio") -> Figure:
    return Figure(title, unit, list(values), min(values) * 0.9, max(values) * 1.1, "a note")


def measurement(
    engine: Sequence[float] = (1.0, 1.0, 1.0),
    help: Sequence[float] = (4.0, 4.0, 4.0),
    memory: Sequence[float] = (300.0, 300.0, 300.0),
    target: Sequence[float] = (2.0, 2.0, 2.0),
    answers: Mapping[str, str] = ANSWERS,
    work: Workload = WORK,
    **machine: Any,
) -> Measurement:
    figures = {
        ENGINE: figure(*engine, title="engine / yardstick"),
        HELP: figure(*help, title="`spv-sim --help` / `python -c pass`"),
        MEMORY: figure(*memory, title="peak memory", unit="MB"),
        TARGET: figure(*target, title="time to target", unit="yardsticks"),
    }
    return Measurement(work, figures, answers, {"cpu": "A", "compiled": True, **machine})

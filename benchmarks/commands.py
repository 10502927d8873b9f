"""Whole commands, from the shell's point of view: a new process that finds its machine code on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from benchmarks.project import SCENARIO, run_process
from benchmarks.row import Goal, Row, at_most, compare, within
from spv_sim.bench.processes import python, spv_sim
from spv_sim.bench.timing import interleave_processes

Case = tuple[str, list[str], Goal | None]


def cases(paths: int, few: int) -> list[Case]:
    """Name, options and goal of each command measured."""
    return [
        (f"`run` {few:,} paths, no report", ["--paths", str(few), "--no-report"], at_most(1.5)),
        (f"`run` {paths:,} paths, no report", ["--paths", str(paths), "--no-report"], within(1.5)),
        (f"`run` {paths:,} paths, with report", ["--paths", str(paths)], within(5.5)),
    ]


def measure(quick: bool) -> list[Row]:
    """Seconds of wall time (`perf_counter`), against a process that only imports the compiler."""
    chosen = cases(20_000, 2_000)[:1] if quick else cases(100_000, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        fresh = (Path(folder) / str(number) for number in count())

        def launch(options: list[str]) -> Callable[[], object]:
            return lambda: run_process(spv_sim("run", SCENARIO, "-q", "-o", str(next(fresh)), *options))

        *ours, theirs = interleave_processes(
            *(launch(options) for _, options, _ in chosen),
            lambda: run_process(python("import numba")),
            repetitions=1 if quick else 5,
            warm_up=not quick,
        )
    return [
        compare(f"{name} / `import numba`", "s", series, theirs, goal)
        for (name, _, goal), series in zip(chosen, ours, strict=True)
    ]

"""The very first run: nothing is compiled yet."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from time import perf_counter

from benchmarks.project import SCENARIO, run_process
from benchmarks.row import Row, compare, within
from spv_sim.bench.processes import spv_sim
from spv_sim.bench.timing import read_clock


def processor_time() -> float:
    """Seconds that the ended child processes have kept a processor busy."""
    spent = os.times()
    return spent.children_user + spent.children_system


def measure(quick: bool) -> list[Row]:
    """Wall seconds (`perf_counter`) of a whole run in an empty cache folder, against the next run in it."""
    cold: list[float] = []
    warm: list[float] = []
    busy: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        fresh = (str(Path(scratch) / f"run-{number}") for number in count())
        for repetition in range(1 if quick else 3):
            environment = {"SPV_SIM_CACHE_DIR": str(Path(scratch) / f"cache-{repetition}")}
            marks = [processor_time()]
            for series in (cold, warm):
                command = spv_sim("run", SCENARIO, "--paths", "1000", "-q", "-o", next(fresh))
                series.append(read_clock(partial(run_process, command, environment), perf_counter))
                marks.append(processor_time())
            first, second = (after - before for before, after in pairwise(marks))
            busy.append(first - second)
    note = f"compiling keeps a processor busy for {min(busy):.1f} … {max(busy):.1f} s"
    return [compare("first `run` ever / the next", "s", cold, warm, within(10.0), note)]

"""How long a command takes that computes nothing, against the bare interpreter."""

from __future__ import annotations

import sys

from benchmarks.project import SCENARIO, run_process
from benchmarks.row import Row, at_most, compare, within
from spv_sim.bench.processes import python, spv_sim
from spv_sim.bench.timing import interleave_processes

HEAVY = ("numpy", "scipy", "numba", "llvmlite", "matplotlib", "pydantic", "jinja2", "rich")
MILLI = 1e3
LISTING = """
import contextlib, io, sys
from spv_sim.cli.main import main
with contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[1:])
print(" ".join(sys.modules))
"""


def heavy_modules(*arguments: str) -> list[str]:
    """Which of the heavy packages a command has imported when it ends."""
    loaded = set(run_process([sys.executable, "-c", LISTING, *arguments]).split())
    return [name for name in HEAVY if name in loaded]


def measure(quick: bool) -> list[Row]:
    """Whole processes, interleaved, wall time (`perf_counter`)."""
    commands = (("--help",), ("validate", SCENARIO))
    goals = (at_most(2.0), within(350.0))
    help_run, validation, bare = interleave_processes(
        *(lambda command=command: run_process(spv_sim(*command)) for command in commands),
        lambda: run_process(python("pass")),
        repetitions=3 if quick else 21,
    )
    theirs = [MILLI * seconds for seconds in bare]
    rows = []
    for command, series, goal in zip(commands, (help_run, validation), goals, strict=True):
        heavy = ", ".join(heavy_modules(*command)) or "none"
        name = f"`spv-sim {command[0]}` / `python -c pass`"
        rows.append(compare(name, "ms", [MILLI * s for s in series], theirs, goal, f"heavy imports: {heavy}"))
    return rows

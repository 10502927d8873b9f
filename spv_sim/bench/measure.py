"""Measures in fresh processes, one after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from spv_sim.bench.measurement import ENGINE, HELP, MEMORY, TARGET, Figure, Measurement
from spv_sim.bench.pairs import Pairs, number, pair_up
from spv_sim.bench.processes import python, run_process, run_tied_process, spv_sim
from spv_sim.bench.timing import interleave_processes
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.bench.workload import Workload

PATHS = 65_536
PROCESSES = 3
PAIRS = 15
TARGET_HALF_WIDTH = 0.001
"""10 basis points."""

NANO, MEGA, MILLI = 1e9, 1e6, 1e3


def measure(
    file: str | None, workload: Workload, pairs: int = PAIRS, say: Callable[[str], None] = lambda text: None
) -> Measurement:
    """Measure a scenario in `PROCESSES` fresh processes, after one that warms the caches.

    Parameters
    ----------
    say : hears of what is done and of what the processes remark.

    Raises
    ------
    UserError : the scenario cannot be closed or run.
    RuntimeError : the same run gave two answers.
    """
    say("warming up (where the engine is not compiled yet: about a minute)")
    probe(file, workload.paths, 1, say)
    found: list[dict[str, Any]] = []
    helps: list[Pairs] = []
    for index in range(PROCESSES):
        say(f"process {index + 1} of {PROCESSES}")
        found.append(probe(file, workload.paths, pairs, say))
        helps.append(measure_help(pairs))
    return combine(workload, found, helps)


def probe(file: str | None, paths: int, pairs: int, say: Callable[[str], None]) -> dict[str, Any]:
    """What one fresh process finds, see `probe.probe`.

    Raises
    ------
    UserError : as the process had it.
    """
    command = [sys.executable, "-P", "-m", "spv_sim.bench.probe", file or "", str(paths), str(pairs)]
    done = run_tied_process(command)
    for line in done.stderr.splitlines():
        say(line.removeprefix("spv-sim: note: "))
    found: dict[str, Any] = json.loads(done.stdout)
    if "problems" in found:
        raise UserError(*(Problem(**each) for each in found["problems"]), exit_code=found["exit_code"])
    return found


def measure_help(pairs: int) -> Pairs:
    """Wall time of `spv-sim --help` against that of a bare interpreter [s]."""
    ours, theirs = interleave_processes(
        lambda: run_process(spv_sim("--help")), lambda: run_process(python("pass")), repetitions=pairs
    )
    return pair_up(ours, theirs)


def combine(workload: Workload, found: Sequence[dict[str, Any]], helps: Sequence[Pairs]) -> Measurement:
    """The figures of all processes.

    Raises
    ------
    RuntimeError : they do not answer alike.
    """
    answers = found[0]["answers"]
    for other in found[1:]:
        if other["answers"] != answers:
            names = [name for name in answers if other["answers"].get(name) != answers[name]]
            raise RuntimeError(f"the same run gave two answers: {', '.join(names)}")
    engine = [pair_up(each["engine"], each["yardstick"]) for each in found]
    per_month = min(pair.ours for pair in engine) * NANO / (workload.paths * found[0]["months"])
    peaks = [each["peak"] / MEGA for each in found]
    figures = {
        ENGINE: _ratio("engine / yardstick", engine, f"{number(per_month)} ns/path-month at best"),
        HELP: _ratio(
            "`spv-sim --help` / `python -c pass`",
            helps,
            f"{number(MILLI * min(pair.ours for pair in helps))} ms at best",
        ),
        MEMORY: Figure("peak memory", "MB", peaks, min(peaks), max(peaks)),
    }
    if half_width := found[0]["half_width"]:
        # The error falls with the root of the number of paths.
        factor = (half_width / TARGET_HALF_WIDTH) ** 2
        seconds = min(pair.ours for pair in engine) * factor
        figures[TARGET] = Figure(
            "time to ±10 bps on the equity IRR",
            "yardsticks",
            [pair.ratio * factor for pair in engine],
            min(pair.low for pair in engine) * factor,
            max(pair.high for pair in engine) * factor,
            f"{workload.paths * factor:,.0f} paths, {number(seconds)} s at best",
        )
    return Measurement(workload, figures, answers, found[0]["machine"])


def _ratio(title: str, pairs: Sequence[Pairs], note: str) -> Figure:
    return Figure(
        title,
        "ratio",
        [pair.ratio for pair in pairs],
        min(pair.low for pair in pairs),
        max(pair.high for pair in pairs),
        note,
    )

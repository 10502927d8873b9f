"""`python -m spv_sim.bench.probe`: one fresh process that runs, measures, and tells what it found as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from spv_sim.bench.processes import INTERRUPTED, end_with_parent
from spv_sim.bench.workload import load
from spv_sim.errors import UserError

if TYPE_CHECKING:
    from spv_sim.engine.terms import Programme, Terms
    from spv_sim.results.estimate import Estimate
    from spv_sim.scenario.read import Loaded

IRRS = ("equity.irr", "programme.equity.irr")


def probe(file: str | None, paths: int, pairs: int) -> dict[str, Any]:
    """Seconds of both series, peak memory [bytes], digests, half of the IRR's interval, and the machine.

    The answers and the peak come first, so that the peak is that of a run and of nothing else.

    Raises
    ------
    UserError : the scenario cannot be read, closed, or run.
    """
    from spv_sim.bench.answers import digests
    from spv_sim.bench.machine import describe
    from spv_sim.bench.memory import peak_memory

    loaded = load(file, paths)
    terms, estimates = run(loaded, file)
    peak = peak_memory()
    ours, theirs = measure(terms, loaded.scenario.monte_carlo.seed, paths, pairs)
    return {
        "months": max(deal.last_month for deal in deals(terms)),
        "engine": ours,
        "yardstick": theirs,
        "peak": peak,
        "answers": digests(estimates),
        "half_width": half_width(estimates),
        "machine": describe(),
    }


def deals(terms: Terms | Programme) -> Sequence[Any]:
    """The deals that a path runs."""
    from spv_sim.engine.terms import deals_of

    return deals_of(terms)


def run(loaded: Loaded, file: str | None) -> tuple[Terms | Programme, Mapping[str, Estimate]]:
    """The terms, and the estimates of a run on one thread, those of a programme's vehicles under its name."""
    from spv_sim.analysis.base_case import run_base_case
    from spv_sim.analysis.programme import run_programme
    from spv_sim.analysis.simulation import run_simulation
    from spv_sim.run.deal import close_loaded
    from spv_sim.run.preparation import Options, explained
    from spv_sim.run.programme import close_loaded_programme

    wanted = loaded.scenario.monte_carlo
    size = (wanted.paths, wanted.seed, wanted.keep, 1)
    with explained(Options(file=file or "scenario.toml"), wanted.seed):
        if not loaded.vehicles:
            closed = close_loaded(loaded)
            done = run_simulation(closed, *size, base=run_base_case(closed).values)
            return closed.terms, done.estimates
        together = close_loaded_programme(loaded)
        bases = {name: run_base_case(each).values for name, each in together.vehicles.items()}
        found = run_programme(together, *size, bases=bases)
    own = {
        f"{name}.{metric}": estimate
        for name, vehicle in found.vehicles.items()
        for metric, estimate in vehicle.estimates.items()
    }
    return together.terms, found.estimates | own


def measure(terms: Terms | Programme, seed: int, paths: int, pairs: int) -> list[list[float]]:
    """Seconds of the engine and of the yardstick, in turn, on this one thread."""
    import numpy as np

    from spv_sim.bench.timing import interleave
    from spv_sim.bench.yardstick import STEPS_PER_PATH, step_on
    from spv_sim.engine.cpu import run_chunk
    from spv_sim.kernel.jit import guarded

    steps = paths * STEPS_PER_PATH
    return interleave(
        lambda: run_chunk(terms, seed, 0, paths),
        lambda: guarded(lambda: step_on(np.uint64(1), steps)),
        repetitions=pairs,
    )


def half_width(estimates: Mapping[str, Estimate]) -> float | None:
    """Half of the 95 % interval of the mean equity IRR [1/year]; None where there is none, or of no width."""
    from spv_sim.results.estimate import as_record

    irr = next((estimates[name] for name in IRRS if name in estimates), None)
    if irr is None:
        return None
    low, high = as_record(irr)["ci95"]
    return (high - low) / 2 or None if low is not None and high is not None else None


def main(arguments: Sequence[str]) -> int:
    """Take file, paths and pairs; print a JSON object: what was found, or `problems` and `exit_code`."""
    file, paths, pairs = arguments
    try:
        found = probe(file or None, int(paths), int(pairs))
    except UserError as fault:
        found = {
            "problems": [asdict(problem) for problem in fault.problems],
            "exit_code": fault.exit_code,
        }
    except KeyboardInterrupt:
        return INTERRUPTED
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main(sys.argv[1:]))

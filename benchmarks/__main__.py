"""`python -m benchmarks [NAME …] [--quick]`: measures all or the named, prints and keeps the table."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import PACKAGES, have_sources_changed
from benchmarks.row import Row
from benchmarks.table import write
from spv_sim.bench.machine import describe

NAMES = ("engine", "waterfall", "threads", "normals", "irr", "startup", "commands", "compilation")
TOO_SLOW_FOR_QUICK = ("compilation",)
RESULTS = Path(__file__).parent / "results"


def measure(names: Sequence[str], quick: bool) -> list[Row]:
    """Rows of the named benchmarks, one after the other, told on stderr as they come."""
    rows: list[Row] = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{name}").measure(quick)
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, keep; an answer that is not the expected one ends it with an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, side by side.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(NAMES)}; all if none")
    parser.add_argument("--quick", action="store_true", help="few and small repetitions: a smoke test")
    parser.add_argument(
        "-o", "--output", type=Path, default=RESULTS, metavar="DIR", help="folder of the results"
    )
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    usual = [name for name in NAMES if not (given.quick and name in TOO_SLOW_FOR_QUICK)]
    machine = describe(PACKAGES)
    rows = measure(given.names or usual, given.quick)
    machine["sources_changed"] = have_sources_changed()
    print(write(rows, machine, given.quick, given.output))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The five verbs in a row: read, close, simulate, estimate, write."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from spv_sim.run.material import material
from spv_sim.run.preparation import Options, explained, ignore, make_way, placed
from spv_sim.run.until import goals, metrics_of_deal, warn_of, with_paths
from spv_sim.scenario.read import Loaded, resolved

if TYPE_CHECKING:
    from spv_sim.analysis.base_case import BaseCase
    from spv_sim.analysis.published import PublishedCheck
    from spv_sim.analysis.simulation import Simulation
    from spv_sim.analysis.until import Standing, Until
    from spv_sim.closing.close import Closed
    from spv_sim.report.material import Material
    from spv_sim.results.collect import Collected

SCHEMA = "spv-sim/run@1"


@dataclass(frozen=True)
class Finished:
    """A finished run: its document, the arrays behind its pictures, its folder and its duration [s]."""

    document: dict[str, Any]
    material: Material
    folder: Path
    seconds: float


def close_loaded(loaded: Loaded) -> Closed:
    """Close a scenario that was read; a fault of the closing is shown at its place in the file."""
    from spv_sim.closing.close import close

    with placed(loaded):
        return close(loaded.scenario)


def run(
    loaded: Loaded,
    options: Options,
    report: Callable[[int], None] = ignore,
    warn: Callable[[str], None] = ignore,
    note: Callable[[str], None] = ignore,
    watch: Callable[[Standing], None] = ignore,
) -> Finished:
    """Run a scenario that was read and publish its folder.

    Parameters
    ----------
    report : hears of the number of paths done.
    warn : hears of what is allowed but deserves a look.
    note : hears of what takes long before the first path.
    watch : hears of the errors reached, where `options.until` asks for some.

    Raises
    ------
    UserError : where the scenario cannot be closed, the folder cannot be written, an error asked for cannot
        be reached, or an identity of the cash does not hold on a path; nothing is left behind.
    """
    started, clock = datetime.now(UTC), perf_counter()
    closed = close_loaded(loaded)
    for warning in (*loaded.warnings, *closed.warnings):
        warn(warning)

    from spv_sim.analysis.base_case import failing_tests
    from spv_sim.analysis.filed import filed_record
    from spv_sim.store.scenario_record import scenario_record

    settings = resolved(loaded)
    folder, kernel = make_way(loaded.scenario.deal.name, settings, options, note)
    base, published, done, until = compute(loaded, closed, options, report, watch)
    if until is not None:
        loaded = with_paths(loaded, done.collected.paths)
        warn_of(until, warn)
        settings = resolved(loaded)
    for warning in failing_tests(closed, base):
        warn(warning)
    document = {
        "schema": SCHEMA,
        "scenario": scenario_record(loaded, settings),
        "manifest": manifest(loaded, options, kernel, done.collected, until),
        **results(closed, base, done),
        "bands": bands(closed, done, warn),
        "checks": [vars(check) for check in done.checks] + [check.record() for check in published],
        "filed": filed_record(loaded, closed.liability),
    }
    shown = material(closed, base, done, loaded, with_report=options.with_report)
    publish(document, shown, done, folder, options, started, clock)
    return Finished(document, shown, folder, perf_counter() - clock)


def compute(
    loaded: Loaded,
    closed: Closed,
    options: Options,
    report: Callable[[int], None],
    watch: Callable[[Standing], None],
) -> tuple[BaseCase, list[PublishedCheck], Simulation, Until | None]:
    """The base case, the published terms beside it, the simulation, and what ended it.

    Raises
    ------
    UserError : exit code 70, where an identity of the cash does not hold; it tells how to see the path.
        Exit code 2, where an error is asked for that no number of paths reaches.
    """
    from spv_sim.analysis.base_case import run_base_case
    from spv_sim.analysis.published import check_published
    from spv_sim.analysis.simulation import run_simulation

    wanted = loaded.scenario.monte_carlo
    with explained(options, wanted.seed):
        base = run_base_case(closed)
        published = check_published(loaded, base)
        if not gc.isenabled():  # as the program itself: what was imported need not be searched again
            gc.freeze()
            gc.enable()
        until = goals(loaded, metrics_of_deal(closed, base), options, watch)
        done = run_simulation(
            closed,
            until.most if until else wanted.paths,
            wanted.seed,
            wanted.keep,
            options.workers,
            report,
            base=base.values,
            until=until,
        )
    return base, published, done, until


def results(closed: Closed, base: BaseCase, done: Simulation) -> dict[str, Any]:
    """The parts that say what was found."""
    from spv_sim.closing.sheet import closing_sheet
    from spv_sim.results.estimate import as_record

    return {
        "closing": closing_sheet(closed),
        "base_case": base.record(),
        "metrics": {name: as_record(estimate) for name, estimate in done.estimates.items()},
    }


def bands(closed: Closed, done: Simulation, warn: Callable[[str], None]) -> dict[str, Any]:
    """The band of each tranche by its expected loss; where it is not what it seems, that is said."""
    from spv_sim.results.rating_band import rating_bands

    credit = closed.scenario.credit
    is_stress = credit.default_month is not None
    found = rating_bands(done.estimates, done.facts.tranches, credit.used_measure, is_stress)
    for warning in dict.fromkeys(band["warning"] for band in found.values() if band["warning"]):
        warn(warning)
    return found


def manifest(
    loaded: Loaded, options: Options, kernel: str, collected: Collected, until: Until | None = None
) -> dict[str, Any]:
    """What made the result, of the command line what decides the numbers, and what ended the run."""
    from spv_sim.store.columns import column_digest
    from spv_sim.store.manifest import provenance

    made = provenance(
        kernel_digest=kernel,
        seed=loaded.scenario.monte_carlo.seed,
        paths=loaded.scenario.monte_carlo.paths,
        command=["run", options.file, *options.decisive],
        columns={name: column_digest(values) for name, values in collected.columns.items()},
    )
    return made if until is None else made | {"until": until.record()}


def publish(
    document: dict[str, Any],
    shown: Material,
    done: Simulation,
    folder: Path,
    options: Options,
    started: datetime,
    clock: float,
) -> None:
    """Write everything into a folder that appears whole or not at all."""
    from spv_sim.store.columns import write_columns
    from spv_sim.store.document import document as as_bytes
    from spv_sim.store.files import write_file
    from spv_sim.store.manifest import relative_command, seal
    from spv_sim.store.run_folder import staged

    with staged(folder, automatic=options.folder is None) as stage:
        write_file(stage / "run.json", as_bytes(document))
        write_columns(stage / "columns.npz", done.collected.columns)
        if options.with_report:
            from spv_sim.report.write import write

            write(document, shown, stage)
        made = {**document["manifest"], "command": relative_command(options.typed)}
        seal(stage, made, started=started, seconds=perf_counter() - clock)

"""Runs a programme of several vehicles: one simulation, a run folder of each vehicle, one of all together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from spv_sim.run.deal import (
    SCHEMA,
    Options,
    bands,
    explain_breach,
    ignore,
    manifest,
    results,
    target_folder,
)
from spv_sim.run.material import material
from spv_sim.scenario.read import Loaded, resolved

if TYPE_CHECKING:
    from spv_sim.analysis.base_case import BaseCase
    from spv_sim.analysis.programme import ProgrammeSimulation
    from spv_sim.closing.programme import ClosedProgramme

PROGRAMME = "spv-sim/programme@1"


@dataclass(frozen=True)
class FinishedProgramme:
    """A finished programme: its document, its folder and its duration [s]."""

    document: dict[str, Any]
    folder: Path
    seconds: float


def close_loaded_programme(loaded: Loaded) -> ClosedProgramme:
    """Close a programme that was read; a fault is shown at its place in the file."""
    from spv_sim.closing.programme import close_programme
    from spv_sim.errors import UserError

    try:
        return close_programme(
            loaded.scenario, {name: each.scenario for name, each in loaded.vehicles.items()}
        )
    except UserError as fault:
        placed = [
            problem
            if problem.key is None or problem.file
            else loaded.problem(problem.code, problem.key, problem.message, help=problem.help)
            for problem in fault.problems
        ]
        raise UserError(*placed, exit_code=fault.exit_code) from fault


def run_programme(
    loaded: Loaded,
    options: Options,
    report: Callable[[int], None] = ignore,
    warn: Callable[[str], None] = ignore,
    note: Callable[[str], None] = ignore,
) -> FinishedProgramme:
    """Run a programme that was read and publish its folder, with one folder of each vehicle inside.

    Raises
    ------
    UserError : as for `run`.
    """
    started, clock = datetime.now(UTC), perf_counter()
    programme = close_loaded_programme(loaded)
    warnings = [*loaded.warnings]
    for name, closed in programme.vehicles.items():
        warnings += [f"spv.{name}: {text}" for text in (*loaded.vehicles[name].warnings, *closed.warnings)]
    for warning in dict.fromkeys(warnings):
        warn(warning)

    from spv_sim.kernel.cache import kernel_digest
    from spv_sim.kernel.jit import is_compiled
    from spv_sim.store.run_folder import check_target, check_writable

    kernel = kernel_digest()
    folder = target_folder(loaded.scenario.deal.name, resolved(loaded), options, kernel)
    check_target(folder, automatic=options.folder is None)
    check_writable(folder)
    if not is_compiled():
        note("compiling the engine for this machine, once: about a minute")
    bases, done = compute(loaded, programme, options, report)
    document = whole_document(loaded, programme, options, kernel, done)
    publish(document, loaded, programme, bases, done, folder, options, kernel, started, clock)
    return FinishedProgramme(document, folder, perf_counter() - clock)


def compute(
    loaded: Loaded, programme: ClosedProgramme, options: Options, report: Callable[[int], None]
) -> tuple[dict[str, BaseCase], ProgrammeSimulation]:
    """The base case of each vehicle, and the simulation of all."""
    from spv_sim.analysis.base_case import run_base_case
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.analysis.programme import run_programme as simulate_all

    wanted = loaded.scenario.monte_carlo
    try:
        bases = {name: run_base_case(closed) for name, closed in programme.vehicles.items()}
        values = {name: base.values for name, base in bases.items()}
        done = simulate_all(
            programme, wanted.paths, wanted.seed, wanted.keep, options.workers, report, values
        )
    except IdentityError as breach:
        sets = [word for assignment in options.sets for word in ("--set", assignment)]
        raise explain_breach(breach, options.file, ["--seed", str(wanted.seed), *sets]) from breach
    return bases, done


def folder_of(programme: ClosedProgramme, name: str) -> str:
    """Name of a vehicle's own folder."""
    from spv_sim.store.slug import slug

    return f"{1 + list(programme.vehicles).index(name)}-{slug(name)}"


def whole_document(
    loaded: Loaded, programme: ClosedProgramme, options: Options, kernel: str, done: ProgrammeSimulation
) -> dict[str, Any]:
    """The programme's document: what all vehicles are together, and where each one's own results lie."""
    from spv_sim.results.estimate import as_record
    from spv_sim.store.scenario_record import scenario_record

    return {
        "schema": PROGRAMME,
        "scenario": scenario_record(loaded, resolved(loaded)),
        "manifest": manifest(loaded, options, kernel, done.collected),
        "metrics": {name: as_record(estimate) for name, estimate in done.estimates.items()},
        "vehicles": {
            name: {
                "folder": folder_of(programme, name),
                "cross_default": loaded.scenario.spv[name].cross_default,
                "cross_collateral": loaded.scenario.spv[name].cross_collateral,
                "total_uses": closed.terms.deal.total_uses,
                "tranches": list(closed.tranches),
                "metrics": {key: as_record(each) for key, each in done.vehicles[name].estimates.items()},
            }
            for name, closed in programme.vehicles.items()
        },
    }


def vehicle_document(
    loaded: Loaded,
    programme: ClosedProgramme,
    name: str,
    base: BaseCase,
    done: ProgrammeSimulation,
    options: Options,
    kernel: str,
) -> dict[str, Any]:
    """The document of one vehicle, as of a deal that is run by itself."""
    from spv_sim.store.scenario_record import scenario_record

    own, closed, simulation = loaded.vehicles[name], programme.vehicles[name], done.vehicles[name]
    return {
        "schema": SCHEMA,
        "scenario": scenario_record(own, resolved(own)),
        "manifest": manifest(own, options, kernel, simulation.collected),
        **results(closed, base, simulation),
        "bands": bands(closed, simulation, ignore),
        "checks": [vars(check) for check in simulation.checks],
        "filed": None,
    }


def publish(
    document: dict[str, Any],
    loaded: Loaded,
    programme: ClosedProgramme,
    bases: dict[str, BaseCase],
    done: ProgrammeSimulation,
    folder: Path,
    options: Options,
    kernel: str,
    started: datetime,
    clock: float,
) -> None:
    """Write everything into a folder that appears whole or not at all."""
    from spv_sim.analysis.programme import programme_fans
    from spv_sim.store.columns import write_columns
    from spv_sim.store.document import document as as_bytes
    from spv_sim.store.files import write_file
    from spv_sim.store.manifest import relative_command, seal
    from spv_sim.store.run_folder import staged

    wanted = loaded.scenario.monte_carlo
    fans = programme_fans(programme, wanted.paths, wanted.seed) if options.with_report else {}
    with staged(folder, automatic=options.folder is None) as stage:
        write_file(stage / "run.json", as_bytes(document))
        write_columns(stage / "columns.npz", done.collected.columns)
        for name, closed in programme.vehicles.items():
            own = vehicle_document(loaded, programme, name, bases[name], done, options, kernel)
            place = stage / folder_of(programme, name)
            place.mkdir()
            write_file(place / "run.json", as_bytes(own))
            write_columns(place / "columns.npz", done.vehicles[name].collected.columns)
            if options.with_report:
                from spv_sim.report.write import write

                shown = material(
                    closed,
                    bases[name],
                    done.vehicles[name],
                    loaded.vehicles[name],
                    with_report=True,
                    fan=partial(fans.__getitem__, name),
                )
                write(own, shown, place)
        made = {**document["manifest"], "command": relative_command(options.typed)}
        seal(stage, made, started=started, seconds=perf_counter() - clock)

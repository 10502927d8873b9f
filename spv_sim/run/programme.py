"""Runs a programme of several vehicles: one simulation, a run folder of each vehicle, one of all together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from spv_sim.run.deal import SCHEMA, bands, manifest, results
from spv_sim.run.material import material
from spv_sim.run.preparation import Options, explained, ignore, make_way, placed
from spv_sim.run.until import goals, metrics_of_programme, warn_of, with_paths
from spv_sim.scenario.read import Loaded, resolved

if TYPE_CHECKING:
    from spv_sim.analysis.base_case import BaseCase
    from spv_sim.analysis.programme import ProgrammeSimulation
    from spv_sim.analysis.until import Standing, Until
    from spv_sim.closing.programme import ClosedProgramme
    from spv_sim.report.programme_material import ProgrammeMaterial

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

    with placed(loaded):
        return close_programme(
            loaded.scenario, {name: each.scenario for name, each in loaded.vehicles.items()}
        )


def run_programme(
    loaded: Loaded,
    options: Options,
    report: Callable[[int], None] = ignore,
    warn: Callable[[str], None] = ignore,
    note: Callable[[str], None] = ignore,
    watch: Callable[[Standing], None] = ignore,
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
    if loaded.scenario.deal.published:
        warnings.append("deal.published is of one deal, and is not checked for the vehicles of a programme")
    for warning in dict.fromkeys(warnings):
        warn(warning)

    folder, kernel = make_way(loaded.scenario.deal.name, resolved(loaded), options, note)
    bases, done, until = compute(loaded, programme, options, report, watch)
    if until is not None:
        loaded = with_paths(loaded, done.collected.paths)
        warn_of(until, warn)
    document = whole_document(loaded, programme, options, kernel, done, until)
    own = {
        name: vehicle_document(loaded, programme, name, base, done, options, kernel, until, warn)
        for name, base in bases.items()
    }
    publish(document, own, loaded, programme, bases, done, folder, options, started, clock)
    return FinishedProgramme(document, folder, perf_counter() - clock)


def compute(
    loaded: Loaded,
    programme: ClosedProgramme,
    options: Options,
    report: Callable[[int], None],
    watch: Callable[[Standing], None],
) -> tuple[dict[str, BaseCase], ProgrammeSimulation, Until | None]:
    """The base case of each vehicle, the simulation of all, and what ended it."""
    from spv_sim.analysis.base_case import run_base_case
    from spv_sim.analysis.breach import of_vehicle
    from spv_sim.analysis.programme import run_programme as simulate_all

    wanted, bases = loaded.scenario.monte_carlo, {}
    with explained(options, wanted.seed):
        for name, closed in programme.vehicles.items():
            with of_vehicle(name):
                bases[name] = run_base_case(closed)
        values = {name: base.values for name, base in bases.items()}
        until = goals(loaded, metrics_of_programme(programme, bases), options, watch)
        paths = until.most if until else wanted.paths
        done = simulate_all(
            programme, paths, wanted.seed, wanted.keep, options.workers, report, values, until
        )
    return bases, done, until


def folder_of(programme: ClosedProgramme, name: str) -> str:
    """Name of a vehicle's own folder."""
    from spv_sim.store.slug import slug

    return f"{1 + list(programme.vehicles).index(name)}-{slug(name)}"


def whole_document(
    loaded: Loaded,
    programme: ClosedProgramme,
    options: Options,
    kernel: str,
    done: ProgrammeSimulation,
    until: Until | None,
) -> dict[str, Any]:
    """The programme's document: what all vehicles are together, and where each one's own results lie."""
    from spv_sim.results.estimate import as_record
    from spv_sim.store.scenario_record import scenario_record

    return {
        "schema": PROGRAMME,
        "scenario": scenario_record(loaded, resolved(loaded)),
        "manifest": manifest(loaded, options, kernel, done.collected, until),
        "metrics": {name: as_record(estimate) for name, estimate in done.estimates.items()},
        "shares": {
            side: {
                name: {measure: as_record(estimate) for measure, estimate in of.items()}
                for name, of in vehicles.items()
            }
            for side, vehicles in done.shares.items()
        },
        "vehicles": {
            name: {
                "name": loaded.vehicles[name].scenario.deal.name,
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
    until: Until | None,
    warn: Callable[[str], None],
) -> dict[str, Any]:
    """The document of one vehicle, as of a deal that is run by itself."""
    from spv_sim.analysis.base_case import failing_tests
    from spv_sim.analysis.filed import filed_record
    from spv_sim.store.scenario_record import scenario_record

    own, closed, simulation = loaded.vehicles[name], programme.vehicles[name], done.vehicles[name]

    def say(text: str) -> None:
        warn(f"spv.{name}: {text}")

    for warning in failing_tests(closed, base):
        say(warning)
    return {
        "schema": SCHEMA,
        "scenario": scenario_record(own, resolved(own)),
        "manifest": manifest(own, options, kernel, simulation.collected, until),
        **results(closed, base, simulation),
        "bands": bands(closed, simulation, say),
        "checks": [vars(check) for check in simulation.checks],
        "filed": filed_record(own, closed.liability),
    }


def programme_material(done: ProgrammeSimulation) -> ProgrammeMaterial:
    """The arrays behind the figures of all vehicles together."""
    from spv_sim.report.programme_material import ProgrammeMaterial

    names = ("equity.irr", "equity.irr_flag")
    return ProgrammeMaterial(
        done.collected.columns,
        {
            vehicle: {name: each.collected.columns[name] for name in names}
            for vehicle, each in done.vehicles.items()
        },
    )


def publish(
    document: dict[str, Any],
    own: dict[str, dict[str, Any]],
    loaded: Loaded,
    programme: ClosedProgramme,
    bases: dict[str, BaseCase],
    done: ProgrammeSimulation,
    folder: Path,
    options: Options,
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
            place = stage / folder_of(programme, name)
            place.mkdir()
            write_file(place / "run.json", as_bytes(own[name]))
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
                write(own[name], shown, place)
        if options.with_report:
            from spv_sim.report.write import write_programme

            write_programme(document, programme_material(done), stage)
        made = {**document["manifest"], "command": relative_command(options.typed)}
        seal(stage, made, started=started, seconds=perf_counter() - clock)

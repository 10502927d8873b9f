"""Runs a sweep: closes the points of a grid, simulates those of one market together, publishes one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from math import prod
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from spv_sim.run.deal import close_loaded
from spv_sim.run.preparation import Options, explain_breach, ignore, make_way
from spv_sim.scenario.origins import Origin, Setting
from spv_sim.scenario.read import Loaded, resolved

if TYPE_CHECKING:
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.analysis.sweep.axes import Axis
    from spv_sim.analysis.sweep.metrics import Contour
    from spv_sim.analysis.sweep.points import Point
    from spv_sim.errors import UserError
    from spv_sim.results.estimate import Estimate
    from spv_sim.results.metric import Metric

SCHEMA = "spv-sim/sweep@1"
TABLE = "points.csv"


@dataclass(frozen=True)
class Question:
    """What is varied and told, as words of the command line: `key=values`, metrics, `metric=level`."""

    varied: Sequence[str] = ()
    metrics: Sequence[str] = ()
    contours: Sequence[str] = ()


@dataclass(frozen=True)
class FinishedSweep:
    """A finished sweep: its document, its folder, its duration [s], and the points that failed."""

    document: dict[str, Any]
    folder: Path
    seconds: float
    failed: int


def points_of(loaded: Loaded, question: Question) -> int:
    """How many points there are.

    Raises
    ------
    UserError : for values that do not fit.
    """
    from spv_sim.analysis.sweep.axes import axes_of

    return prod(len(axis.steps) for axis in axes_of(loaded, question.varied))


def run_sweep(
    loaded: Loaded,
    question: Question,
    options: Options,
    report: Callable[[int], None] = ignore,
    warn: Callable[[str], None] = ignore,
    note: Callable[[str], None] = ignore,
) -> FinishedSweep:
    """Run every point of the grid and publish the folder.

    Parameters
    ----------
    report : hears of the number of paths done, of all points together.

    Raises
    ------
    UserError : a question that does not fit the deal, a scenario that cannot be closed as it stands, a folder
        that cannot be written; exit code 70 where an identity of the cash does not hold.
    """
    from spv_sim.analysis.sweep.axes import axes_of
    from spv_sim.analysis.sweep.metrics import contours_of, reported
    from spv_sim.store.manifest import provenance
    from spv_sim.store.scenario_record import scenario_record

    started, clock = datetime.now(UTC), perf_counter()
    closed = close_loaded(loaded)
    for warning in (*loaded.warnings, *closed.warnings):
        warn(warning)
    axes = axes_of(loaded, question.varied)
    contours = contours_of(closed, question.contours)
    metrics = reported(closed, question.metrics, contours)
    settings = resolved(loaded)
    folder, kernel = make_way(
        f"{loaded.scenario.deal.name} sweep",
        [*settings, *as_settings(axes, metrics, contours)],
        options,
        note,
    )
    points, markets = simulate_points(loaded, axes, metrics, options, report)
    wanted = loaded.scenario.monte_carlo
    document = {
        "schema": SCHEMA,
        "scenario": scenario_record(loaded, settings),
        "manifest": provenance(
            kernel_digest=kernel,
            seed=wanted.seed,
            paths=wanted.paths,
            command=["sweep", options.file, *options.decisive],
        ),
        "axes": [axis_record(axis) for axis in axes],
        "metrics": [{"name": own.name, "unit": own.unit, "definition": own.definition} for own in metrics],
        "contours": [vars(own) for own in contours],
        "markets": markets,
        "points": points,
    }
    document["break_even"] = break_evens(document)
    publish(document, folder, options, started, clock)
    failed = sum(bool(point["faults"]) for point in points)
    return FinishedSweep(document, folder, perf_counter() - clock, failed)


def as_settings(
    axes: Sequence[Axis], metrics: Sequence[Metric], contours: Sequence[Contour]
) -> list[Setting]:
    """What is asked, in the form of settings, so that another question gets another folder."""
    told = [(f"sweep {axis.key}", "|".join(step.written for step in axis.steps)) for axis in axes]
    told.append(("metrics", "|".join(own.name for own in metrics)))
    told += [(f"contour {own.metric}", repr(own.level)) for own in contours]
    return [Setting(key, value, "", "", Origin("default", None, None, "")) for key, value in told]


def axis_record(axis: Axis) -> dict[str, Any]:
    """A varied setting as plain data, its values in stored units."""
    steps = [{"written": step.written, "value": step.number} for step in axis.steps]
    return {"key": axis.key, "title": axis.title, "unit": axis.unit, "steps": steps}


def simulate_points(
    loaded: Loaded,
    axes: Sequence[Axis],
    metrics: Sequence[Metric],
    options: Options,
    report: Callable[[int], None],
) -> tuple[list[dict[str, Any]], int]:
    """The record of every point, the last axis the fastest, and how many markets were simulated."""
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.analysis.sweep.points import groups, most_together
    from spv_sim.analysis.sweep.together import estimates_of, run_together

    wanted, names = loaded.scenario.monte_carlo, [own.name for own in metrics]
    most = most_together(len(close_loaded(loaded).columns), wanted.paths, wanted.keep)
    records: dict[tuple[int, ...], dict[str, Any]] = {}
    markets = 0
    for group in groups(loaded, axes, most):
        deals = [point.closed for point in group if point.closed is not None]
        tell = after(report, wanted.paths * len(records), len(group))
        try:
            found = (
                run_together(deals, wanted.paths, wanted.seed, wanted.keep, options.workers, tell)
                if deals
                else []
            )
        except IdentityError as breach:
            raise explain(breach, group, axes, options, wanted.seed) from breach
        markets += bool(deals)
        # A journal that a sweep goes on from after an interruption takes each record here.
        for number, point in enumerate(group):
            estimates = estimates_of(found[number], names) if found else None
            records[point.at] = point_record(axes, point, estimates)
        report(wanted.paths * len(records))
    return [records[at] for at in product(*(range(len(axis.steps)) for axis in axes))], markets


def after(report: Callable[[int], None], before: int, deals: int) -> Callable[[int], None]:
    """Tell of the paths of some deals, counted on from those done before."""
    return lambda done: report(before + deals * done)


def explain(
    breach: IdentityError, group: Sequence[Point], axes: Sequence[Axis], options: Options, seed: int
) -> UserError:
    """A broken identity of a point, with the command that shows its path."""
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.analysis.sweep.axes import overrides_of

    said = overrides_of(axes, group[int(breach.vehicle or 0)].at)
    words = [f"--set={assignment}" for assignment in options.sets]
    words += [f"--set={key}={value}" for key, value in said.items()]
    alone = IdentityError(breach.path, breach.violation)
    return explain_breach(alone, options.file, ["--seed", str(seed), *words])


def point_record(
    axes: Sequence[Axis], point: Point, estimates: Mapping[str, Estimate] | None
) -> dict[str, Any]:
    """A point as plain data: its values, and its metrics or its faults."""
    from spv_sim.results.estimate import as_record

    steps = [axis.steps[at] for axis, at in zip(axes, point.at, strict=True)]
    kept = ("value", "unit", "standard_error", "ci95", "count", "note")
    return {
        "at": list(point.at),
        "settings": {axis.key: step.written for axis, step in zip(axes, steps, strict=True)},
        "metrics": {
            name: {key: value for key, value in as_record(own).items() if key in kept}
            for name, own in (estimates or {}).items()
        },
        "faults": [
            {"code": own.code, "key": own.key, "message": own.message}
            for own in (point.fault.problems if point.fault else ())
        ],
    }


def break_evens(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where each contour's metric passes its level, along each setting with numbers."""
    from spv_sim.report.sweep_grid import Grid

    grid = Grid(document)
    return [found for contour in document["contours"] for found in grid.break_evens(contour)]


def as_table(document: Mapping[str, Any]) -> str:
    """The points as CSV: settings in stored units, each metric and its standard error, and faults."""
    from spv_sim.store.table import as_csv

    names = [own["name"] for own in document["metrics"]]
    header = [axis["key"] for axis in document["axes"]]
    header += [column for name in names for column in (name, f"{name}.standard_error")]
    rows = []
    for point in document["points"]:
        steps = [axis["steps"][at] for axis, at in zip(document["axes"], point["at"], strict=True)]
        row = [step["written"] if step["value"] is None else step["value"] for step in steps]
        for name in names:
            own = point["metrics"].get(name, {})
            row += [own.get("value"), own.get("standard_error")]
        rows.append([*row, "; ".join(fault["message"] for fault in point["faults"])])
    return as_csv([*header, "fault"], rows)


def publish(
    document: dict[str, Any], folder: Path, options: Options, started: datetime, clock: float
) -> None:
    """Write everything into a folder that appears whole or not at all."""
    from spv_sim.store.document import document as as_bytes
    from spv_sim.store.files import write_file
    from spv_sim.store.manifest import relative_command, seal
    from spv_sim.store.run_folder import staged

    with staged(folder, automatic=options.folder is None) as stage:
        write_file(stage / "run.json", as_bytes(document))
        write_file(stage / TABLE, as_table(document))
        if options.with_report:
            from spv_sim.report.write import write_sweep

            write_sweep(document, stage)
        made = {**document["manifest"], "command": relative_command(options.typed)}
        seal(stage, made, started=started, seconds=perf_counter() - clock)

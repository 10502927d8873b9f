"""`spv-sim run`: simulate a scenario and write a run folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spv_sim.cli.options import change_settings, is_free, other_paths, other_seed, threads

if TYPE_CHECKING:
    from spv_sim.analysis.until import Standing
    from spv_sim.run.deal import Finished
    from spv_sim.run.programme import FinishedProgramme


MISSED = 1
"""Exit status of a run that ended before the errors asked for were reached, where that was asked for."""


@click.command("run")
@click.argument("file", metavar="FILE")
@change_settings
@other_paths
@other_seed
@click.option(
    "--keep", type=int, metavar="N", help="Paths whose values are kept exactly, instead of the file's."
)
@threads
@click.option(
    "until",
    "--until",
    multiple=True,
    metavar="'METRIC ± ERROR'",
    help="Simulate until a metric's error is small enough, with at most --paths paths; may be repeated.",
)
@click.option(
    "--must-reach", is_flag=True, help="Exit status 1 if the paths end before every --until is reached."
)
@click.option("folder", "-o", "--output", callback=is_free, metavar="DIR", help="Run folder.")
@click.option("--no-report", is_flag=True, help="Leave out figures and page.")
@click.option("as_json", "--json", is_flag=True, help="Print run.json instead of the summary.")
@click.option("-q", "--quiet", is_flag=True, help="Print only where the run folder is.")
@click.pass_context
def command(
    ctx: click.Context,
    file: str,
    sets: tuple[str, ...],
    paths: int | None,
    seed: int | None,
    keep: int | None,
    workers: int | None,
    until: tuple[str, ...],
    must_reach: bool,
    folder: Path | None,
    no_report: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Simulate the scenario FILE and write a run folder: run.json, columns.npz, figures and report.html.

    The numbers depend on the scenario, the paths and the seed alone, not on the threads.

    \b
    spv-sim run deal.toml --until 'senior.expected_loss ± 2 %'
    spv-sim run deal.toml --until 'equity.irr +- 10 bps' --until 'equity.npv +- 2 m USD'

    The error after ± is the half-width of the 95 % interval, as in every result: in % of the value, or in
    the metric's own unit (bps, pp, %/year, x, USD, months). It is looked at after fixed numbers of paths,
    16,384 and then twice a doubling, so that the run is that of --paths with the number at which it stops.
    Without --paths there may be 1,000,000,000. Value at risk, expected shortfall and metrics of jointly
    lost amounts stop at the paths whose values are kept, --keep. Metrics of a programme are named
    programme.METRIC, and VEHICLE.METRIC of one vehicle.
    """
    from spv_sim.cli.numbers import as_options, read_with
    from spv_sim.cli.progress import tellers
    from spv_sim.run.deal import run
    from spv_sim.run.preparation import Options

    if must_reach and not until:
        raise click.UsageError("--must-reach goes with --until")
    loaded = read_with(file, sets, paths=paths, seed=seed, keep=keep)
    options = Options(
        file=file,
        sets=sets,
        typed=ctx.find_root().obj or (),
        decisive=as_options(sets, until, paths=paths, seed=seed, keep=keep),
        until=until,
        workers=workers,
        folder=folder,
        with_report=not no_report,
    )

    warn, note = tellers(file, quiet)
    with telling(until, loaded.scenario.monte_carlo.paths, quiet) as (tell, watch):
        if loaded.vehicles:
            from spv_sim.run.programme import run_programme

            told = run_programme(loaded, options, tell, warn, note, watch)
            show_programme(told, as_json, quiet)
            return status(told.document, must_reach)
        finished = run(loaded, options, tell, warn, note, watch)
    if as_json:
        from spv_sim.store.document import document

        click.echo(document(finished.document).decode("ascii"), nl=False)
    elif quiet:
        click.echo(str(finished.folder))
    else:
        click.echo(summarise(finished), nl=False)
    return status(finished.document, must_reach)


def status(document: dict[str, Any], must_reach: bool) -> int:
    """The exit status of a run that is done."""
    reached = document["manifest"].get("until", {}).get("stopped", "reached") == "reached"
    return 0 if reached or not must_reach else MISSED


@contextmanager
def telling(
    until: tuple[str, ...], paths: int, quiet: bool
) -> Iterator[tuple[Callable[[int], None], Callable[[Standing], None]]]:
    """Functions to tell of the paths done and, where errors are asked for, of those reached."""
    if until:
        from spv_sim.cli.approach import approach

        with approach(quiet) as told:
            yield told
    else:
        from spv_sim.cli.progress import progress

        with progress(paths, quiet) as tell:
            yield tell, lambda standing: None


def show_programme(finished: FinishedProgramme, as_json: bool, quiet: bool) -> None:
    """The outcome of a programme, as asked."""
    if as_json:
        from spv_sim.store.document import document

        click.echo(document(finished.document).decode("ascii"), nl=False)
    elif quiet:
        click.echo(str(finished.folder))
    else:
        from spv_sim.report.programme import programme_summary

        has_page = (finished.folder / "report.html").exists()
        click.echo(programme_summary(finished.document, f"{finished.folder}/", finished.seconds, has_page))


def summarise(finished: Finished) -> str:
    """The summary of a run, as wide as the terminal and in characters that it can show."""
    from spv_sim.report.terminal import summary

    columns = shutil.get_terminal_size((80, 24)).columns
    return summary(
        finished.document,
        finished.material,
        f"{finished.folder}/",
        seconds=finished.seconds,
        width=min(max(columns, 60), 120),
        unicode=(getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf"),
    )

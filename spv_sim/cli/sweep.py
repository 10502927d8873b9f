"""`spv-sim sweep`: run a grid of settings and write a folder with every point, maps and break-evens."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spv_sim.cli.options import change_settings, is_free, other_paths, other_seed, threads
from spv_sim.errors import POINTS_FAILED

if TYPE_CHECKING:
    from spv_sim.run.sweep import FinishedSweep


@click.command("sweep")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "varied",
    "--vary",
    multiple=True,
    metavar="KEY=VALUES",
    help="Setting and its values, from:to:count or a list; may be repeated. The file's table [sweep] holds "
    "where this is not said.",
)
@click.option("metrics", "--metric", multiple=True, metavar="NAME", help="A further metric to tell.")
@click.option(
    "contours",
    "--contour",
    multiple=True,
    metavar="METRIC=VALUE",
    help="Break-even to look for; if not said, equity at its hurdle rate and P(loss) of 1 %.",
)
@change_settings
@other_paths
@other_seed
@threads
@click.option("folder", "-o", "--output", callback=is_free, metavar="DIR", help="Run folder.")
@click.option("--no-report", is_flag=True, help="Leave out figures and page.")
@click.option("as_json", "--json", is_flag=True, help="Print run.json instead of the table.")
@click.option("as_csv", "--csv", is_flag=True, help="Print points.csv instead of the table.")
@click.option("-q", "--quiet", is_flag=True, help="Print only where the run folder is.")
@click.pass_context
def command(
    ctx: click.Context,
    file: str,
    varied: tuple[str, ...],
    metrics: tuple[str, ...],
    contours: tuple[str, ...],
    sets: tuple[str, ...],
    paths: int | None,
    seed: int | None,
    workers: int | None,
    folder: Path | None,
    no_report: bool,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
) -> int:
    """Run every combination of some settings, all on the same draws.

    \b
    spv-sim sweep deal.toml --vary capital.debt_share=50%:90%:9 \\
        --vary lease.rate="1.6, 2.1, 2.6 USD/GPU-hour"
    spv-sim sweep deal.toml --vary gpu_price.curve.decay=20%:50%:7 \\
        --contour senior.yield_of_mean_cash_flow=4%
    spv-sim sweep deal.toml --vary hazard-multiple=0.5x:3x:6

    The folder holds points.csv, run.json, figures and report.html with the break-even contours. Settings
    that leave the market alone share each simulated market; each deal has the numbers that it has by
    itself. A point that cannot be closed is a row with its fault, and the exit status is then 3.
    """
    from spv_sim.cli.numbers import as_options, read_with
    from spv_sim.cli.progress import progress, tellers
    from spv_sim.run.preparation import Options
    from spv_sim.run.sweep import Question, points_of, run_sweep

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    loaded = read_with(file, sets, paths=paths, seed=seed)
    if loaded.vehicles:
        raise click.UsageError("sweep works on one deal; this file has several, in [spv.<name>] tables")
    question = Question(varied, metrics, contours)
    words = [word for text in varied for word in ("--vary", text)]
    words += [word for text in metrics for word in ("--metric", text)]
    words += [word for text in contours for word in ("--contour", text)]
    options = Options(
        file=file,
        sets=sets,
        typed=ctx.find_root().obj or (),
        decisive=[*words, *as_options(sets, paths=paths, seed=seed)],
        workers=workers,
        folder=folder,
        with_report=not no_report,
    )

    warn, note = tellers(file, quiet)
    with progress(points_of(loaded, question) * loaded.scenario.monte_carlo.paths, quiet) as tell:
        finished = run_sweep(loaded, question, options, tell, warn, note)
    show(finished, as_json, as_csv, quiet)
    return POINTS_FAILED if finished.failed else 0


def show(finished: FinishedSweep, as_json: bool, as_csv: bool, quiet: bool) -> None:
    """The outcome, as asked."""
    from spv_sim.report.sweep import WIDTH, sweep_summary
    from spv_sim.run.sweep import as_table
    from spv_sim.store.document import document

    if as_json:
        click.echo(document(finished.document).decode("ascii"), nl=False)
    elif as_csv:
        click.echo(as_table(finished.document), nl=False)
    elif quiet:
        click.echo(str(finished.folder))
    else:
        has_page = (finished.folder / "report.html").exists()
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
        told = sweep_summary(finished.document, f"{finished.folder}/", finished.seconds, has_page, width)
        click.echo(told)

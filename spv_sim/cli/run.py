"""`spv-sim run`: simulate a scenario and write a run folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spv_sim.errors import printable

if TYPE_CHECKING:
    from spv_sim.run.deal import Finished
    from spv_sim.run.programme import FinishedProgramme


def is_free(ctx: click.Context, param: click.Parameter, folder: str | None) -> Path | None:
    """Refuse a run folder whose replacement would take the current folder from under the user."""
    if folder is None:
        return None
    if not folder:
        raise click.BadParameter("the name of the run folder is empty", ctx, param)
    if Path.cwd() == Path(os.path.abspath(folder)):
        raise click.BadParameter("the current folder cannot be the run folder; name a new one", ctx, param)
    return Path(folder)


@click.command("run")
@click.argument("file", metavar="FILE")
@click.option(
    "sets", "--set", multiple=True, metavar="KEY=VALUE", help="Change one setting; may be repeated."
)
@click.option("--paths", type=int, metavar="N", help="Number of paths, instead of the file's.")
@click.option("--seed", type=int, metavar="N", help="Seed, instead of the file's.")
@click.option(
    "--keep", type=int, metavar="N", help="Paths whose values are kept exactly, instead of the file's."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Threads; the cores of the machine if not said.",
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
    folder: Path | None,
    no_report: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Simulate the scenario FILE and write a run folder: run.json, columns.npz, figures and report.html.

    The numbers depend on the scenario, the paths and the seed alone, not on the threads.
    """
    from spv_sim.cli.numbers import as_options, read_with
    from spv_sim.cli.progress import progress
    from spv_sim.run.deal import run
    from spv_sim.run.preparation import Options

    loaded = read_with(file, sets, paths=paths, seed=seed, keep=keep)
    options = Options(
        file=file,
        sets=sets,
        typed=ctx.find_root().obj or (),
        decisive=as_options(sets, paths=paths, seed=seed, keep=keep),
        workers=workers,
        folder=folder,
        with_report=not no_report,
    )

    def warn(text: str) -> None:
        if not quiet:
            click.echo(printable(f"{file}: warning: {text}"), err=True)

    def note(text: str) -> None:
        if not quiet:
            click.echo(f"spv-sim: note: {text}", err=True)

    with progress(loaded.scenario.monte_carlo.paths, quiet) as tell:
        if loaded.vehicles:
            from spv_sim.run.programme import run_programme

            told = run_programme(loaded, options, tell, warn, note)
            show_programme(told, as_json, quiet)
            return 0
        finished = run(loaded, options, tell, warn, note)
    if as_json:
        from spv_sim.store.document import document

        click.echo(document(finished.document).decode("ascii"), nl=False)
    elif quiet:
        click.echo(str(finished.folder))
    else:
        click.echo(summarise(finished), nl=False)
    return 0


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

"""Options that several commands have, and what they refuse."""

from __future__ import annotations

import os
from pathlib import Path

import click

change_settings = click.option(
    "sets", "--set", multiple=True, metavar="KEY=VALUE", help="Change one setting; may be repeated."
)
other_paths = click.option("--paths", type=int, metavar="N", help="Number of paths, instead of the file's.")
other_seed = click.option("--seed", type=int, metavar="N", help="Seed, instead of the file's.")
threads = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Threads; the cores of the machine if not said.",
)


def is_free(ctx: click.Context, param: click.Parameter, folder: str | None) -> Path | None:
    """Refuse a run folder whose replacement would take the current folder from under the user."""
    if folder is None:
        return None
    if not folder:
        raise click.BadParameter("the name of the run folder is empty", ctx, param)
    if Path.cwd() == Path(os.path.abspath(folder)):
        raise click.BadParameter("the current folder cannot be the run folder; name a new one", ctx, param)
    return Path(folder)

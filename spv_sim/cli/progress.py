"""Progress of long work on the standard error, and only where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click

from spv_sim.errors import printable

PATIENCE = 1.0
"""Seconds before progress is shown."""

LOG_EVERY = 10.0
"""Seconds between lines where no terminal redraws them."""


def tellers(of: str, quiet: bool) -> tuple[Callable[[str], None], Callable[[str], None]]:
    """Functions that tell a warning about a file, and a note about the work, unless nothing is to be told."""

    def warn(text: str) -> None:
        if not quiet:
            click.echo(printable(f"{of}: warning: {text}"), err=True)

    def note(text: str) -> None:
        if not quiet:
            click.echo(f"spv-sim: note: {text}", err=True)

    return warn, note


@contextmanager
def progress(total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Give a function to tell how many paths are done."""
    if quiet:
        yield lambda done: None
    elif sys.stderr.isatty():
        with drawn(total) as tell:
            yield tell
    else:
        yield logged(total)


def logged(total: int) -> Callable[[int], None]:
    """Lines at intervals, for logs."""
    last = monotonic()
    first: tuple[float, int] | None = (
        None  # what comes before it is preparation and tells nothing of the pace
    )

    def tell(done: int) -> None:
        nonlocal first, last
        now = monotonic()
        first = first or (now, done)
        if now - last >= LOG_EVERY and first[1] < done < total:
            last = now
            left = (now - first[0]) * (total - done) / (done - first[1])
            print(f"{done:,} of {total:,} paths, about {left:,.0f} s left", file=sys.stderr, flush=True)

    return tell


@contextmanager
def drawn(total: int) -> Iterator[Callable[[int], None]]:
    """A bar, once the work has taken a while."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (TextColumn("simulating"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("simulating", total=total)
    started = monotonic()
    shown = False

    def tell(done: int) -> None:
        nonlocal shown
        if not shown and done < total and monotonic() - started > PATIENCE:
            bar.start()
            shown = True
        bar.update(task, completed=done)

    try:
        yield tell
    finally:
        if shown:
            bar.stop()

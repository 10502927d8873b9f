"""How near a run is to the errors asked of it, on the standard error."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from spv_sim.cli import progress

if TYPE_CHECKING:
    from spv_sim.analysis.until import Standing

Tell = Callable[[int], None]
Watch = Callable[["Standing"], None]


def nearest_words(standing: Standing) -> str:
    """The error that is farthest from what is asked, and how many others are not there yet."""
    from spv_sim.report.until import goal_words

    farthest = max(range(len(standing.goals)), key=lambda i: standing.found[i] / standing.goals[i].width)
    words = goal_words(standing.record(farthest))
    others = standing.reached.count(False) - 1
    return f"{words}, and {others} more" if others > 0 else words


def expected_paths(standing: Standing) -> int:
    """Paths after which the run should end, as far as its errors tell."""
    return standing.most if math.isinf(standing.needed) else min(standing.most, math.ceil(standing.needed))


@contextmanager
def approach(quiet: bool) -> Iterator[tuple[Tell, Watch]]:
    """Give a function to tell how many paths are done, and one to tell of the errors at a checkpoint."""
    if quiet:
        yield lambda done: None, lambda standing: None
    elif sys.stderr.isatty():
        with drawn() as told:
            yield told
    else:
        yield logged()


def logged() -> tuple[Tell, Watch]:
    """Lines at intervals, for logs."""
    last = monotonic()
    latest: Standing | None = None

    def tell(done: int) -> None:
        nonlocal last
        if latest is not None and monotonic() - last >= progress.LOG_EVERY:
            last = monotonic()
            about = f"about {expected_paths(latest):,} needed"
            print(
                f"{done:,} paths, {about}; at {latest.paths:,}: {nearest_words(latest)}",
                file=sys.stderr,
                flush=True,
            )

    def watch(standing: Standing) -> None:
        nonlocal latest
        latest = standing

    return tell, watch


@contextmanager
def drawn() -> Iterator[tuple[Tell, Watch]]:
    """A bar to the paths that seem to be needed, with the error so far, once the work has taken a while."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    words = TextColumn("{task.description}", markup=False)
    paths = TextColumn("{task.completed:,.0f} paths", markup=False)
    bar = Progress(words, BarColumn(), paths, TimeRemainingColumn(), console=console, transient=True)
    task = bar.add_task("simulating", total=None)
    started = monotonic()
    shown = False

    def tell(done: int) -> None:
        nonlocal shown
        if not shown and monotonic() - started > progress.PATIENCE:
            bar.start()
            shown = True
        bar.update(task, completed=done)

    def watch(standing: Standing) -> None:
        bar.update(task, total=expected_paths(standing), description=nearest_words(standing))

    try:
        yield tell, watch
    finally:
        if shown:
            bar.stop()

"""Compares two deals on the same draws, metric by metric, with the error of each difference."""

from __future__ import annotations

from collections.abc import Callable

from spv_sim.analysis.sweep.points import market_key
from spv_sim.analysis.sweep.together import run_together
from spv_sim.closing.close import Closed
from spv_sim.results.paired import Difference, differences

MOST_PATHS = 2_000_000
"""Every path of both deals is kept."""


def compare(
    first: Closed,
    second: Closed,
    names: tuple[str, ...],
    paths: int,
    seed: int,
    workers: int | None = None,
    report: Callable[[int], None] = lambda paths: None,
) -> list[Difference]:
    """The metrics of these names that both deals have.

    Parameters
    ----------
    report : hears of the number of paths done, of both deals together.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold on a path.
    """
    if market_key(first) == market_key(second):
        found = run_together((first, second), paths, seed, paths, workers, lambda done: report(2 * done))
    else:
        found = run_together((first,), paths, seed, paths, workers, report)
        found += run_together((second,), paths, seed, paths, workers, lambda done: report(paths + done))
    both = {metric.name for metric in found[1][1].metrics}
    shared = tuple(own.name for own in found[0][1].metrics if own.name in both and own.name in names)
    return differences(found[0], found[1], shared)

"""Runs two deals on the same draws and says what differs: their settings, then metric by metric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from spv_sim.errors import BUG, Problem, UserError
from spv_sim.run.deal import close_loaded
from spv_sim.run.preparation import ignore
from spv_sim.scenario.read import Loaded, resolved

if TYPE_CHECKING:
    from spv_sim.results.paired import Difference

SCHEMA = "spv-sim/compare@1"


def run_compare(
    first: Loaded,
    second: Loaded,
    metrics: Sequence[str],
    *,
    all_metrics: bool = False,
    workers: int | None = None,
    report: Callable[[int], None] = ignore,
    warn: Callable[[str], None] = ignore,
) -> dict[str, Any]:
    """The document of a comparison; paths and seed of the first deal hold for both.

    Parameters
    ----------
    metrics : further ones to the main ones.  all_metrics : whether to tell every one.
    report : hears of the number of paths done, of both deals together.

    Raises
    ------
    UserError : a deal that cannot be closed, an unknown metric, too many paths; exit code 70 where an
        identity of the cash does not hold.
    """
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.analysis.compare import MOST_PATHS, compare
    from spv_sim.analysis.sweep.metrics import metrics_known, reported

    wanted, other = first.scenario.monte_carlo, second.scenario.monte_carlo
    if wanted.paths > MOST_PATHS:
        message = f"{wanted.paths:,} paths are more than {MOST_PATHS:,}: a comparison keeps each of them"
        raise UserError(Problem("range", message, help="give fewer with --paths"))
    if (other.paths, other.seed) != (wanted.paths, wanted.seed):
        warn("the second deal runs with paths and seed of the first, so that they share their draws")
    closed = [close_loaded(loaded) for loaded in (first, second)]
    names = tuple(own.name for own in reported(closed[0], metrics, ()))
    if all_metrics:
        names = tuple(own.name for own in metrics_known(closed[0]))
    try:
        found = compare(closed[0], closed[1], names, wanted.paths, wanted.seed, workers, report)
    except IdentityError as breach:
        raise UserError(
            Problem("identity", f"{breach}; this is a fault of spv-sim"), exit_code=BUG
        ) from breach
    return {
        "schema": SCHEMA,
        "deals": [loaded.scenario.deal.name for loaded in (first, second)],
        "paths": wanted.paths,
        "seed": wanted.seed,
        "settings": changed(first, second),
        "metrics": {own.metric.name: record(own) for own in found},
    }


def changed(first: Loaded, second: Loaded) -> list[dict[str, str | None]]:
    """The settings that differ, but for names, paths and seed."""
    sides = [{own.key: own.value for own in resolved(loaded)} for loaded in (first, second)]
    apart = ("deal.name", "deal.description", "deal.published", "monte_carlo.", "sweep")
    return [
        {"key": key, "first": sides[0].get(key), "second": sides[1].get(key)}
        for key in dict.fromkeys((*sides[0], *sides[1]))
        if sides[0].get(key) != sides[1].get(key) and not key.startswith(apart)
    ]


def record(own: Difference) -> dict[str, Any]:
    """A difference as plain data."""
    return {
        "unit": own.metric.unit,
        "first": {"value": own.first.value, "standard_error": own.first.standard_error},
        "second": {"value": own.second.value, "standard_error": own.second.standard_error},
        "difference": {
            "value": own.value,
            "standard_error": own.standard_error,
            "ci95": [own.value - own.half_width, own.value + own.half_width],
            "unpaired_standard_error": own.unpaired,
            "beyond_error": own.is_beyond,
        },
    }

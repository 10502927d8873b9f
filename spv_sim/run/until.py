"""A run that ends once its errors are small enough: what is asked of it, and what it is afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spv_sim.run.preparation import Options
from spv_sim.scenario.read import Loaded

if TYPE_CHECKING:
    from spv_sim.analysis.base_case import BaseCase
    from spv_sim.analysis.until import Standing, Until
    from spv_sim.closing.close import Closed

PATHS = "monte_carlo.paths"


def most_paths(loaded: Loaded) -> int:
    """The most paths: as the command line says, else as many as any scenario may have; not the file's."""
    from spv_sim.scenario.monte_carlo import MOST_PATHS

    is_asked = loaded.origins[PATHS].kind == "set"
    return loaded.scenario.monte_carlo.paths if is_asked else MOST_PATHS


def goals(
    loaded: Loaded,
    closed: Closed,
    base: BaseCase,
    options: Options,
    watch: Callable[[Standing], None],
) -> Until | None:
    """What ends the run; None where a number of paths does.

    Raises
    ------
    UserError : an error is asked for in words that are not understood, or of no metric of the deal.
    """
    if not options.until:
        return None
    from spv_sim.analysis.precision import read_precisions
    from spv_sim.analysis.simulation import deal_facts
    from spv_sim.analysis.until import Until

    known = {metric.name: metric for metric in deal_facts(closed, base.values).metrics}
    asked = read_precisions(options.until, known)
    return Until(asked, most_paths(loaded), loaded.scenario.monte_carlo.keep, watch)


def with_paths(loaded: Loaded, paths: int) -> Loaded:
    """The scenario with as many paths as have run, as `--paths` would have said it."""
    return loaded.override({PATHS: str(paths)})


def warn_of(until: Until, warn: Callable[[str], None]) -> None:
    """Say of a run that stopped too early how far it came."""
    from spv_sim.report.until import goal_words, stopped_words

    record = until.record()
    if record["stopped"] != "reached":
        missed = "; ".join(goal_words(goal) for goal in record["goals"] if not goal["reached"])
        warn(f"{stopped_words(record)}: {missed}")

"""A run that ends once its errors are small enough: what is asked of it, and what it is afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from spv_sim.run.preparation import Options
from spv_sim.scenario.read import Loaded

if TYPE_CHECKING:
    from spv_sim.analysis.base_case import BaseCase
    from spv_sim.analysis.until import Standing, Until
    from spv_sim.closing.close import Closed
    from spv_sim.closing.programme import ClosedProgramme
    from spv_sim.results.metric import Metric

PATHS = "monte_carlo.paths"


def most_paths(loaded: Loaded) -> int:
    """The most paths: as the command line says, else as many as any scenario may have; not the file's."""
    from spv_sim.scenario.monte_carlo import MOST_PATHS

    is_asked = loaded.origins[PATHS].kind == "set"
    return loaded.scenario.monte_carlo.paths if is_asked else MOST_PATHS


def metrics_of_deal(closed: Closed, base: BaseCase) -> dict[str, Metric]:
    """What may be asked of a deal, by name."""
    from spv_sim.analysis.simulation import deal_facts

    return {metric.name: metric for metric in deal_facts(closed, base.values).metrics}


def metrics_of_programme(programme: ClosedProgramme, bases: Mapping[str, BaseCase]) -> dict[str, Metric]:
    """What may be asked of a programme, by name: `programme.<metric>`, and `<vehicle>.<metric>` of each."""
    from spv_sim.results.programme import PROGRAMME_METRICS

    own = {
        f"{vehicle}.{name}": replace(metric, name=f"{vehicle}.{name}")
        for vehicle, closed in programme.vehicles.items()
        for name, metric in metrics_of_deal(closed, bases[vehicle]).items()
    }
    return own | dict(PROGRAMME_METRICS)


def goals(
    loaded: Loaded,
    known: Mapping[str, Metric],
    options: Options,
    watch: Callable[[Standing], None],
) -> Until | None:
    """What ends the run, of the metrics that are known; None where a number of paths does.

    Raises
    ------
    UserError : an error is asked for in words that are not understood, or of no metric of the deal.
    """
    if not options.until:
        return None
    from spv_sim.analysis.precision import read_precisions
    from spv_sim.analysis.until import Until

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

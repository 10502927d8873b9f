"""What is measured: a scenario, how many paths, from which seed."""

from __future__ import annotations

from dataclasses import dataclass

from spv_sim.scenario.read import Loaded, read, resolved
from spv_sim.scenario.starter import FILE
from spv_sim.store.document import content_key

SEED = 0


@dataclass(frozen=True)
class Workload:
    """A scenario and the size of its run.

    settings : digest of what the scenario says, its defaults and the size of its runs left out [hex].
    """

    scenario: str
    settings: str
    paths: int
    seed: int


def load(file: str | None, paths: int) -> Loaded:
    """The scenario as it is run: every path kept, from one seed. Without a file, the one that `init` writes.

    Raises
    ------
    UserError : the scenario has faults.
    """
    sets = [f"monte_carlo.paths={paths}", f"monte_carlo.seed={SEED}", f"monte_carlo.keep={paths}"]
    return read(file or str(FILE), sets)


def describe(loaded: Loaded) -> Workload:
    """What a baseline must have been measured of, to be compared.

    What a file does not say is left out, so that a new setting does not make another scenario of it.
    """
    said = {setting.key: setting.value for setting in resolved(loaded) if setting.origin.kind != "default"}
    for key in ("deal.name", "deal.description", "monte_carlo.paths", "monte_carlo.keep", "monte_carlo.seed"):
        said.pop(key, None)
    wanted = loaded.scenario.monte_carlo
    return Workload(loaded.scenario.deal.name, content_key(said), wanted.paths, wanted.seed)

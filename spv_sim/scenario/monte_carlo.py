"""The `monte_carlo` table: how many paths, from which seed."""

from __future__ import annotations

from spv_sim.scenario.quantities import Count
from spv_sim.scenario.table import Table, setting

MOST_PATHS = 10**9


class MonteCarlo(Table):
    """How many paths are simulated, and from which seed."""

    paths: Count = setting(
        "Paths",
        "Number of simulated paths; path i depends on the seed and i alone, so more paths extend a run.",
        default=100_000,
        ge=1,
        le=MOST_PATHS,
        examples=(100_000,),
        also=("n_paths", "simulations", "n"),
    )
    seed: Count = setting(
        "Seed",
        "Key of all random draws.",
        default=0,
        ge=0,
        le=2**64 - 1,
        examples=(0,),
        also=("random_seed",),
    )
    keep: Count = setting(
        "Paths kept",
        "Number of first paths whose results are kept one by one.",
        default=1_000_000,
        ge=0,
        le=10**8,
        examples=(1_000_000,),
    )

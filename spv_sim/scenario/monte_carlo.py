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
    pilot_paths: Count = setting(
        "Pilot paths",
        "Number of paths on which a sizing case is found at closing; used only where a tranche has one.",
        default=10_000,
        ge=16,
        le=10**6,
        examples=(10_000,),
    )
    pilot_seed: Count = setting(
        "Pilot seed",
        "Key of the pilot paths' draws; it must not be the seed: no run sees the paths that sized it.",
        default=1_000_003,
        ge=0,
        le=2**64 - 1,
        examples=(1_000_003,),
    )
    keep: Count = setting(
        "Paths kept",
        "Number of first paths whose results are kept one by one.",
        default=1_000_000,
        ge=0,
        le=10**8,
        examples=(1_000_000,),
    )

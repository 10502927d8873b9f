"""The scenario that all figures are of, closed once."""

from __future__ import annotations

from functools import cache

from benchmarks.timing import ROOT, SCENARIO
from spv_sim.closing.close import close
from spv_sim.engine.terms import Terms
from spv_sim.scenario.read import read


@cache
def base_terms() -> Terms:
    """Terms of the base scenario as the engine takes them."""
    return close(read(str(ROOT / SCENARIO)).scenario).terms

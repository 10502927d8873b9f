"""The scenario that all figures are of, closed once."""

from __future__ import annotations

from functools import cache

from benchmarks.project import ROOT, SCENARIO
from spv_sim.closing.close import Closed, close
from spv_sim.engine.terms import Terms
from spv_sim.scenario.read import read


@cache
def base_deal() -> Closed:
    """The base scenario, closed."""
    return close(read(str(ROOT / SCENARIO)).scenario)


@cache
def core_deal() -> Closed:
    """The core model: two tranches, tests, workout, and everything random."""
    return close(read(str(ROOT / "benchmarks" / "core.toml")).scenario)


def base_terms() -> Terms:
    """Its terms as the engine takes them."""
    return base_deal().terms

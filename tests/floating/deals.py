"""Deals with floating debt: deal X on a Hull-White short rate, with its paths as columns and as a ledger."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spv_sim.closing.close import Closed, close
from spv_sim.closing.short_rate_terms import forward_curve
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read

FILE = Path(__file__).parent / "x-floating.toml"
SENIOR = "capital.tranche.senior"
SEED = 11

Columns = dict[str, np.ndarray]


def senior(**terms: str) -> tuple[str, ...]:
    """Settings of the senior tranche as assignments."""
    return tuple(f"{SENIOR}.{name}={value}" for name, value in terms.items())


def floating(*sets: str, still: bool = False) -> Closed:
    """The closed deal, with settings changed; still, the forward rates come true."""
    scenario = read(FILE, sets).scenario
    if still:
        scenario = scenario.model_copy(update={"rates": forward_curve(scenario.rates)})
    return close(scenario)


def columns_of(closed: Closed, paths: int) -> Columns:
    """What paths leave, by name."""
    columns = run_chunk(closed.terms, SEED, 0, paths).columns
    return dict(zip(column_names(closed.tranches), columns, strict=True))


def with_coupon(scenario: Scenario, coupon: float) -> Scenario:
    """The scenario with a fixed coupon in place of base rate and hedge."""
    tranche = scenario.capital.tranche["senior"]
    fixed = {"base_rate": None, "margin": None, "floor": None, "hedge_share": 0.0, "coupon": coupon}
    capital = scenario.capital.model_copy(update={"tranche": {"senior": tranche.model_copy(update=fixed)}})
    return scenario.model_copy(update={"capital": capital})

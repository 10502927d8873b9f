"""Deal X with some terms changed, and what it comes to by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from spv_sim.analysis.replay import Replay, replay_path
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.scenario.read import read
from tests.months import months_of
from tests.oracle import run_deal
from tests.test_metamorphic import DEAL_X

UNITS, HOURS, LAST = 500_000, 730, 64
RENT, OPEX = UNITS * HOURS * 1.30, 7e6
"""Of deal X, whose lease runs from month 5 to 64 [USD]."""

LIQUIDATE = "workout.mode=liquidate"


def replay(*sets: str, file: Path = DEAL_X) -> Replay:
    """Path 0 of deal X, which has no noise, with some terms changed."""
    scenario = read(file, sets).scenario
    return replay_path(close(scenario), 0, scenario.monte_carlo.seed)


def at(path: Replay, name: str, month: int) -> float:
    """An amount of a month."""
    return float(path.months[name][path.months["k"].tolist().index(month)])


def costs(*sets: str) -> list[tuple[float, float]]:
    """Opex and enforcement cost of each month from closing on path 0 [USD]."""
    rows = months_of(close(read(DEAL_X, sets).scenario), 0, 0, 1)
    return list(zip(rows["opex"][:, 0].tolist(), rows["enforcement"][:, 0].tolist(), strict=True))


def price(month: int) -> float:
    """Resale price of deal X [USD]."""
    return 40_000 * 0.62 * math.exp(-0.40 * month / 12)


def market_rate(month: int) -> float:
    """Market lease rate of deal X [USD/GPU-hour]."""
    return 2.20 * math.exp(-0.28 * month / 12)


def meets_the_oracle(path: Replay, default_month: int, *sets: str) -> None:
    """Returns, loss and cover of a path are those of the slow deal."""
    scenario = read(DEAL_X, sets).scenario
    months = range(LAST + scenario.grid.tail + 1)
    deal = run_deal(scenario, [price(k) for k in months], [market_rate(k) for k in months], default_month)
    for name in ("equity.irr", "equity.moic", "spv.claim", "spv.sale", "spv.average_dscr"):
        assert path.columns[name] == pytest.approx(deal.summary[name], rel=1e-8, abs=1e-8), name
    assert path.columns["senior.loss"] == pytest.approx(deal.summary["senior.loss"], rel=1e-8, abs=20)


def fault(*sets: str) -> UserError:
    """What reading and closing refuse."""
    with pytest.raises(UserError) as caught:
        close(read(DEAL_X, sets).scenario)
    assert caught.value.exit_code == 2
    return caught.value

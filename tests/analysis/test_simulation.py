"""A simulation leaves what a report needs, whatever the threads."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis.simulation import FAN_PATHS, fan_ledgers, run_simulation
from spv_sim.closing.close import Closed, close
from spv_sim.scenario.read import read
from tests.cli.process import BASE


@pytest.fixture(scope="module")
def closed() -> Closed:
    return close(read(BASE).scenario)


def test_progress_counts_every_path(closed: Closed) -> None:
    told: list[int] = []
    run_simulation(closed, 40_000, 0, 40_000, 2, told.append)
    assert told == [16_384, 32_768, 40_000]


def test_survival_is_the_closed_form(closed: Closed) -> None:
    """A constant hazard of 8 % a year from closing; a default shows on the next quarterly rent date."""
    done = run_simulation(closed, 100, 0, 100)
    quarters = np.arange(0, 61, 3)
    assert done.survival[quarters] == pytest.approx(np.exp(-0.08 * quarters / 12), rel=1e-12)
    assert np.array_equal(done.survival[1:61:3], done.survival[:60:3])
    assert done.checks[0].name == "cash is conserved on every path"


@pytest.mark.parametrize("paths", [1, 10, FAN_PATHS + 1])
def test_the_fan_is_of_the_first_paths(closed: Closed, paths: int) -> None:
    rows = fan_ledgers(closed, paths, 3)
    shown = min(paths, FAN_PATHS)
    assert {values.shape for values in rows.values()} == {(85, shown)}
    done = run_simulation(closed, paths, 3, paths)
    assert np.array_equal(rows["default_month"][-1], done.collected.columns["lessee.default_month"][:shown])
    assert rows["senior.debt"][0] == pytest.approx(closed.capital.tranches[0].commitment)
    assert np.isnan(rows["residual"][61:]).all()
    assert (rows["residual"][1:61] > 0).all()

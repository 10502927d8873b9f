"""The counted normals are the drawn ones."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.draws import count_normals, lane_order, normals_of
from benchmarks.scenario import core_deal
from spv_sim.closing.close import close
from spv_sim.engine import cpu
from spv_sim.engine.block import Scratch, run_block
from spv_sim.engine.columns import DealColumns
from spv_sim.engine.summing import BLOCK
from spv_sim.engine.terms import Terms
from tests.closing.deals import base

NEVER = math.inf


def terms(*sets: str) -> Terms:
    return close(base("vci-h100", *sets)).terms


def test_hand_count() -> None:
    # The lease's last month is 60, the downtime 6 months: a default in month 57 ends in a sale in month 63.
    defaults = np.array([NEVER, 57.0, 3.0, NEVER])
    assert count_normals(terms(), defaults, 1) == 3 * (60 + 63 + 60 + 60)
    # Lanes take up path 2, then path 1, then those without a default.
    assert lane_order(terms(), defaults).tolist() == [2, 1, 0, 3]
    assert count_normals(terms(), defaults, 2) == 3 * 2 * (63 + 60)
    assert count_normals(terms(), defaults, 4) == 3 * 4 * 63


def test_normals_of_a_month() -> None:
    assert normals_of(terms()) == 3  # price, lease rate, size of the jump
    assert normals_of(terms("gpu_price.jump.intensity=0 /year")) == 2
    assert normals_of(core_deal().terms) == 7  # with two of the short rate, credit and utilisation


def test_order_is_by_block() -> None:
    defaults = np.full(BLOCK + 2, NEVER)
    defaults[[4095, 4097]] = [30.0, 9.0]
    order = lane_order(terms(), defaults)
    assert order[0] == 4095
    assert order[4096:].tolist() == [4097, 4096]


def test_order_is_the_engine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[np.ndarray] = []

    def spy(*arguments: Any) -> None:
        run_block(*arguments)
        orders.extend(each.order[:BLOCK] for each in arguments if isinstance(each, Scratch))

    monkeypatch.setattr(cpu, "run_block", spy)
    columns = cpu.run_chunk(terms(), 0, 0, 2 * BLOCK).columns
    defaults = columns[DealColumns._fields.index("lessee_default_month")]
    expected = lane_order(terms(), defaults).reshape(2, BLOCK) - np.array([[0], [BLOCK]])
    assert np.array_equal(np.array(orders), expected)


def test_a_sale_before_the_end_of_the_lease_saves_no_month() -> None:
    defaults = np.array([10.0, 58.0])
    assert count_normals(terms('workout.mode="liquidate"'), defaults, 1) == 3 * (60 + 64)


def test_no_sale_is_later_than_the_last_month() -> None:
    late = terms("workout.downtime=30 months")
    assert count_normals(late, np.array([60.0]), 1) == 3 * 84


# In plain Python the draws can be seen one by one: a radius is the one step that every normal needs.
SPY = """
import sys
import numpy as np
from benchmarks.draws import count_normals
from spv_sim.closing.close import close
from spv_sim.engine.columns import DealColumns
from spv_sim.engine.cpu import run_chunk
from spv_sim.kernel import rng
from tests.closing.deals import base

drawn = 0
radius = rng.radius

def seen(u):
    global drawn
    drawn += 2
    return radius(u)

rng.radius = seen
terms = close(base("vci-h100", *sys.argv[1:])).terms
columns = run_chunk(terms, 3, 0, 16, lanes=1).columns
defaults = columns[DealColumns._fields.index("lessee_default_month")]
counted = count_normals(terms, defaults, 1)
print(drawn, counted, int(((defaults > 54) & (defaults < np.inf)).sum()))
"""


@pytest.mark.parametrize("mode", ["remarket", "liquidate"])
def test_the_engine_draws_what_is_counted(mode: str) -> None:
    late = 'credit.hazard=["0 %/year", "0 %/year", "0 %/year", "0 %/year", "150 %/year"]'
    done = subprocess.run(
        [sys.executable, "-c", SPY, late, f'workout.mode="{mode}"'],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    drawn, counted, late_defaults = map(int, done.stdout.split())
    assert late_defaults > 0
    assert counted > 16 * 60 * 3
    # Sizes of jumps are drawn for two months at once, from month 0 on: one or two too many a path.
    assert counted + 16 <= drawn <= counted + 2 * 16

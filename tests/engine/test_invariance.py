"""The numbers depend on scenario, paths and seed alone: not on threads, chunks, lanes, neighbours or host."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spv_sim.analysis.find_paths import column_unit
from spv_sim.analysis.replay import replay_path
from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import LANES, launch, make_ready, run_chunk, simulate
from spv_sim.engine.summing import SLOTS
from tests.closing.deals import base
from tests.months import months_of

PATHS = 4096 * 3 + 777
SEED = 11


@pytest.fixture(scope="module")
def closed() -> Closed:
    return close(base("vci-h100"))


def digest(closed: Closed, workers: int = 2, chunk_blocks: int = 1, lanes: int = 8) -> str:
    columns = []
    sums = []
    for chunk in simulate(closed.terms, PATHS, SEED, workers, chunk_blocks, lanes):
        columns.append(chunk.columns)
        sums.append(chunk.flow_sums)
    seen = hashlib.sha256(np.concatenate(columns, axis=1).tobytes())
    seen.update(np.concatenate(sums).tobytes())
    return seen.hexdigest()


def test_any_number_of_workers_and_any_chunk_give_the_same_bytes(closed: Closed) -> None:
    expected = digest(closed, workers=1)
    for workers in (2, 3):
        for chunk_blocks in (1, 4):
            assert digest(closed, workers, chunk_blocks) == expected


@pytest.mark.parametrize("lanes", [1, 16])
def test_any_width_of_lanes_gives_the_same_bytes(closed: Closed, lanes: int) -> None:
    assert digest(closed, lanes=lanes) == digest(closed, lanes=8)


def test_a_path_does_not_depend_on_how_many_run_beside_it(closed: Closed) -> None:
    many = run_chunk(closed.terms, SEED, 0, 9000).columns
    few = run_chunk(closed.terms, SEED, 0, 100).columns
    apart = run_chunk(closed.terms, SEED, 4096, 10).columns
    assert np.array_equal(many[:, :100], few, equal_nan=True)
    assert np.array_equal(many[:, 4096:4106], apart, equal_nan=True)


@pytest.mark.parametrize(
    ("name", "sets"),
    [
        ("vci-h100", ()),
        ("vci-h100", ("credit.hazard=60 %/year", "workout.mode=liquidate", "workout.downtime=0 months")),
        (
            "vci-h100",
            ("lease.payment_every=1 month", "grid.construction=3 months", "gpu_price.jump.intensity=4 /year"),
        ),
        ("e4", ("lease.timing=advance", "capital.tranche.senior.grace=3", "grid.tail=24 months")),
        ("x4", ("credit.hazard=20 %/year",)),
        ("vci-h100", ("credit.engine=first_passage", "correlation.lessee_credit.gpu_price=0.4")),
        ("e5a", ("grid.tail=24 months", "correlation.lessee_credit.gpu_price=0.4")),
        ("vci-h100", ("lease.index.weight=50 %", "lease.index.reset_every=3 months")),
        (
            "vci-h100",
            ("lease.index.weight=50 %", "lease.index.reset_every=12 months", "grid.construction=3 months"),
        ),
    ],
)
def test_the_months_that_paths_share_are_those_of_each_path_alone(name: str, sets: tuple[str, ...]) -> None:
    """With a ledger kept every path runs every month for itself."""
    closed = close(base(name, *sets))
    months, paths = closed.terms.deal.last_month + 1, 2048
    alone = np.empty((len(column_names(closed.tranches)), paths))
    ledger = np.empty(months * len(closed.ledger_rows) * paths)
    launch(
        make_ready(closed.terms), SEED, 0, paths, LANES, alone, 0, np.zeros((2, months, SLOTS)), ledger, paths
    )
    assert np.array_equal(run_chunk(closed.terms, SEED, 0, paths).columns, alone, equal_nan=True)


@pytest.mark.parametrize("path", [0, 17, 4095, 8999])
def test_replay_is_the_path_bit_for_bit(closed: Closed, path: int) -> None:
    column = run_chunk(closed.terms, SEED, 0, 9000).columns[:, path]
    replay = replay_path(closed, path, SEED)
    assert list(replay.columns) == column_names(["senior"])
    assert np.array_equal(np.array(list(replay.columns.values())), column, equal_nan=True)


def test_a_kept_ledger_adds_up_to_the_columns(closed: Closed) -> None:
    rows = months_of(closed, SEED, 0, 500)
    columns = dict(zip(column_names(["senior"]), run_chunk(closed.terms, SEED, 0, 500).columns, strict=True))
    contributed = closed.terms.deal.equity.contributed
    first = closed.terms.deal.equity.distributed_at_completion
    moic = (np.nansum(rows["dist"], axis=0) + first) / contributed
    assert np.allclose(moic, columns["equity.moic"], rtol=1e-12)
    assert np.allclose(np.nansum(rows["claim"], axis=0), columns["spv.claim"], rtol=1e-12)
    assert np.array_equal(np.nanmin(rows["dscr"], axis=0), columns["spv.min_dscr"])


PLAIN = """
import json, sys
import numpy as np
from spv_sim.closing.close import close
from spv_sim.engine.cpu import run_chunk
from tests.closing.deals import base
name, paths = sys.argv[1], int(sys.argv[2])
chunk = run_chunk(close(base(name)).terms, 11, 0, paths, lanes=1)
print(json.dumps(chunk.columns.tolist()))
"""


@pytest.mark.parametrize(("name", "paths"), [("vci-h100", 24), ("e4", 24), ("e5a", 24), ("x4", 1)])
def test_plain_python_is_the_same_path(name: str, paths: int) -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, name, str(paths)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    plain = np.array(json.loads(done.stdout))
    closed = close(base(name))
    compiled = run_chunk(closed.terms, 11, 0, paths).columns
    uses = closed.terms.deal.total_uses
    amounts = np.array([column_unit(column) == "USD" for column in column_names(["senior"])])
    scale = np.where(amounts, uses, 1.0)[:, None]
    # Python 3.11 has no fused multiply-add, so polynomials round differently: a few ulps, through 84 months.
    close_enough = np.isclose(plain / scale, compiled / scale, rtol=1e-12, atol=1e-12, equal_nan=True)
    assert close_enough.all(), [
        column_names(["senior"])[row] for row in np.flatnonzero(~close_enough.all(axis=1))
    ]

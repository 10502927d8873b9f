"""`spv-sim replay`: the ledger of any path, equal to what a run keeps of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.invoke import Shell
from tests.cli.process import BASE

pytestmark = pytest.mark.usefixtures("compiled")

PATHS = 6_000
"""More than one block of 4,096."""

R12 = (
    "k",
    "rent",
    "inflow",
    "costs_paid",
    "int_due",
    "int_paid",
    "prin_paid",
    "dsra",
    "trap",
    "D",
    "dist",
    "eod",
)
"""Names of model R12 for each month of a deal with one tranche and no collateral account."""

SERIES = ("equity_cf", "senior_cf", "sched_principal", "sched_ds", "uses", "draws", "equity_draws")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, compiled: None) -> dict[str, Any]:
    """Columns of a run of the base deal with a high hazard, so that many paths hold a default."""
    from spv_sim.cli.main import main

    out = tmp_path_factory.mktemp("replay") / "out"
    words = ["run", str(BASE), "--paths", str(PATHS), "--no-report", "-q", "-o", str(out), *HAZARD]
    assert main(words) == 0
    with np.load(out / "columns.npz", allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


HAZARD = ("--set", "credit.hazard=30 %/year", "--seed", "5")


def replay(shell: Shell, path: int, *words: object) -> dict[str, Any]:
    done = shell("replay", BASE, path, "--json", *words)
    assert (done.status, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out, parse_constant=pytest.fail)
    return document


@pytest.mark.parametrize("path", [0, 1, 15, 16, 17, 4_095, 4_096, PATHS - 1])
def test_a_path_is_what_the_run_kept_bit_for_bit(shell: Shell, run: dict[str, Any], path: int) -> None:
    columns = replay(shell, path, *HAZARD)["columns"]
    assert sorted(columns) == sorted(run)
    for name, values in run.items():
        kept = float(values[path])
        assert columns[name] == (kept if math.isfinite(kept) else None), name


def test_the_last_addresses(shell: Shell) -> None:
    for path in (2**32 - 1, 2**32, 2**63 - 1):
        assert replay(shell, path)["path"] == path
    assert shell("replay", BASE, -1).status == 2
    assert shell("replay", BASE, "x").status == 2
    assert shell("replay", BASE, 2**64).status == 2


def test_json_has_the_names_of_the_model(shell: Shell, run: dict[str, Any]) -> None:
    path = int(np.flatnonzero(np.isfinite(run["lessee.default_month"]))[0])
    document = replay(shell, path, *HAZARD)
    assert document["schema"] == "spv-sim/replay@1"
    assert (document["path"], document["seed"], document["scenario"]) == (path, 5, "VCI H100")
    assert set(document["closing"]) >= {"uses", "sources", "total_uses", "tranche"}
    months, series = document["months"], document["series"]
    assert set(R12) <= set(months)
    assert {*R12, "sale", "claim", "dscr", "price", "lease_rate", "prin_due", "cfads"} <= set(months)
    assert {len(values) for values in months.values()} == {84}
    assert months["k"] == list(range(1, 85))
    assert all(
        isinstance(flag, bool) for name in ("eod", "locked", "lessee_defaulted") for flag in months[name]
    )
    assert set(SERIES) <= set(series)
    for name in SERIES:
        assert len(series[name]) == (85 if name in SERIES[:4] else 1), name


def test_the_ledger_adds_up_to_the_columns(shell: Shell, run: dict[str, Any]) -> None:
    """Sums of at most 85 amounts are exact to 85 × 2^-53 of the largest: 1e-12 relative is ample."""
    path = int(np.flatnonzero(np.isfinite(run["lessee.default_month"]) & (run["senior.loss"] > 0))[0])
    document = replay(shell, path, *HAZARD)
    months, series, columns = document["months"], document["series"], document["columns"]
    equity = np.array(series["equity_cf"])
    contributed = sum(series["equity_draws"])
    first_payment = 885e6  # distributed at closing, beside the call
    assert equity[0] == pytest.approx(first_payment - contributed, rel=1e-12)
    moic = (sum(months["dist"]) + first_payment) / contributed
    assert columns["equity.moic"] == pytest.approx(moic, rel=1e-12)
    assert columns["spv.sale"] == pytest.approx(sum(months["sale"]), rel=1e-12)
    assert columns["spv.claim"] == pytest.approx(sum(months["claim"]), rel=1e-12)
    owed = months["D"][-1] + months["interest_arrears"][-1]
    assert columns["senior.loss"] == pytest.approx(owed, rel=1e-12)
    default = columns["lessee.default_month"]
    assert months["lessee_defaulted"] == [month >= default for month in months["k"]]
    assert sum(months["locked"]) == columns["spv.lock_up_months"]
    opening_dsra = document["closing"]["tranche"]["senior"]["reserve"]
    paid = sum(sum(months[name]) for name in ("costs_paid", "int_paid", "prin_paid", "dist"))
    left = months["trap"][-1] + months["dsra"][-1] + months["revenue"][-1]
    assert sum(months["inflow"]) + opening_dsra == pytest.approx(paid + left, rel=1e-12)


def test_the_table_shows_every_month(shell: Shell, run: dict[str, Any]) -> None:
    path = int(np.flatnonzero(np.isfinite(run["senior.event_of_default_month"]))[0])
    done = shell("replay", BASE, path, *HAZARD)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == f"VCI H100 · path {path} · seed 5 · m USD"
    assert lines[1].split()[0] == "month"
    assert [int(line.split()[0]) for line in lines[2:86]] == list(range(1, 85))
    assert "event of default" in done.out
    assert "lessee in default" in done.out
    assert lines[86] == ""
    assert sorted(line.split()[0] for line in lines[87:]) == sorted(run)
    assert max(len(line) for line in lines) < 180


def test_rent_in_advance_starts_at_completion(shell: Shell) -> None:
    done = replay(shell, 0, "--set", "lease.timing=advance")
    assert done["months"]["k"][0] == 0
    assert done["months"]["rent"][0] > 0
    assert len(done["months"]["k"]) == 85


def test_replay_writes_nothing(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shell("replay", BASE, 3).status == 0
    assert list(tmp_path.iterdir()) == []


def test_faults_have_their_place(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(BASE.read_text().replace("hurdle =", "hurdel ="))
    done = shell("replay", tmp_path / "a.toml", 0)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"{tmp_path / 'a.toml'}:19:1: error[unknown-key]")
    done = shell("replay", BASE, 0, "--seed", -1)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("--seed -1: error[range]")

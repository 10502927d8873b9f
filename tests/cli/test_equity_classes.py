"""Classes of equity and the hardware's seller, from the command line to summary, report and replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.process import BASE, spv_sim

SETS = (
    'capital.equity={ manager = { share = "40 %" }, nvidia = { share = "30 %", vendor = true }, '
    'pref = { share = "30 %", kind = "preferred", rate = "11 %" } }',
    'capital.promote={ hurdle = "10 %", carry = "20 %", to = "manager" }',
    'vendor={ gross_margin = "70 %" }',
    'lease.first_payment_to="trap"',
)
WORDS = tuple(word for assignment in SETS for word in ("--set", assignment))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, compiled: None) -> tuple[Path, str]:
    cwd = tmp_path_factory.mktemp("classes")
    done = spv_sim("run", BASE, *WORDS, "--paths", 4000, "-o", "out", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return cwd / "out", done.stdout


def test_the_summary_has_a_row_for_each_class(whole: tuple[Path, str]) -> None:
    lines = whole[1].splitlines()
    head = next(row for row, line in enumerate(lines) if line.startswith("equity class"))
    assert [line.split()[0] for line in lines[head + 1 : head + 4]] == ["manager", "nvidia", "pref"]
    assert all(line.count("±") == 3 for line in lines[head + 1 : head + 4])
    assert any(line.startswith("Vendor ") for line in lines)
    assert max(map(len, lines)) <= 80


def test_the_run_tells_each_class_and_who_bears_the_loss(whole: tuple[Path, str]) -> None:
    run: dict[str, Any] = json.loads((whole[0] / "run.json").read_bytes())
    metrics = run["metrics"]
    for held in ("manager", "nvidia", "pref"):
        for of in ("irr", "moic", "npv", "probability_of_total_loss", "probability_of_shortfall"):
            assert metrics[f"{held}.{of}"]["standard_error"] is not None
    shares = [name for name in metrics if name.endswith(".loss_share")]
    assert shares == [f"{of}.loss_share" for of in ("lessee", "senior", "manager", "vendor", "pref")]
    assert sum(metrics[name]["value"] for name in shares) == pytest.approx(1.0, abs=1e-12)
    assert run["closing"]["vendor"]["margin_reinvested"] > 0
    assert run["base_case"]["metrics"]["pref.irr"]["value"] == pytest.approx(0.11, abs=1e-9)
    names = {check["name"]: check["passed"] for check in run["checks"]}
    assert names["losses of all stakeholders are the loss of the deal"]
    with np.load(whole[0] / "columns.npz", allow_pickle=False) as kept:
        assert {"manager.irr", "nvidia.moic", "pref.npv", "pref.pv", "lessee.pv_paid"} <= set(kept.files)


def test_the_report_shows_them(whole: tuple[Path, str]) -> None:
    page = (whole[0] / "report.html").read_text()
    for words in (
        "Classes of equity",
        "nvidia (vendor)",
        "preferred 11",
        "The seller earns a gross margin",
    ):
        assert words in page.replace("\u00a0", " "), words
    names = {path.name[3:] for path in (whole[0] / "charts").iterdir()}
    assert {"loss-shares.svg", "stakes.svg"} <= names


def test_replay_shows_what_each_class_gets(tmp_path: Path, compiled: None) -> None:
    table = spv_sim("replay", BASE, 0, *WORDS, cwd=tmp_path).stdout.splitlines()
    heads = table[1].split()
    assert heads[heads.index("dist") + 1 :][:3] == ["manager", "nvidia", "pref"]
    document = json.loads(spv_sim("replay", BASE, 0, *WORDS, "--json", cwd=tmp_path).stdout)
    months = document["months"]
    parts = np.sum([months[f"{held}.dist"] for held in ("manager", "nvidia", "pref")], axis=0)
    np.testing.assert_allclose(parts, months["dist"], rtol=1e-12)
    assert min(months["pref.capital"]) >= 0.0
    assert len(document["series"]["nvidia_cf"]) == len(document["series"]["equity_cf"])


def test_faults_are_located(tmp_path: Path) -> None:
    done = spv_sim("validate", BASE, "--set", 'capital.equity={ a = { share = "90 %" } }', cwd=tmp_path)
    assert done.returncode == 2
    assert "the shares sum to 90.0000% and not to 100 %" in done.stdout + done.stderr

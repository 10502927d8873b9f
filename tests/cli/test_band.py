"""A run tells the band of its tranche in run.json, on the page and in the terminal, with its warnings."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from spv_sim.results.rating_band import LABEL, band
from tests.cli.invoke import Shell
from tests.cli.process import BASE, ROOT

GOLDEN = ROOT / "tests" / "golden"

pytestmark = pytest.mark.usefixtures("compiled")


def test_a_run_tells_the_band(shell: Shell, tmp_path: Path) -> None:
    done = shell("run", BASE, "--paths", 4000, "-o", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    told = run["bands"]["senior.el_band"]
    loss, wal = run["metrics"]["senior.expected_loss_pv"], run["metrics"]["senior.wal"]["value"]
    assert told["value"] == band(loss["value"], wal)
    assert told["ci95"] == [band(end, wal) for end in loss["ci95"]]
    assert (told["expected_loss_pv"], told["wal"]) == (loss["value"], wal)
    text = " ".join(done.out.split())
    assert f"Band senior {told['value']} (95 %: " in text
    assert LABEL in text
    page = unescape((tmp_path / "out" / "report.html").read_text())
    assert LABEL[1:] in page
    assert "Senior idealised-EL band" in page
    assert "MILAN" in page


@pytest.mark.parametrize(
    ("file", "sets", "told"),
    [
        (BASE, ("credit.measure=Q",), 'credit.measure = "Q": el_band'),
        (BASE, ("credit.measure=Q", "credit.hazard=0 %/year"), 'credit.measure = "Q": el_band'),
        (GOLDEN / "x5.toml", (), "credit.default_month: el_band"),
    ],
)
def test_a_band_that_is_not_what_it_seems_warns(
    shell: Shell, tmp_path: Path, file: Path, sets: tuple[str, ...], told: str
) -> None:
    words = [word for assignment in sets for word in ("--set", assignment)]
    done = shell("run", file, "--paths", 500, "-o", tmp_path / "out", *words)
    assert done.status == 0
    assert f"warning: {told}" in done.err
    assert f"Note {told}" in " ".join(done.out.split())
    assert told in unescape((tmp_path / "out" / "report.html").read_text())
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert told in run["bands"]["senior.el_band"]["warning"]
    assert run["bands"]["senior.el_band"]["value"] is not None


def test_a_hazard_converted_to_expectations_does_not_warn(shell: Shell, tmp_path: Path) -> None:
    sets = ("credit.measure=Q", "credit.use_measure=P", "credit.risk_premium=2x")
    words = [word for assignment in sets for word in ("--set", assignment)]
    done = shell("run", BASE, "--paths", 500, "-o", tmp_path / "out", "--no-report", *words)
    assert done.status == 0
    assert "el_band" not in done.err
    (warning,) = done.err.splitlines()
    assert "divided by the risk premium of 2" in warning


def test_a_band_is_explained(shell: Shell) -> None:
    done = shell("explain", "senior.el_band")
    assert done.status == 0
    assert LABEL in done.out
    assert "not a rating" in done.out

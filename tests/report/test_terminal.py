"""The terminal summary fits 80 columns and says the numbers of the run."""

from __future__ import annotations

import copy
import subprocess
import sys
import unicodedata

import pytest

from spv_sim.report.terminal import spark, summary
from tests.report.example import example


def columns(text: str) -> int:
    return max(
        sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in row)
        for row in text.split("\n")
    )


def test_fits_and_ends_with_a_line_end() -> None:
    run, material = example()
    text = summary(run, material, "runs/valor-vehicle-base-deal-1a2b3c4d/", seconds=1.42)
    assert columns(text) <= 80
    assert text.endswith("1.4 s\n")
    assert not any(row != row.rstrip() for row in text.split("\n"))


def test_says_the_numbers() -> None:
    run, material = example()
    text = summary(run, material, "runs/x/")
    irr = run["metrics"]["equity.irr"]
    row = next(row for row in text.split("\n") if row.startswith("Equity IRR"))
    assert f"{100 * irr['value']:.1f}" in row
    assert f"{100 * irr['quantiles']['0.9']['value']:.1f}" in row
    assert "±" in row
    assert f"{run['manifest']['paths']:,} paths" in text
    assert "5,726.9 m USD" in text
    assert "base case, no default" in " ".join(text.split())
    assert "FAILED published.equity_irr" in text
    assert "CFADS" in text


def test_two_peaks_are_told() -> None:
    run = copy.deepcopy(example()[0])
    run["metrics"]["equity.probability_of_total_loss"]["value"] = 0.139
    assert "13.9 % of paths lose all" in " ".join(summary(run).split())


def test_absent_parts_are_left_out() -> None:
    run = copy.deepcopy(example()[0])
    run["metrics"], run["checks"], run["base_case"] = {}, [], {}
    run["closing"] = {"uses": [], "sources": []}
    text = summary(run)
    assert "CFADS" not in text
    assert "Checks    none" in text


@pytest.mark.parametrize("width", [60, 80, 100])
def test_prose_wraps_to_the_width(width: int) -> None:
    run = copy.deepcopy(example()[0])
    run["scenario"]["name"] = "a very long name " * 8
    run["closing"]["warnings"] = ["word " * 60]
    table = [row for row in summary(run, width=width).split("\n") if len(row) > width]
    assert all(
        "Equity" in row or "IRR" in row or "DSCR" in row or "P(" in row or "mean" in row or "enior" in row
        for row in table
    )
    assert width < 78 or not table


def test_spark() -> None:
    assert spark([0.0, 0.5, 1.0, 2.0, -1.0], 1.0) == "▁▅██▁"
    assert spark([1.0, 2.0], 0.0) == "▁▁"
    assert len(spark([1.0] * 240, 1.0)) <= 28


def test_imports_nothing_heavy() -> None:
    code = (
        "import sys, spv_sim.report.terminal\n"
        "heavy = {'numpy', 'numba', 'matplotlib', 'scipy', 'pydantic', 'rich', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

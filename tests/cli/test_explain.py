"""`spv-sim explain`: settings, tables, metrics, and the values of a file with their origin."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spv_sim.results.metrics import METRICS
from spv_sim.scenario.catalogue import list_settings
from spv_sim.scenario.starter import STARTER
from tests.cli.invoke import Shell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deal.toml"
    path.write_text(STARTER)
    return path


@pytest.mark.parametrize("key", sorted({entry.key for entry in list_settings()}))
def test_every_setting(shell: Shell, key: str) -> None:
    done = shell("explain", key)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(key)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric(shell: Shell, name: str) -> None:
    done = shell("explain", name.replace("<tranche>", "senior"))
    assert (done.status, done.err) == (0, "")
    assert f"[{METRICS[name].unit}]" in done.out


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("lease.rat", "lease.rate"),
        ("equity.ir", "equity.irr"),
        ("mezzanine.yieldloss", "mezzanine.yield_loss"),
        ("coupon", "capital.tranche.<name>.coupon"),
    ],
)
def test_unknown_keys(shell: Shell, key: str, meant: str) -> None:
    done = shell("explain", key)
    assert (done.status, done.out) == (2, "")
    assert f"{key} is neither a setting, nor a metric, nor a file" in done.err
    assert f"did you mean `{meant}`?" in done.err


def test_a_file_with_origins(shell: Shell, file: Path) -> None:
    done = shell("explain", file, "--origin", "--set", "capital.advance_rate=50 %")
    rows = {line.split()[0]: line for line in done.out.splitlines()}
    assert rows["lease.rate"].endswith(f"{file}:24")
    assert rows["capital.advance_rate"].endswith("--set capital.advance_rate=50 %")
    assert rows["lease.escalation"].endswith("default")
    assert "capital.debt_share" not in rows
    assert "1.6 USD/GPU-hour" in rows["lease.rate"]


def test_a_file_without_origins_shows_titles(shell: Shell, file: Path) -> None:
    rows = {line.split()[0]: line for line in shell("explain", file).out.splitlines()}
    assert rows["lease.rate"].endswith("Lease rate")


def test_json(shell: Shell, file: Path) -> None:
    document = json.loads(shell("explain", file, "--json").out)
    assert document["schema"] == "spv-sim/explain@1"
    values = {setting["key"]: setting for setting in document["settings"]}
    assert values["lease.term"] == {
        "key": "lease.term",
        "value": "5 years",
        "unit": "months",
        "title": "Lease term",
        "origin": f"{file}:25",
    }


def test_a_faulty_or_absent_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("x = 1")
    assert shell("explain", tmp_path / "bad.toml").status == 2
    done = shell("explain", "absent.toml")
    assert done.status == 2
    assert "absent.toml: error[unreadable]" in done.err


def test_flags_of_a_file_do_not_go_with_a_key(shell: Shell) -> None:
    done = shell("explain", "lease.rate", "--origin")
    assert done.status == 2
    assert "go with a scenario file" in done.err


def test_the_steps_of_an_own_priority_are_told_one_by_one(shell: Shell, file: Path) -> None:
    """As a file would write them, each with its line."""
    steps = [
        '{ kind = "pay", what = "costs", from = ["cash", "dsra"] }',
        '{ kind = "pay", what = "interest", to = ["senior"], from = ["cash", "dsra"] }',
        '{ kind = "pay", what = "principal", to = ["senior"], from = ["cash", "dsra"] }',
        '{ kind = "top_up" }',
        '{ kind = "prepay", to = ["senior"], share = "20 %" }',
        '{ kind = "distribute" }',
    ]
    lines, tables = file.read_text().count("\n"), [lines_of(step) for step in steps]
    written = "\n".join(line for table in tables for line in ("[[waterfall.step]]", *table))
    file.write_text(f"{file.read_text()}{written}\n")
    done = shell("explain", file, "--origin")
    rows = {line.split()[0]: line for line in done.out.splitlines()}
    for number, step in enumerate(steps, 1):
        assert step in rows[f"waterfall.step.{number}"]
        assert rows[f"waterfall.step.{number}"].endswith(f"{file}:{lines + 1}")
        lines += 1 + len(tables[number - 1])
    assert rows["waterfall.step_in_default"].endswith("default")
    told = json.loads(shell("explain", file, "--json").out)["settings"]
    assert {entry["key"]: entry["value"] for entry in told}["waterfall.step.4"] == steps[3]


def lines_of(step: str) -> list[str]:
    """The settings of an inline table, each on a line."""
    return re.findall(r"\w+ = (?:\[.*?\]|\".*?\")", step)

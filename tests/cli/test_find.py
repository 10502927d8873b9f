"""`spv-sim replay --worst` and `--quantile`: what is found replays as what it was found for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spv_sim.analysis import find_paths
from tests.cli.invoke import Shell
from tests.cli.process import BASE
from tests.cli.test_identities import break_path

pytestmark = pytest.mark.usefixtures("compiled")

SEARCH = ("--paths", 3000, "--seed", 5, "--set", "credit.hazard=30 %/year")


def found(shell: Shell, *words: object) -> dict[str, Any]:
    done = shell("replay", BASE, "--json", *words)
    assert (done.status, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out, parse_constant=pytest.fail)
    return document


@pytest.mark.parametrize("by", ["equity.npv", "senior.loss"])
def test_each_of_the_worst_replays_by_its_command(shell: Shell, by: str) -> None:
    document = found(shell, "--worst", 4, "--by", by, *SEARCH)
    assert document["schema"] == "spv-sim/paths@1"
    assert (document["paths"], document["seed"], document["by"]) == (3000, 5, by)
    values = [row["columns"][by] for row in document["found"]]
    assert values == sorted(values, reverse=document["order"] == "highest first")
    assert len(values) == 4
    for row in document["found"]:
        assert row["replay"][:2] == ["spv-sim", "replay"]
        done = shell(*row["replay"][1:], "--json")
        assert json.loads(done.out)["columns"] == row["columns"]


def test_the_list_is_a_table(shell: Shell) -> None:
    done = shell("replay", BASE, "--worst", 3, *SEARCH)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "VCI H100 · 3 of 3,000 paths by equity.npv, lowest first · seed 5"
    assert lines[1].split()[:3] == ["path", "equity.npv", "equity.irr"]
    document = found(shell, "--worst", 3, *SEARCH)
    paths = [row["path"] for row in document["found"]]
    assert [int(line.split()[0]) for line in lines[2:5]] == paths
    words = f"spv-sim replay {BASE} {paths[0]} --set 'credit.hazard=30 %/year' --seed 5"
    assert lines[5] == f"Replay one by its number, such as: {words}"
    assert len({len(line) for line in lines[1:5]}) == 1


def test_a_quantile_is_shown_month_by_month(shell: Shell) -> None:
    document = found(shell, "--quantile", "5%", *SEARCH)
    told = document["found"]
    assert (told["by"], told["level"], told["rank"], told["count"]) == ("equity.npv", 0.05, 150, 3000)
    assert document["path"] == told["path"]
    assert document["columns"]["equity.npv"] == told["value"]
    text = shell("replay", BASE, "--quantile", "0.05", *SEARCH)
    plain = shell("replay", BASE, told["path"], *SEARCH[2:])
    first, _, rest = text.out.partition("\n")
    assert first.startswith("equity.npv at its 0.05 quantile: ")
    assert first.endswith(f"rank 150 of 3,000 from the lowest, path {told['path']}")
    assert rest == plain.out


def test_workers_change_nothing(shell: Shell) -> None:
    one, two = (
        shell("replay", BASE, "--worst", 5, "--paths", 20_000, "--workers", n, "--json") for n in (1, 2)
    )
    assert one.out == two.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "give one of PATH, --worst and --quantile"),
        ((3, "--worst", 2), "give one of PATH"),
        (("--worst", 2, "--quantile", "5%"), "give one of PATH"),
        ((3, "--by", "equity.npv"), "--by goes with --worst or --quantile"),
        ((3, "--paths", 10), "--paths goes with"),
        ((3, "--workers", 1), "--workers goes with"),
        (("--worst", 2, "--keep", 5), "--keep goes with --quantile"),
        (("--worst", 0), "0 is not in the range"),
        (("--quantile", "5"), "outside 0 % to 100 %"),
        (("--quantile", "-1%"), "outside 0 % to 100 %"),
        (("--quantile", "half"), '"half" is not a share'),
        (("--worst", 2, "--by", "equity.nvp"), "did you mean `equity.npv`?"),
        (("--quantile", "5%", "--by", "senior.wall"), "did you mean `senior.wal`?"),
        (("--quantile", "5%", "--paths", 11, "--keep", 10), "--keep 11 holds them"),
        (("--worst", 2, "--paths", 0), "--paths 0"),
    ],
)
def test_faults_are_told(shell: Shell, words: tuple[object, ...], told: str) -> None:
    done = shell("replay", BASE, *words)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_a_broken_identity_names_the_path(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_paths, "simulate", break_path(17, 2e-9))
    done = shell("replay", BASE, "--worst", 2, "--paths", 50, "--seed", 4)
    assert (done.status, done.out) == (70, "")
    assert "does not hold on path 17" in done.err
    assert f"spv-sim replay {BASE} 17 --seed 4" in done.err


def test_a_search_writes_nothing(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shell("replay", BASE, "--worst", 1, "--paths", 10).status == 0
    assert list(tmp_path.iterdir()) == []

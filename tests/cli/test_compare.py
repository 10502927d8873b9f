"""`spv-sim compare`: two deals side by side, the settings that differ, exit statuses, words for mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.invoke import Shell
from tests.cli.process import BASE, PUBLISHED

PATHS = ("--paths", 96)


def test_a_deal_with_itself_but_for_a_setting(shell: Shell) -> None:
    done = shell("compare", BASE, "--but", "lease.rate=1.40 USD/GPU-hour", *PATHS, "--json")
    assert done.status == 0
    found = json.loads(done.out)
    assert found["schema"] == "spv-sim/compare@1"
    assert [own["key"] for own in found["settings"]] == ["lease.rate"]
    own = found["metrics"]["equity.moic"]
    apart = own["difference"]
    assert apart["value"] == own["second"]["value"] - own["first"]["value"] > 0
    assert apart["ci95"][0] < apart["value"] < apart["ci95"][1]
    assert 0 < apart["standard_error"] < apart["unpaired_standard_error"]
    assert apart["beyond_error"]
    same = found["metrics"]["lessee.default_probability"]["difference"]
    assert (same["value"], same["standard_error"], same["beyond_error"]) == (0.0, 0.0, False)


def test_two_files_as_a_table(shell: Shell) -> None:
    done = shell("compare", BASE, PUBLISHED, *PATHS, "--metric", "equity.value_at_risk_95")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0] == "VCI H100 against VCI H100, published terms"
    assert "credit.hazard: 8 %/year -> 0 %/year" in lines
    assert any(text.startswith("Equity value at risk, 95 %") for text in lines)
    assert "metrics differ by more than their error; 96 paths, seed 0" in lines[-1]


@pytest.mark.parametrize(
    ("change", "status"),
    [("lease.rate=1.40 USD/GPU-hour", 1), ("deal.name=Other", 0), ("lease.term=6 years", 1)],
)
def test_the_exit_code_says_whether_they_differ(shell: Shell, change: str, status: int) -> None:
    assert shell("compare", BASE, "--but", change, *PATHS, "--exit-code").status == status
    assert shell("compare", BASE, "--but", change, *PATHS).status == 0


def test_the_draws_are_those_of_the_first(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / BASE.name).write_text(BASE.read_text())
    other = tmp_path / "other.toml"
    other.write_text(f'extends = "{BASE.name}"\n[monte_carlo]\nseed = 9\npaths = 50\n')
    done = shell("compare", BASE, other, "--set", "monte_carlo.paths=96", "--exit-code")
    assert done.status == 0
    assert "no setting differs" in done.out
    assert "runs with paths and seed of the first" in done.err
    assert shell("compare", BASE, other, *PATHS, "-q").err == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((BASE,), "give a second scenario"),
        ((BASE, "--but", "lease.rat=1"), "did you mean `rate`?"),
        ((BASE, BASE, "--metric", "equity.iir"), "did you mean `equity.irr`?"),
        ((BASE, BASE, "--paths", 2_000_001), "are more than 2,000,000"),
        ((BASE, BASE.parent / "programme-three-spvs.toml"), "compare works on two deals"),
        ((BASE, "absent.toml"), "absent.toml"),
    ],
)
def test_what_cannot_be_compared(shell: Shell, words: tuple[object, ...], message: str) -> None:
    done = shell("compare", *words)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
